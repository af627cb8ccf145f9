import { join } from "node:path";
import { cache } from "../store/index.js";
import type { CacheKey, Stored } from "../store/index.js";
import { environment } from "./environment.js";
import { show } from "./display.js";
import { formatSeconds } from "./format.js";

/**
 * A long result that a notebook keeps from run to run, in `<out>/cache`: says so when it comes from there, and how long it took
 * to make. A damaged entry is made again.
 * @param name what the result is, for the reader
 * @param key all that it depends on: parameters, seed, version of the code, data (arrays count by their checksum)
 * @throws FileError before it computes where the folder cannot be written
 */
export async function cached<T extends Stored>(
  name: string,
  key: CacheKey,
  compute: () => T | Promise<T>,
): Promise<T> {
  const kept = cache(join(environment().out, "cache", "results"));
  const { value, origin, note } = await kept.cached({ name, key }, async () => {
    const started = performance.now();
    const made = await compute();
    return { made, seconds: (performance.now() - started) / 1000 };
  });
  if (note !== undefined) show({ "text/plain": `${name}: made again, since ${note}` });
  if (origin === "cache")
    show({ "text/plain": `${name}: from the cache, made in ${formatSeconds(value.seconds)}` });
  return value.made;
}

/** A folder in `<out>/cache` for a function that keeps its own finished parts there. */
export function cacheFolder(name: string): string {
  return join(environment().out, "cache", name);
}
