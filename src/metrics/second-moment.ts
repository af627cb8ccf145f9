import { checkInteger, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** M = E[x xᵀ] of points, dim·dim numbers, symmetric; not centred. @throws ArgumentError for ragged or non-finite points */
export function secondMoment(points: Float64Array, dim: number): Float64Array {
  const n = checkPoints("points", points, dim);
  const moment = new Float64Array(dim * dim);
  for (let at = 0; at < points.length; at += dim) {
    for (let i = 0; i < dim; i++)
      for (let j = 0; j <= i; j++) moment[i * dim + j] += points[at + i] * points[at + j];
  }
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) moment[i * dim + j] = moment[j * dim + i] = moment[i * dim + j] / n;
  }
  return moment;
}

/**
 * Relative error of the second moment, ‖(1/n) Σ x xᵀ - M‖ / ‖M‖ in the Frobenius norm.
 * @param exact M = E[x xᵀ], dim·dim numbers
 * @throws ArgumentError where lengths do not fit, or M is zero
 */
export function secondMomentError(points: Float64Array, exact: Float64Array): number {
  const dim = side("exact", exact);
  const found = secondMoment(points, dim);
  return Math.sqrt(squared(found.map((value, i) => value - exact[i])) / checkNonZero(squared(exact)));
}

/**
 * What `secondMomentError` of n independent exact draws is, as a root mean square: sqrt(Σ_ij Var(x_i x_j) / n) / ‖M‖.
 *
 * With the fourth moments it is exact, Var(x_i x_j) = E[x_i² x_j²] - M_ij²; without them the law is taken for a Gaussian one of
 * mean zero, Var(x_i x_j) = M_ii M_jj + M_ij².
 * @param exact M = E[x xᵀ], dim·dim numbers
 * @param fourth E[x_i² x_j²], dim·dim numbers
 * @throws ArgumentError where lengths do not fit, or M is zero
 */
export function secondMomentFloor(
  exact: Float64Array,
  n: number,
  { fourth }: { fourth?: Float64Array } = {},
): number {
  const dim = side("exact", exact);
  checkInteger("n", n, { min: 1 });
  if (fourth !== undefined && fourth.length !== exact.length) {
    throw new ArgumentError("fourth", fourth, `${exact.length} numbers, as in exact`);
  }
  let variance = 0;
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < dim; j++) {
      const moment = exact[i * dim + j];
      variance +=
        fourth === undefined
          ? exact[i * dim + i] * exact[j * dim + j] + moment * moment
          : fourth[i * dim + j] - moment * moment;
    }
  }
  return Math.sqrt(variance / n / checkNonZero(squared(exact)));
}

function side(argument: string, matrix: Float64Array): number {
  const dim = Math.sqrt(matrix.length);
  if (!Number.isInteger(dim) || dim === 0)
    throw new ArgumentError(argument, matrix, "a square matrix, row by row");
  return dim;
}

function squared(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

function checkNonZero(square: number): number {
  if (!(square > 0 && square < Infinity))
    throw new ArgumentError("exact", square, "a finite matrix that is not zero");
  return square;
}
