import { checkFinite, checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** A mean over test points with its standard error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/**
 * Negative log likelihood of test points, -(1/n) Σ log p(x_i): at least the truth's entropy in the mean.
 *
 * @param logDensity log p at n ≥ 2 test points, which the model was not made of
 * @throws ArgumentError for fewer than two numbers, or one that is not finite
 */
export function negativeLogLikelihood(logDensity: Float64Array): Estimate {
  return estimate(
    "logDensity",
    logDensity.map((log) => -log),
  );
}

/**
 * Mean of one value a test point with its standard error, such as of a model's implicit loss: at least minus the Fisher information.
 *
 * @param values n ≥ 2 numbers
 * @throws ArgumentError for fewer than two numbers, or one that is not finite
 */
export function average(values: Float64Array): Estimate {
  return estimate("values", values);
}

/**
 * Fisher information E |∇ log p|² of a law from its score at samples of it: the implicit loss E [|s|² + 2 div s] of any model is at
 * least minus this.
 *
 * @param score n·dim numbers, n ≥ 2
 * @throws ArgumentError for a length that is no multiple of dim, fewer than two points, or numbers that are not finite
 */
export function fisherInformation(score: Float64Array, dim: number): Estimate {
  checkInteger("dim", dim, { min: 1 });
  if (score.length % dim !== 0) throw new ArgumentError("score", score, `a multiple of dim = ${dim} numbers`);
  const squares = new Float64Array(score.length / dim);
  score.forEach((s, k) => (squares[Math.floor(k / dim)] += s * s));
  return estimate("score", squares);
}

function estimate(argument: string, values: Float64Array): Estimate {
  const n = values.length;
  if (n < 2) throw new ArgumentError(argument, values, "values at two points at least");
  checkFinite(argument, values);
  const value = values.reduce((sum, v) => sum + v, 0) / n;
  const squares = values.reduce((sum, v) => sum + (v - value) ** 2, 0);
  return { value, standardError: Math.sqrt(squares / (n - 1) / n) };
}
