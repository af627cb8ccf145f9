import { checkFinite, checkInteger, checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { foldIn, uniform, type Key } from "../random/index.js";

/** Options of `bootstrapInterval`. */
export interface BootstrapOptions {
  readonly key: Key;
  /** The number made from values; their mean unless told. */
  readonly statistic?: (values: Float64Array) => number;
  /** Number of resamples; 2000 unless told. */
  readonly resamples?: number;
  /** Probability that the interval holds; 0.95 unless told. */
  readonly level?: number;
}

/**
 * Percentile bootstrap interval of a statistic (Efron 1979): its quantiles (1 - level)/2 and (1 + level)/2 over resamples of the
 * values with replacement. Too short by about a factor sqrt(1 - 1/n) for few values n.
 * @throws ArgumentError for fewer than two values, or values that are not finite
 */
export function bootstrapInterval(
  values: Float64Array,
  options: BootstrapOptions,
): readonly [low: number, high: number] {
  const { key, statistic = mean, resamples = 2000, level = 0.95 } = options;
  if (values.length < 2) throw new ArgumentError("values", values, "at least two values");
  checkFinite("values", values);
  checkInteger("resamples", resamples, { min: 1 });
  checkNumber("level", level, { min: 0, max: 1 });
  const n = values.length;
  const resample = new Float64Array(n);
  const results = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    uniform(foldIn(key, r), n).forEach((u, i) => (resample[i] = values[Math.floor(u * n)]));
    results[r] = statistic(resample);
  }
  results.sort();
  const at = (probability: number): number => results[Math.round(probability * (resamples - 1))];
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
