import { checkFinite, checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { tridiagonalEigen } from "./tridiagonal.js";

/** Nodes in ascending order and their weights. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Three-term recurrence of polynomials orthonormal under a measure:
 *
 *   sqrt(b_{k+1}) p_{k+1}(x) = (x - a_k) p_k(x) - sqrt(b_k) p_{k-1}(x),  p_{-1} = 0,  p_0 = 1 / sqrt(b_0),
 *
 * with b_0 the mass of the measure. `a` and `b` have one entry for each degree 0, ..., n - 1.
 */
export interface Recurrence {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/**
 * Recurrence of the polynomials of degree below n that are orthonormal under a discrete measure Σ_q w_q δ(x_q).
 *
 * @param nodes x_q, distinct, more than n of them with positive weight
 * @param weights w_q ≥ 0
 * @throws ArgumentError for lengths that differ, a negative or non-finite weight, or fewer than n points
 * Source: W. Gautschi, "On generating orthogonal polynomials", 1982, section 2.2 (Stieltjes' procedure).
 */
export function stieltjes(nodes: Float64Array, weights: Float64Array, n: number): Recurrence {
  checkMeasure(nodes, weights, n);
  const a = new Float64Array(n);
  const b = new Float64Array(n);
  b[0] = weights.reduce((sum, w) => sum + w, 0);
  let previous = new Float64Array(nodes.length);
  let current = new Float64Array(nodes.length).fill(1 / Math.sqrt(b[0]));
  for (let k = 0; k < n; k++) {
    a[k] = sum(nodes, (x, q) => weights[q] * x * current[q] ** 2);
    if (k + 1 === n) break;
    const next = nodes.map((x, q) => (x - a[k]) * current[q] - (k > 0 ? Math.sqrt(b[k]) * previous[q] : 0));
    b[k + 1] = sum(next, (p, q) => weights[q] * p * p);
    const norm = Math.sqrt(b[k + 1]);
    [previous, current] = [current, next.map((p) => p / norm)];
  }
  return { a, b };
}

/** Polynomials at points: entry q · n + k belongs to degree k and point q. */
export interface PolynomialTable {
  readonly values: Float64Array;
  readonly derivatives: Float64Array;
}

/**
 * Orthonormal polynomials of degree 0, ..., n - 1 and their derivatives at many points.
 *
 * @throws ArgumentError where x has an entry that is not finite
 */
export function orthonormal(recurrence: Recurrence, x: Float64Array): PolynomialTable {
  checkFinite("x", x);
  const { a, b } = recurrence;
  const n = a.length;
  const values = new Float64Array(x.length * n);
  const derivatives = new Float64Array(x.length * n);
  const root = b.map(Math.sqrt);
  for (let q = 0; q < x.length; q++) {
    const row = q * n;
    values[row] = 1 / root[0];
    for (let k = 0; k + 1 < n; k++) {
      const i = row + k;
      const before = k > 0 ? root[k] * values[i - 1] : 0;
      const slopeBefore = k > 0 ? root[k] * derivatives[i - 1] : 0;
      values[i + 1] = ((x[q] - a[k]) * values[i] - before) / root[k + 1];
      derivatives[i + 1] = ((x[q] - a[k]) * derivatives[i] + values[i] - slopeBefore) / root[k + 1];
    }
  }
  return { values, derivatives };
}

/**
 * Gauss quadrature of the measure that a recurrence belongs to: exact for polynomials of degree 2n - 1.
 *
 * Source: G. H. Golub, J. H. Welsch, "Calculation of Gauss quadrature rules", 1969.
 */
export function gaussFromRecurrence({ a, b }: Recurrence): Quadrature {
  const { values, first } = tridiagonalEigen(a, b.subarray(1).map(Math.sqrt));
  return { nodes: values, weights: first.map((v) => b[0] * v * v) };
}

function checkMeasure(nodes: Float64Array, weights: Float64Array, n: number): void {
  checkInteger("n", n, { min: 1 });
  checkFinite("nodes", nodes);
  checkFinite("weights", weights);
  if (weights.length !== nodes.length) {
    throw new ArgumentError("weights", weights, `a Float64Array of length ${nodes.length}, one a node`);
  }
  const negative = weights.findIndex((w) => w < 0);
  if (negative >= 0)
    throw new ArgumentError(`weights[${negative}]`, weights[negative], "a number of at least 0");
  const support = new Set(nodes.filter((_, q) => weights[q] > 0)).size;
  if (support < n)
    throw new ArgumentError("n", n, `at most ${support}, the number of points with positive weight`);
}

function sum(values: Float64Array, term: (value: number, index: number) => number): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += term(values[i], i);
  return total;
}
