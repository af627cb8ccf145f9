import { checkInteger } from "../core/checks.js";
import type { Key } from "./key.js";
import { uniform } from "./uniform.js";

/**
 * A uniformly random order of 0, ..., n - 1 (Fisher–Yates, in Durstenfeld's form of 1964).
 *
 * @throws ArgumentError unless n is a whole number from 0 to 2^31
 */
export function permutation(key: Key, n: number): Uint32Array {
  checkInteger("n", n, { min: 0, max: 2 ** 31 });
  const u = uniform(key, n);
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(u[i] * (i + 1));
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}
