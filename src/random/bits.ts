import type { Key } from "./key.js";
import { checkRange, eachChunk } from "./stream.js";

/**
 * Random words: draw j is word j mod 2 of the Threefry block floor(j / 2) of the key.
 *
 * `bits`, `uniform` and `normal` of one key read the same blocks; use a key of its own for each.
 *
 * @param length how many words
 * @param start number of the first: `bits(key, n, s)` equals `bits(key, s + n).subarray(s)`
 * @returns unsigned 32-bit words, length `length`
 * @throws ArgumentError
 */
export function bits(key: Key, length: number, start: number = 0): Uint32Array {
  checkRange(key, length, start);
  const skip = start % 2;
  const blocks = Math.ceil((skip + length) / 2);
  const words = new Uint32Array(2 * blocks);
  eachChunk(key, (start - skip) / 2, blocks, (chunk, count, at) => {
    words.set(chunk.subarray(0, 2 * count), 2 * at);
  });
  return words.length === length ? words : words.slice(skip, skip + length);
}
