import { ArgumentError } from "../core/errors.js";
import { boxMuller } from "./box-muller.js";
import type { Key } from "./key.js";
import { checkRange, eachChunk } from "./stream.js";

/**
 * Standard normal draws by Box and Muller: draws 2b and 2b+1 are the cosine and sine branch of block b of the key.
 *
 *   u = (w0 + 1/2) / 2^32,  θ = 2π w1 / 2^32,  (z_2b, z_2b+1) = sqrt(-2 ln u) (cos θ, sin θ)
 *
 * Draw j depends on the key and j alone, and a compiled graph that is fed `bits(key, length)` makes the same numbers. A pair's
 * radius has 32 bits: |z| <= sqrt(66 ln 2) = 6.764, beyond which the normal law has mass 1.3e-11; the tail probability of the
 * radius is exact at multiples of 2^-32, so use `uniform` and an inverse distribution function where rarer events matter.
 *
 * @param length how many draws
 * @param start number of the first: `normal(key, n, s)` equals `normal(key, s + n).subarray(s)`
 * @returns length `length`, no unit
 * @throws ArgumentError
 */
export function normal(key: Key, length: number, start: number = 0): Float64Array {
  checkRange(key, length, start);
  const out = new Float64Array(length);
  fill(key, out, start);
  return out;
}

/**
 * Fill `out` with draws number `start`, `start + 1`, ... of `normal(key, ...)`.
 *
 * @throws ArgumentError
 */
export function fillNormal(key: Key, out: Float64Array, start: number = 0): void {
  if (!(out instanceof Float64Array)) throw new ArgumentError("out", out, "a Float64Array");
  checkRange(key, out.length, start);
  fill(key, out, start);
}

function fill(key: Key, out: Float64Array, start: number): void {
  if (out.length === 0) return;
  const skip = start % 2;
  if (skip === 1) out[0] = pair(key, (start - 1) / 2)[1];
  const blocks = Math.floor((out.length - skip) / 2);
  const first = (start + skip) / 2;
  eachChunk(key, first, blocks, (words, count, at) => {
    boxMuller(words, count, out, skip + 2 * at);
  });
  if (skip + 2 * blocks < out.length) out[out.length - 1] = pair(key, first + blocks)[0];
}

function pair(key: Key, block: number): Float64Array {
  const out = new Float64Array(2);
  eachChunk(key, block, 1, (words) => boxMuller(words, 1, out, 0));
  return out;
}
