import { ArgumentError } from "../../core/errors.js";
import { orthonormal, type Recurrence } from "../../linalg/index.js";
import { addProduct } from "../../linalg/product-kernel.js";
import { uniform } from "../../random/index.js";
import type { Dictionary, ScoreForm, SiteFunctions, SpectralBasis1d } from "./basis.js";
import { slopeTable } from "./closed-dictionary.js";
import { readTable, tabulate, type UniformTable } from "./uniform-table.js";

/** A numerically computed basis as plain data. */
export interface PotentialBasisState {
  readonly kind: "potential";
  /** The potential's formula. */
  readonly text: string;
  readonly n: number;
  readonly extended: number;
  readonly beta: number;
  readonly low: number;
  readonly high: number;
  readonly eigenvalues: Float64Array;
  /** λ of the first function that the tables leave out. */
  readonly nextEigenvalue: number;
  readonly products: Float64Array;
  readonly derivatives: Float64Array;
  /** Orthonormal polynomials of the stationary law. */
  readonly recurrence: Recurrence;
  /** φ_m = Σ_k coefficients[m][k] p_k. */
  readonly coefficients: Float64Array;
  /** V' on an even grid. */
  readonly gradient: UniformTable;
  /** Distribution function on an even grid over [low, high]. */
  readonly cdf: Float64Array;
}

const SITE_POINTS = 2048;

/** The basis that a state describes. */
export function restorePotentialBasis(state: PotentialBasisState): SpectralBasis1d {
  const { n, extended, beta, low, high, cdf } = state;
  const gradient = new Float64Array(1);
  const potentialGradient = (x: number): number => {
    readTable(state.gradient, x, gradient, 0, 1);
    return gradient[0];
  };
  return {
    kind: "potential",
    n,
    extended,
    beta,
    eigenvalues: state.eigenvalues,
    products: state.products,
    derivatives: state.derivatives,
    domain: [low, high],
    periodic: false,
    evaluate: (x) => eigenfunctions(state, x, 0).values,
    potentialGradient,
    sampleStationary: (key, count) => uniform(key, count).map((u) => inverse(cdf, u, low, high)),
    bulk: (count) => [inverse(cdf, 0.5 / count, low, high), inverse(cdf, 1 - 0.5 / count, low, high)],
    dictionary: (form) => openDictionary(state, form),
    site: (from, to) => site(state, from, to),
    state,
  };
}

/** Rows φ_0(x_i)..φ_extended(x_i), and their derivatives up to φ_sloped. */
export function eigenfunctions(
  state: Pick<PotentialBasisState, "recurrence" | "coefficients" | "low" | "high">,
  x: Float64Array,
  sloped?: number,
): { values: Float64Array; derivatives: Float64Array } {
  checkInside(state, x);
  const degrees = state.recurrence.a.length;
  const size = state.coefficients.length / degrees;
  const polynomials = orthonormal(state.recurrence, x);
  const combine = (p: Float64Array, n: number): Float64Array => {
    const c = { data: new Float64Array(x.length * n), offset: 0, stride: n };
    const a = { data: p, offset: 0, stride: degrees };
    const b = { data: state.coefficients, offset: 0, stride: degrees };
    addProduct({ c, a, b, m: x.length, n, k: degrees, sign: 1 });
    return c.data;
  };
  const derivatives = combine(polynomials.derivatives, sloped === undefined ? size : sloped + 1);
  return { values: combine(polynomials.values, size), derivatives };
}

function checkInside({ low, high }: Pick<PotentialBasisState, "low" | "high">, x: Float64Array): void {
  const outside = x.findIndex((value) => !(value >= low && value <= high));
  if (outside < 0) return;
  const expected = `a number where the potential's law has mass, from ${low} to ${high}`;
  throw new ArgumentError(`x[${outside}]`, x[outside], expected);
}

/**
 * The products and slopes of these functions are infinite sums. The dictionary adds what the tables leave out, such as
 * φ_a φ_b - Σ_{m≤M} μ_ab^m φ_m, as functions of their own that decay at the rate λ_{M+1}: exact at t = 0, and off by less than
 * the left-out part times e^{λ_{M+1} t} later.
 */
