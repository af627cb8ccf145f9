import { checkInteger, checkPoints } from "../core/checks.js";
import { foldIn, normal } from "../random/index.js";
import type { Key } from "../random/index.js";

/** Options of `slicedWasserstein`. */
export interface SlicedWassersteinOptions {
  readonly key: Key;
  /** Number of random directions; 128 unless told. */
  readonly projections?: number;
}

/**
 * Sliced 2-Wasserstein distance: the root mean square over random directions θ of W_2(θ·x, θ·y) (Bonneel et al. 2015).
 * Each one-dimensional distance is exact, by sorting, also for unequal numbers of points.
 * @throws ArgumentError for ragged points or values that are not finite
 */
export async function slicedWasserstein(
  x: Float64Array,
  y: Float64Array,
  dim: number,
  { key, projections = 128 }: SlicedWassersteinOptions,
): Promise<number> {
  checkPoints("x", x, dim);
  checkPoints("y", y, dim);
  checkInteger("projections", projections, { min: 1 });
  let sum = 0;
  for (let p = 0; p < projections; p++) {
    const direction = normal(foldIn(key, p), dim);
    sum += wassersteinSquared(project(x, direction), project(y, direction)) / squaredLength(direction);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Math.sqrt(sum / projections);
}

/** W_2² of two samples on the line: ∫_0^1 (F^-1(q) - G^-1(q))² dq, over the pieces on which both quantiles are constant. */
function wassersteinSquared(a: Float64Array, b: Float64Array): number {
  a.sort();
  b.sort();
  let [sum, i, j, from] = [0, 0, 0, 0];
  while (i < a.length && j < b.length) {
    const [endA, endB] = [(i + 1) / a.length, (j + 1) / b.length];
    const to = Math.min(endA, endB);
    sum += (to - from) * (a[i] - b[j]) ** 2;
    from = to;
    if (endA <= to) i++;
    if (endB <= to) j++;
  }
  return sum;
}

function project(points: Float64Array, direction: Float64Array): Float64Array {
  const dim = direction.length;
  const values = new Float64Array(points.length / dim);
  for (let s = 0; s < values.length; s++) {
    let value = 0;
    for (let i = 0; i < dim; i++) value += points[s * dim + i] * direction[i];
    values[s] = value;
  }
  return values;
}

function squaredLength(direction: Float64Array): number {
  return direction.reduce((sum, value) => sum + value * value, 0);
}
