import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { checkKey, type Key } from "./key.js";
import { DOMAIN, fillBlocks } from "./threefry.js";

/** Blocks made at once: their words (16 KB) stay in the first-level cache while they are transformed. */
const CHUNK = 2048;

/** Turns `count` blocks, whose words are 2b and 2b+1 of `words`, into the numbers from place `at` of an output. */
export type Transform = (words: Uint32Array, count: number, at: number) => void;

/** Run the blocks `first` to `first + blocks - 1` of a key's draws through `transform`, a chunk at a time. */
export function eachChunk(key: Key, first: number, blocks: number, transform: Transform): void {
  const words = new Uint32Array(2 * Math.min(blocks, CHUNK));
  for (let done = 0; done < blocks; done += CHUNK) {
    const count = Math.min(CHUNK, blocks - done);
    fillBlocks(words, count, key.hi, key.lo, DOMAIN.draws, first + done);
    transform(words, count, done);
  }
}

/** A key and a range of draws that the stream holds: numbers `start` to `start + length - 1`. @throws ArgumentError */
export function checkRange(key: Key, length: number, start: number): void {
  checkKey("key", key);
  checkInteger("length", length, { min: 0 });
  checkInteger("start", start, { min: 0 });
  if (!Number.isSafeInteger(start + length)) {
    throw new ArgumentError("start", start, "start + length below 2^53");
  }
}
