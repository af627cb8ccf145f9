import type { Key } from "./key.js";
import { checkRange, eachChunk } from "./stream.js";

/**
 * Uniform draws on the open interval (0, 1): u_j = (k_j + 1/2) / 2^52, where k_j is the 52 high bits of block j of the key.
 *
 * The values are equally spaced by 2^-52, symmetric about 1/2, and never 0 or 1.
 *
 * @param length how many draws
 * @param start number of the first: `uniform(key, n, s)` equals `uniform(key, s + n).subarray(s)`
 * @throws ArgumentError
 */
export function uniform(key: Key, length: number, start: number = 0): Float64Array {
  checkRange(key, length, start);
  const out = new Float64Array(length);
  eachChunk(key, start, length, (words, count, at) => toUniforms(words, count, out, at));
  return out;
}

function toUniforms(words: Uint32Array, count: number, out: Float64Array, at: number): void {
  for (let b = 0; b < count; b++) {
    out[at + b] = (words[2 * b] * 2 ** 20 + (words[2 * b + 1] >>> 12) + 0.5) * 2 ** -52;
  }
}
