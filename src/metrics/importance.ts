import { checkFinite } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/**
 * log (1/n) Σ_i exp(l_i) without overflow: the log normaliser that importance weights estimate. -∞ is a weight of zero.
 *
 * @throws ArgumentError for no weights, NaN, +∞, or weights that are all zero
 */
export function logMeanExp(logWeights: Float64Array): number {
  const { top, sum } = sums(logWeights);
  return top + Math.log(sum / logWeights.length);
}

/**
 * The normalised effective sample size of importance weights, (Σ w)² / (n Σ w²) with w = exp(l): from 1/n to 1.
 *
 * @throws ArgumentError as `logMeanExp`
 */
export function effectiveSampleSize(logWeights: Float64Array): number {
  const { sum, squares } = sums(logWeights);
  return (sum * sum) / (logWeights.length * squares);
}

/**
 * Self-normalised importance weights, w_i / Σ w.
 *
 * @throws ArgumentError as `logMeanExp`
 */
export function normalisedWeights(logWeights: Float64Array): Float64Array {
  const { top, sum } = sums(logWeights);
  return logWeights.map((log) => Math.exp(log - top) / sum);
}

/**
 * The lower bound of a log normaliser: the mean of log weights.
 *
 * @throws ArgumentError for no weights, or one that is not finite
 */
export function evidenceLowerBound(logWeights: Float64Array): number {
  if (logWeights.length === 0) throw new ArgumentError("logWeights", logWeights, "at least one number");
  checkFinite("logWeights", logWeights);
  return logWeights.reduce((sum, log) => sum + log, 0) / logWeights.length;
}

function sums(logWeights: Float64Array): { top: number; sum: number; squares: number } {
  if (logWeights.length === 0) throw new ArgumentError("logWeights", logWeights, "at least one number");
  let top = -Infinity;
  for (let i = 0; i < logWeights.length; i++) {
    const log = logWeights[i];
    if (!(log < Infinity))
      throw new ArgumentError(`logWeights[${i}]`, log, "a finite number, or -∞ for a weight of zero");
    if (log > top) top = log;
  }
  if (top === -Infinity) throw new ArgumentError("logWeights", logWeights, "at least one weight above zero");
  let [sum, squares] = [0, 0];
  for (const log of logWeights) {
    const weight = Math.exp(log - top);
    sum += weight;
    squares += weight * weight;
  }
  return { top, sum, squares };
}
