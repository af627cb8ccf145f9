import { checkInteger, checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** Equally spaced points from low to high, ends included. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly points: number;
}

/** ∫ f over the grid by the trapezoidal rule. @throws ArgumentError */
export function integrateOnGrid(field: Float64Array, axes: readonly Axis[]): number {
  checkField("field", field, axes);
  let sum = 0;
  field.forEach((value, i) => (sum += value * pointWeight(axes, i)));
  return sum;
}

/** Trapezoidal weights of an axis. */
export function axisWeights({ low, high, points }: Axis): Float64Array {
  const step = (high - low) / (points - 1);
  const out = new Float64Array(points).fill(step);
  out[0] = out[points - 1] = step / 2;
  return out;
}

/** Coordinates of an axis. @throws ArgumentError */
export function axisPoints(axis: Axis): Float64Array {
  checkAxis("axis", axis);
  const { low, high, points } = axis;
  return Float64Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
}

/** The trapezoidal weight of a grid point. */
export function pointWeight(axes: readonly Axis[], index: number): number {
  let product = 1;
  for (let rest = index, k = axes.length - 1; k >= 0; k--) {
    const { low, high, points } = axes[k];
    const i = rest % points;
    rest = (rest - i) / points;
    product *= ((high - low) / (points - 1)) * (i === 0 || i === points - 1 ? 0.5 : 1);
  }
  return product;
}

/** A field on the grid of the axes. @throws ArgumentError */
export function checkField(argument: string, field: Float64Array, axes: readonly Axis[]): void {
  if (axes.length === 0) throw new ArgumentError("axes", axes, "at least one axis");
  axes.forEach((axis, k) => checkAxis(`axes[${k}]`, axis));
  const size = axes.reduce((product, axis) => product * axis.points, 1);
  if (!(field instanceof Float64Array) || field.length !== size) {
    throw new ArgumentError(argument, field, `a Float64Array of length ${size}, one number a grid point`);
  }
}

function checkAxis(argument: string, { low, high, points }: Axis): void {
  checkNumber(`${argument}.low`, low);
  checkNumber(`${argument}.high`, high);
  checkInteger(`${argument}.points`, points, { min: 2 });
  if (high <= low) throw new ArgumentError(`${argument}.high`, high, `more than low = ${low}`);
}
