import { checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { axisWeights, checkField, type Axis } from "./grid.js";

/**
 * The heat flow of a field on a grid: convolution with a Gaussian, (2πv)^{-d/2} ∫ exp(-|x - y|²/2v) f(y) dy, axis by axis with
 * trapezoidal sums. A variance of zero gives the field back.
 *
 * @param variance v, in squares of the axes' unit
 * @throws ArgumentError where a grid step exceeds sqrt(v): the sum would be wrong by more than 2 exp(-2π²) = 5e-9
 */
export function heat(field: Float64Array, axes: readonly Axis[], variance: number): Float64Array {
  checkField("field", field, axes);
  checkNumber("variance", variance, { min: 0 });
  if (variance === 0) return field.slice();
  let out = field;
  let inner = field.length;
  let outer = 1;
  axes.forEach((axis, k) => {
    inner /= axis.points;
    out = alongAxis(out, kernelOf(axis, variance, k), axisWeights(axis), outer, inner);
    outer *= axis.points;
  });
  return out;
}

/** The Gaussian at whole steps. */
function kernelOf({ low, high, points }: Axis, variance: number, k: number): Float64Array {
  const step = (high - low) / (points - 1);
  if (step > Math.sqrt(variance)) {
    const needed = Math.ceil((high - low) / Math.sqrt(variance)) + 1;
    throw new ArgumentError(`axes[${k}].points`, points, `at least ${needed} for a variance of ${variance}`);
  }
  return Float64Array.from(
    { length: points },
    (_, i) => Math.exp(-((i * step) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance),
  );
}

function alongAxis(
  field: Float64Array,
  kernel: Float64Array,
  weights: Float64Array,
  outer: number,
  inner: number,
): Float64Array {
  const n = kernel.length;
  const out = new Float64Array(field.length);
  const support = kernel.findLastIndex((value) => value > 0);
  const line = new Float64Array(n);
  for (let o = 0; o < outer; o++) {
    for (let r = 0; r < inner; r++) {
      const start = o * n * inner + r;
      for (let i = 0; i < n; i++) line[i] = weights[i] * field[start + i * inner];
      for (let i = 0; i < n; i++) {
        const last = Math.min(n - 1, i + support);
        let sum = 0;
        for (let j = Math.max(0, i - support); j <= last; j++) sum += kernel[Math.abs(i - j)] * line[j];
        out[start + i * inner] = sum;
      }
    }
  }
  return out;
}
