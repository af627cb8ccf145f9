import { ArgumentError } from "../core/errors.js";
import type { Key } from "./key.js";
import { uniform } from "./uniform.js";

/**
 * Indices drawn with probabilities proportional to `weights`, by bisection of their running sums.
 *
 * @param weights non-negative, finite, at least one positive; an index of weight zero is never drawn
 * @param length how many indices
 * @param start number of the first draw of the key's stream
 * @throws ArgumentError
 */
export function categorical(
  key: Key,
  weights: ArrayLike<number>,
  length: number,
  start: number = 0,
): Uint32Array {
  const sums = runningSums(weights);
  const total = sums[sums.length - 1];
  const last = sums.indexOf(total); // u · total may round to the total
  const u = uniform(key, length, start);
  const out = new Uint32Array(length);
  for (let j = 0; j < length; j++) out[j] = firstAbove(sums, last, u[j] * total);
  return out;
}

function runningSums(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    if (!(weight >= 0 && weight < Infinity)) {
      throw new ArgumentError(`weights[${i}]`, weight, "a finite number of at least 0");
    }
    total += weight;
    sums[i] = total;
  }
  if (!(total > 0 && total < Infinity)) {
    throw new ArgumentError("weights", weights, "a positive and finite sum");
  }
  return sums;
}

/** The first index up to `last` whose running sum exceeds `value`, or `last`. */
function firstAbove(sums: Float64Array, last: number, value: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
