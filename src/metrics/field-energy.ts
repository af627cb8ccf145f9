import { checkInteger, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** A mean and how well it is known. */
export interface MeanEstimate {
  readonly mean: number;
  readonly standardError: number;
}

/** ‖u‖² of every field from its coefficients in an orthonormal basis. @throws ArgumentError for ragged or non-finite coefficients */
export function fieldEnergies(modes: Float64Array, dim: number): Float64Array {
  checkInteger("dim", dim, { min: 1 });
  const n = checkPoints("modes", modes, dim);
  const out = new Float64Array(n);
  modes.forEach((value, i) => (out[Math.floor(i / dim)] += value * value));
  return out;
}

/** The share of fields whose coefficient number `mode` is positive, with its standard error. @throws ArgumentError for ragged or non-finite coefficients, or a mode that they do not have */
export function positiveShare(modes: Float64Array, dim: number, mode: number): MeanEstimate {
  checkInteger("mode", mode, { min: 0, max: dim - 1 });
  const n = checkPoints("modes", modes, dim);
  let count = 0;
  for (let i = mode; i < modes.length; i += dim) if (modes[i] > 0) count++;
  const mean = count / n;
  return { mean, standardError: Math.sqrt((mean * (1 - mean)) / n) };
}

/** Mean of numbers with its standard error. @throws ArgumentError for fewer than two */
export function meanEstimate(values: Float64Array): MeanEstimate {
  if (values.length < 2) throw new ArgumentError("values", values, "at least two numbers");
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(square / values.length) };
}

/**
 * The mean of `values` by a control variate: E X ≈ mean(X - Y) + E Y for a Y that was made of the same draws and whose mean is known
 * better. @throws ArgumentError for different lengths
 */
export function controlledMean(
  values: Float64Array,
  control: Float64Array,
  known: MeanEstimate,
): MeanEstimate {
  if (control.length !== values.length)
    throw new ArgumentError("control", control, `${values.length} numbers`);
  const { mean, standardError } = meanEstimate(values.map((value, i) => value - control[i]));
  return { mean: mean + known.mean, standardError: Math.hypot(standardError, known.standardError) };
}