function openDictionary(state: PotentialBasisState, form: ScoreForm): Dictionary {
  const { n, extended, products, eigenvalues, nextEigenvalue } = state;
  const kept = extended + 1;
  const pairs = pairsOf(n);
  const size = kept + pairs.length + n + 1;
  const rates = new Float64Array(size).fill(nextEigenvalue);
  rates.set(eigenvalues);
  const wide = new Float64Array((n + 1) ** 2 * size);
  for (let row = 0; row < (n + 1) ** 2; row++) {
    wide.set(products.subarray(row * kept, (row + 1) * kept), row * size);
  }
  pairs.forEach(([a, b], at) => {
    wide[(a * (n + 1) + b) * size + kept + at] = 1;
    wide[(b * (n + 1) + a) * size + kept + at] = 1;
  });
  const narrow = slopeTable(state, n, form);
  const slopes = new Float64Array((n + 1) * size);
  for (let a = 0; a <= n; a++) {
    slopes.set(narrow.subarray(a * kept, (a + 1) * kept), a * size);
    slopes[a * size + kept + pairs.length + a] = 1;
  }
  const evaluate = (x: Float64Array): Float64Array => evaluateOpen(state, form, narrow, pairs, x);
  return { size, rates, products: wide, slopes, evaluate };
}

function pairsOf(n: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = 1; a <= n; a++) for (let b = a; b <= n; b++) pairs.push([a, b]);
  return pairs;
}

function evaluateOpen(
  state: PotentialBasisState,
  form: ScoreForm,
  slopes: Float64Array,
  pairs: readonly [number, number][],
  x: Float64Array,
): Float64Array {
  const { n, extended, beta, products } = state;
  const kept = extended + 1;
  const size = kept + pairs.length + n + 1;
  const { values, derivatives } = eigenfunctions(state, x, n);
  const out = new Float64Array(x.length * size);
  const gradient = new Float64Array(1);
  for (let i = 0; i < x.length; i++) {
    const phi = values.subarray(i * kept, (i + 1) * kept);
    const row = i * size;
    out.set(phi, row);
    for (let at = 0; at < pairs.length; at++) {
      const [a, b] = pairs[at];
      out[row + kept + at] = phi[a] * phi[b] - dot(products, (a * (n + 1) + b) * kept, phi);
    }
    readTable(state.gradient, x[i], gradient, 0, 1);
    for (let a = 0; a <= n; a++) {
      const potential = form === "residual" ? beta * gradient[0] * phi[a] : 0;
      out[row + kept + pairs.length + a] =
        potential - derivatives[i * (n + 1) + a] - dot(slopes, a * kept, phi);
    }
  }
  return out;
}

function dot(table: Float64Array, at: number, phi: Float64Array): number {
  let sum = 0;
  for (let m = 0; m < phi.length; m++) sum += table[at + m] * phi[m];
  return sum;
}

/** The x where the distribution function, linear between grid points, reaches u. */
function inverse(cdf: Float64Array, u: number, low: number, high: number): number {
  let [left, right] = [0, cdf.length - 1];
  while (right - left > 1) {
    const middle = (left + right) >>> 1;
    if (cdf[middle] <= u) left = middle;
    else right = middle;
  }
  const rise = cdf[right] - cdf[left];
  const part = rise > 0 ? Math.min(Math.max((u - cdf[left]) / rise, 0), 1) : 0.5;
  return low + ((high - low) * (left + part)) / (cdf.length - 1);
}

function site(state: PotentialBasisState, from: number, to: number): SiteFunctions {
  const { n, extended } = state;
  const table = tabulate(Math.max(from, state.low), Math.min(to, state.high), SITE_POINTS, (x) => {
    const { values } = eigenfunctions(state, x, 0);
    const out = new Float64Array(x.length * n);
    for (let i = 0; i < x.length; i++) {
      for (let a = 0; a < n; a++) out[i * n + a] = values[i * (extended + 1) + a + 1];
    }
    return out;
  });
  const gradient = new Float64Array(1);
  return {
    write({ x, at, stride, count }, out, place, lanes) {
      for (let i = 0; i < count; i++) readTable(table, x[at + i * stride], out, place + i, lanes);
    },
    addGradient({ x, at, stride, count }, factor, out) {
      for (let i = at; i < at + count * stride; i += stride) {
        readTable(state.gradient, x[i], gradient, 0, 1);
        out[i] += factor * gradient[0];
      }
    },
  };
}
