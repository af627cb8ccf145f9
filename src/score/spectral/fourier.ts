import { checkInteger, checkKeys, checkNumber, checkPositive } from "../../core/checks.js";
import { uniform } from "../../random/index.js";
import type { ScoreForm, SiteFunctions, SpectralBasis1d } from "./basis.js";
import { closedDictionary } from "./closed-dictionary.js";

export interface FourierOptions {
  /** Half the period, in units of x. */
  readonly halfWidth: number;
  /** Middle of the period (default 0). */
  readonly center?: number;
  /** Harmonics K ≥ 1 (default 6): n = 2K functions. */
  readonly harmonics?: number;
  /** Inverse temperature β (default 1). */
  readonly beta?: number;
}

export interface FourierState {
  readonly kind: "fourier";
  readonly options: Required<FourierOptions>;
}

/**
 * Eigenfunctions of Brownian motion on the circle [c - L, c + L): V = 0, the stationary law is uniform.
 *
 *   φ_{2j-1} = sqrt2 cos(π j (x-c)/L),  φ_{2j} = sqrt2 sin(π j (x-c)/L),  λ = -(π j/L)²/β
 *
 * Products of functions up to n = 2K are exact with extended = 4K.
 *
 * @throws ArgumentError for a half width or β that is not positive, or harmonics that are not a whole number from 1 to 100
 */
export function fourier(options: FourierOptions): SpectralBasis1d {
  checkKeys("options", options, ["halfWidth", "center", "harmonics", "beta"]);
  const { halfWidth, center = 0, harmonics = 6, beta = 1 } = options;
  checkPositive("halfWidth", halfWidth);
  checkNumber("center", center);
  checkInteger("harmonics", harmonics, { min: 1, max: 100 });
  checkPositive("beta", beta);
  const n = 2 * harmonics;
  const extended = 2 * n;
  const wave = Math.PI / halfWidth;
  const basis = {
    kind: "fourier" as const,
    n,
    extended,
    beta,
    eigenvalues: Float64Array.from({ length: extended + 1 }, (_, m) =>
      m === 0 ? 0 : -((wave * harmonic(m)) ** 2) / beta,
    ),
    products: fourierProducts(n),
    derivatives: fourierDerivatives(extended, wave),
    domain: [center - halfWidth, center + halfWidth] as const,
    periodic: true,
    evaluate: (x: Float64Array) => evaluate(x, extended, center, wave),
    potentialGradient: () => 0,
    sampleStationary: (key, count) => uniform(key, count).map((u) => center + halfWidth * (2 * u - 1)),
    bulk: () => [center - halfWidth, center + halfWidth],
    site: () => site(harmonics, center, wave),
    state: { kind: "fourier", options: { halfWidth, center, harmonics, beta } },
  } satisfies Omit<SpectralBasis1d, "dictionary">;
  return { ...basis, dictionary: (form: ScoreForm) => closedDictionary(basis, form) };
}

const harmonic = (m: number): number => (m + 1) >> 1;
const isSine = (m: number): boolean => m > 0 && m % 2 === 0;

/**
 * With c_j, s_j the cosine and sine of harmonic j, and c_0 = sqrt2:
 * c_i c_j = (c_{i+j} + c_|i-j|)/sqrt2, s_i s_j = (c_|i-j| - c_{i+j})/sqrt2, s_i c_j = (s_{i+j} + sign(i-j) s_|i-j|)/sqrt2.
 */
function fourierProducts(n: number): Float64Array {
  const size = 2 * n + 1;
  const table = new Float64Array((n + 1) ** 2 * size);
  for (let a = 0; a <= n; a++) {
    for (let b = 0; b <= n; b++) {
      const row = (a * (n + 1) + b) * size;
      const [i, j] = [harmonic(a), harmonic(b)];
      if (a === 0 || b === 0) {
        table[row + a + b] = 1;
      } else if (isSine(a) === isSine(b)) {
        table[row + 2 * (i + j) - 1] = isSine(a) ? -Math.SQRT1_2 : Math.SQRT1_2;
        if (i === j) table[row] = 1;
        else table[row + 2 * Math.abs(i - j) - 1] = Math.SQRT1_2;
      } else {
        const lead = isSine(a) ? i - j : j - i;
        table[row + 2 * (i + j)] = Math.SQRT1_2;
        if (lead !== 0) table[row + 2 * Math.abs(lead)] = Math.sign(lead) * Math.SQRT1_2;
      }
    }
  }
  return table;
}

function fourierDerivatives(extended: number, wave: number): Float64Array {
  const size = extended + 1;
  const table = new Float64Array(size * size);
  for (let m = 1; m < size; m += 2) {
    const frequency = wave * harmonic(m);
    table[m * size + m + 1] = -frequency;
    table[(m + 1) * size + m] = frequency;
  }
  return table;
}

function evaluate(x: Float64Array, extended: number, center: number, wave: number): Float64Array {
  const size = extended + 1;
  const out = new Float64Array(x.length * size);
  for (let i = 0; i < x.length; i++) {
    out[i * size] = 1;
    writeWaves(wave * (x[i] - center), extended / 2, out, i * size + 1, 1);
  }
  return out;
}

/** sqrt2 cos(jθ), sqrt2 sin(jθ) for j = 1..harmonics, `step` apart, by rotation: the error grows like j ulp. */
function writeWaves(theta: number, harmonics: number, out: Float64Array, place: number, step: number): void {
  const cosine = Math.cos(theta);
  const sine = Math.sin(theta);
  let re = Math.SQRT2 * cosine;
  let im = Math.SQRT2 * sine;
  let to = place;
  for (let j = 0; j < harmonics; j++) {
    out[to] = re;
    out[to + step] = im;
    to += 2 * step;
    const turned = re * cosine - im * sine;
    im = re * sine + im * cosine;
    re = turned;
  }
}

function site(harmonics: number, center: number, wave: number): SiteFunctions {
  return {
    write({ x, at, stride, count }, out, place, lanes) {
      for (let i = 0; i < count; i++) {
        writeWaves(wave * (x[at + i * stride] - center), harmonics, out, place + i, lanes);
      }
    },
    addGradient() {
      // V = 0
    },
  };
}
