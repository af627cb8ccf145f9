import { checkInteger, checkKeys, checkNumber, checkPositive } from "../../core/checks.js";
import { normal } from "../../random/index.js";
import type { ScoreForm, SiteFunctions, SpectralBasis1d } from "./basis.js";
import { closedDictionary } from "./closed-dictionary.js";

export interface HermiteOptions {
  /** Highest degree n ≥ 1 (default 4). */
  readonly n?: number;
  /** Centre of the potential V = (x - mean)² / (2 variance) (default 0). */
  readonly mean?: number;
  /** Variance in the potential (default 1); the stationary variance is variance / beta. */
  readonly variance?: number;
  /** Inverse temperature β (default 1). */
  readonly beta?: number;
}

export interface HermiteState {
  readonly kind: "hermite";
  readonly options: Required<HermiteOptions>;
}

/** Products of degree 2n stay far from overflow, and from the loss of all digits, up to here. */
const HIGHEST = 60;

/**
 * Eigenfunctions of the Ornstein–Uhlenbeck process: normalised Hermite polynomials.
 *
 *   V = (x-m)²/(2 s²),  y = (x-m) sqrt(β)/s,  φ_k(x) = He_k(y)/sqrt(k!),  λ_k = -k/s²,  φ_k' = sqrt(k β/s²) φ_{k-1}
 *
 * Products of functions up to n are exact with extended = 2n.
 *
 * @throws ArgumentError for an n that is not a whole number from 1 to 60, or a variance or β that is not positive
 */
export function hermite(options: HermiteOptions = {}): SpectralBasis1d {
  checkKeys("options", options, ["n", "mean", "variance", "beta"]);
  const { n = 4, mean = 0, variance = 1, beta = 1 } = options;
  checkInteger("n", n, { min: 1, max: HIGHEST });
  checkNumber("mean", mean);
  checkPositive("variance", variance);
  checkPositive("beta", beta);
  const extended = 2 * n;
  const std = Math.sqrt(variance / beta);
  const basis = {
    kind: "hermite" as const,
    n,
    extended,
    beta,
    eigenvalues: Float64Array.from({ length: extended + 1 }, (_, k) => (k === 0 ? 0 : -k / variance)),
    products: hermiteProducts(n),
    derivatives: hermiteDerivatives(extended, std),
    domain: [-Infinity, Infinity] as const,
    periodic: false,
    evaluate: (x: Float64Array) => evaluate(x, extended, mean, std),
    potentialGradient: (x: number) => (x - mean) / variance,
    sampleStationary: (key, count) => normal(key, count).map((z) => mean + std * z),
    bulk: (count) => [mean - std * reach(count), mean + std * reach(count)],
    site: () => site(n, mean, std, variance),
    state: { kind: "hermite", options: { n, mean, variance, beta } },
  } satisfies Omit<SpectralBasis1d, "dictionary">;
  return { ...basis, dictionary: (form: ScoreForm) => closedDictionary(basis, form) };
}

/** P(|Z| > sqrt(2 ln N)) < 1/N for N ≥ 2. */
const reach = (count: number): number => Math.sqrt(2 * Math.log(Math.max(2, count)));

/** μ_ab^{a+b-2k} = sqrt(C(a,k) C(b,k) C(a+b-2k, a-k)), k = 0..min(a,b): (n+1)·(n+1)·(2n+1) numbers. */
function hermiteProducts(n: number): Float64Array {
  const size = 2 * n + 1;
  const table = new Float64Array((n + 1) ** 2 * size);
  for (let a = 0; a <= n; a++) {
    for (let b = 0; b <= n; b++) {
      for (let k = 0; k <= Math.min(a, b); k++) {
        const m = a + b - 2 * k;
        table[(a * (n + 1) + b) * size + m] = Math.sqrt(binomial(a, k) * binomial(b, k) * binomial(m, a - k));
      }
    }
  }
  return table;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

function hermiteDerivatives(extended: number, std: number): Float64Array {
  const size = extended + 1;
  const table = new Float64Array(size * size);
  for (let a = 1; a < size; a++) table[a * size + a - 1] = Math.sqrt(a) / std;
  return table;
}

/** h_{k+1} = (y h_k - sqrt(k) h_{k-1}) / sqrt(k+1) */
function evaluate(x: Float64Array, extended: number, mean: number, std: number): Float64Array {
  const size = extended + 1;
  const out = new Float64Array(x.length * size);
  for (let i = 0; i < x.length; i++) {
    const y = (x[i] - mean) / std;
    const row = i * size;
    out[row] = 1;
    out[row + 1] = y;
    for (let k = 1; k < extended; k++) {
      out[row + k + 1] = (y * out[row + k] - Math.sqrt(k) * out[row + k - 1]) / Math.sqrt(k + 1);
    }
  }
  return out;
}

function site(n: number, mean: number, std: number, variance: number): SiteFunctions {
  const rise = Float64Array.from({ length: n }, (_, k) => 1 / Math.sqrt(k + 1));
  const fall = Float64Array.from({ length: n }, (_, k) => Math.sqrt(k / (k + 1)));
  return {
    write({ x, at, stride, count }, out, place, lanes) {
      for (let i = 0; i < count; i++) {
        const y = (x[at + i * stride] - mean) / std;
        let before = 1;
        let now = y;
        let to = place + i;
        out[to] = y;
        for (let k = 1; k < n; k++) {
          const next = y * now * rise[k] - fall[k] * before;
          before = now;
          now = next;
          to += lanes;
          out[to] = next;
        }
      }
    },
    addGradient({ x, at, stride, count }, factor, out) {
      const slope = factor / variance;
      for (let i = at; i < at + count * stride; i += stride) out[i] += slope * (x[i] - mean);
    },
  };
}
