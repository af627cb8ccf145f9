import { checkInteger, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/**
 * Standard deviations of the coordinates of points, with divisor n: dim numbers.
 *
 * @param weights n numbers that sum to one; equal by default
 * @throws ArgumentError for ragged or non-finite points, or another number of weights
 */
export function standardDeviations(points: Float64Array, dim: number, weights?: Float64Array): Float64Array {
  checkInteger("dim", dim, { min: 1 });
  const n = checkPoints("points", points, dim);
  if (weights !== undefined && weights.length !== n)
    throw new ArgumentError("weights", weights, `${n} numbers`);
  const share = (i: number): number => weights?.[i] ?? 1 / n;
  const mean = new Float64Array(dim);
  const variance = new Float64Array(dim);
  for (let at = 0; at < points.length; at++) mean[at % dim] += share(Math.floor(at / dim)) * points[at];
  for (let at = 0; at < points.length; at++) {
    variance[at % dim] += share(Math.floor(at / dim)) * (points[at] - mean[at % dim]) ** 2;
  }
  return variance.map(Math.sqrt);
}

/**
 * The error of spread in the published tables: | mean_j std_j(points) - mean_j std_j |, without weights.
 *
 * @param exact standard deviations of the coordinates
 * @throws ArgumentError for ragged or non-finite points
 */
export function stdError(points: Float64Array, exact: Float64Array): number {
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.abs(mean(standardDeviations(points, exact.length)) - mean(exact));
}
