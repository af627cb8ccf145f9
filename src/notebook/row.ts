import { rm } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { checkInteger, checkKeys } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { RunPart } from "../core/parts.js";
import { matchesPattern } from "../core/pattern.js";
import { cache, decodeTree, encodeTree } from "../store/index.js";
import type { Stored } from "../store/index.js";
import { environment } from "./environment.js";
import { show } from "./display.js";
import { formatSeconds } from "./format.js";
import { encodeWeights, isOf, readRow, rowFile, writeRow } from "./row-file.js";
import type { Row, RowOptions, RowResult, Weights } from "./row-file.js";

/** Runs a part of a row once: its value is kept, so that a row that was interrupted goes on after its last finished part. */
export type Part = RunPart;

/** Keeps what a row has learned, in a safetensors file of at most 200 kB beside it. */
export type Keep = (weights: Weights) => void;

const ID = /^[a-z0-9]+(?:[-/][a-z0-9]+)*$/;

/**
 * A row of the full profile. Gives the committed one from `figures/results` where its parameters, seed, version and data are
 * these; while reproducing (`scorebook reproduce`), a missing one that the pattern names is computed part by part and written
 * when it is whole. Elsewhere a missing row is undefined, for the notebook to say so.
 * @param id words of lower-case letters and digits joined by '-' and '/', such as `gl-weak/hermite/seed-0`
 * @param compute gives numbers (finite), words and lists of numbers
 * @throws ArgumentError for another id, a part named twice or a result that JSON cannot hold; Error for a committed row that is not readable
 */
export async function row<T extends RowResult>(
  id: string,
  options: RowOptions,
  compute: (part: Part, keep: Keep) => Promise<T>,
): Promise<Row<T> | undefined> {
  if (!ID.test(id)) throw new ArgumentError("id", id, "lower-case words and digits joined by '-' and '/'");
  checkKeys("options", options, ["params", "seed", "version", "data"]);
  checkInteger("options.seed", options.seed, { min: 0 });
  const { reproduce, rows } = environment();
  const committed = readRow<T>(rowFile(id));
  if (committed !== undefined && isOf(committed, options)) return committed;
  if (!reproduce || !isNamed(rows, id)) return undefined;
  const seconds: Record<string, number> = {};
  let learned: Weights | undefined;
  const result = await compute(parts(id, options, seconds), (weights) => {
    encodeWeights(id, weights); // too many are refused here, where the caller is
    learned = weights;
  });
  checkResult(id, result);
  const made = await writeRow({ id, ...options, machine: machine(), seconds, result }, learned);
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  show({ "text/plain": `row ${id}: made in ${formatSeconds(total)}` });
  return made;
}

/** Parts of a row, kept in `<out>/cache/rows`; notes how long each took when it was computed. */
function parts(id: string, options: RowOptions, seconds: Record<string, number>): Part {
  const kept = cache(join(environment().out, "cache", "rows"));
  return async <P>(name: string, work: (folder?: string) => P | Promise<P>) => {
    if (name in seconds) throw new ArgumentError("name", name, "a name that no other part of the row has");
    seconds[name] = 0;
    const key = { id, ...options, part: name };
    const folder = kept.path(key).replace(/\.entry$/, "");
    const { value, origin } = await kept.cached(key, () => timed(() => work(folder)));
    await rm(folder, { recursive: true, force: true });
    seconds[name] = value.seconds;
    // A fresh value takes the way through the file as well: the row cannot tell whether it was interrupted.
    return (origin === "cache" ? value.value : decodeTree(encodeTree(value.value))) as P;
  };
}

async function timed(work: () => unknown): Promise<{ value: Stored; seconds: number }> {
  const started = performance.now();
  const value = (await work()) as Stored; // what cannot be stored is refused by the cache
  return { value, seconds: (performance.now() - started) / 1000 };
}

function machine(): Row["machine"] {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    node: process.version,
  };
}

/** Whether one of the patterns, separated by commas, names the whole id. */
function isNamed(patterns: string, id: string): boolean {
  return patterns.split(",").some((pattern) => matchesPattern(pattern.trim(), id));
}

function checkResult(id: string, result: RowResult): void {
  for (const [name, value] of Object.entries(result)) {
    const numbers = typeof value === "number" ? [value] : typeof value === "string" ? [] : value;
    const bad = numbers.findIndex((entry) => !Number.isFinite(entry));
    if (bad >= 0) throw new ArgumentError(`${id}: ${name}`, numbers[bad], "finite numbers");
  }
}
