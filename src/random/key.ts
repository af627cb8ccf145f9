import { ArgumentError } from "../core/errors.js";
import { checkInteger } from "../core/checks.js";
import { DOMAIN, MAX_BLOCKS, fillBlocks } from "./threefry.js";

/** A key of the generator: two unsigned 32-bit words. Keys are values: two equal keys give the same draws. */
export interface Key {
  readonly hi: number;
  readonly lo: number;
}

/**
 * The key of a seed: its low and high 32 bits.
 *
 * @param seed a whole number from 0 to 2^53 - 1; different seeds give different keys
 * @throws ArgumentError for anything else
 */
export function key(seed: number): Key {
  checkInteger("seed", seed, { min: 0 });
  return { hi: Math.floor(seed / 2 ** 32), lo: seed >>> 0 };
}

/**
 * `n` new keys, independent of each other and of the draws of `parent`.
 *
 * Key i depends only on the parent and i: a longer split starts with the keys of a shorter one. Splitting and folding the
 * same key give different keys.
 *
 * @throws ArgumentError for something that is not a key, or a negative `n`
 */
export function split(parent: Key, n: number = 2): Key[] {
  checkKey("key", parent);
  checkInteger("n", n, { min: 0, max: 2 ** 31 });
  const words = new Uint32Array(2 * n);
  fillBlocks(words, n, parent.hi, parent.lo, DOMAIN.split, 0);
  return Array.from({ length: n }, (_, i) => ({ hi: words[2 * i], lo: words[2 * i + 1] }));
}

/**
 * The i-th child of a key, such as the key of a run's i-th repetition; independent of the draws and splits of `parent`.
 *
 * @param i a whole number from 0 to 2^52 - 1
 * @throws ArgumentError for something that is not a key, or another `i`
 */
export function foldIn(parent: Key, i: number): Key {
  checkKey("key", parent);
  checkInteger("i", i, { min: 0, max: MAX_BLOCKS - 1 });
  const words = new Uint32Array(2);
  fillBlocks(words, 1, parent.hi, parent.lo, DOMAIN.fold, i);
  return { hi: words[0], lo: words[1] };
}

/** A key, as made by `key`, `split` or `foldIn`. @throws ArgumentError */
export function checkKey(argument: string, value: Key): void {
  if (typeof value !== "object" || value === null || !isWord(value.hi) || !isWord(value.lo)) {
    throw new ArgumentError(argument, value, "a key, as random.key(seed), split and foldIn make them");
  }
}

function isWord(value: unknown): boolean {
  return typeof value === "number" && value >>> 0 === value;
}
