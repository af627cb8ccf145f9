import { ArgumentError } from "../core/errors.js";

/** The middle of numbers in their order, the mean of the two middle ones of an even count; NaN if one of them is. @throws ArgumentError for none */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) throw new ArgumentError("values", values, "at least one number");
  const sorted = Float64Array.from(values).sort(); // NaN comes last
  if (Number.isNaN(sorted[sorted.length - 1])) return NaN;
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
