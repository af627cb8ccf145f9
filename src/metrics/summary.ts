import { ArgumentError } from "../core/errors.js";

/** Repetitions of a measurement in few numbers. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation with divisor count - 1; NaN for one value. */
  readonly standardDeviation: number;
  /** Standard error of the mean; NaN for one value. */
  readonly standardError: number;
  readonly min: number;
  readonly max: number;
}

/** Mean, spread and range of repetitions; a NaN among them makes every number NaN. @throws ArgumentError for none */
export function summary(values: readonly number[] | Float64Array): Summary {
  const count = values.length;
  if (count === 0) throw new ArgumentError("values", values, "at least one number");
  let [sum, min, max] = [0, values[0], values[0]];
  for (const value of values) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / count;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const standardDeviation = count > 1 ? Math.sqrt(squares / (count - 1)) : NaN;
  return { count, mean, standardDeviation, standardError: standardDeviation / Math.sqrt(count), min, max };
}
