import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Key } from "./key.js";
import { uniform } from "./uniform.js";

/**
 * Whole numbers drawn uniformly from low, ..., high - 1: low + floor(u (high - low)).
 *
 * Probabilities are equal up to a relative (high - low) / 2^52.
 *
 * @param start number of the first draw of the key's stream
 * @throws ArgumentError unless low < high, both signed 32-bit whole numbers
 */
export function randint(key: Key, length: number, low: number, high: number, start: number = 0): Int32Array {
  checkInteger("low", low, { min: -(2 ** 31), max: 2 ** 31 - 1 });
  checkInteger("high", high, { min: -(2 ** 31), max: 2 ** 31 });
  if (low >= high) throw new ArgumentError("high", high, `more than low = ${low}`);
  const width = high - low;
  const u = uniform(key, length, start);
  const out = new Int32Array(length);
  for (let j = 0; j < length; j++) out[j] = low + Math.floor(u[j] * width);
  return out;
}
