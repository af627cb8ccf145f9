import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { checkInteger, checkKeys } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { cache, canonicalJson, writeAtomic } from "../store/index.js";
import type { Stored } from "../store/index.js";
import { environment } from "./environment.js";
import { show } from "./display.js";
import { formatSeconds } from "./format.js";
import type { Parameters } from "./session.js";

/** Numbers and words that a row finds. */
export type RowResult = Readonly<Record<string, number | string | readonly number[]>>;

/** What a row depends on. */
export interface RowOptions {
  readonly params: Parameters;
  readonly seed: number;
  /** Version of the code that makes it, as the source names it. */
  readonly version: string;
}

/** A method on a problem with a seed: what it found, where and how. */
export interface Row<T extends RowResult> {
  readonly id: string;
  readonly version: string;
  readonly seed: number;
  readonly params: Parameters;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
  /** Seconds that each part took when it was computed. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly result: T;
}

/**
 * Runs a part of a row once: its value (numbers, words, typed arrays, lists and records of them) is kept, so that a row that was
 * interrupted goes on after its last finished part.
 */
export type Part = <T>(name: string, compute: () => T | Promise<T>) => Promise<T>;

const ID = /^[a-z0-9]+(?:[-/][a-z0-9]+)*$/;

/**
 * A row of the full profile. Gives the committed one from `figures/results` where its parameters, seed and version are these;
 * while reproducing (`scorebook reproduce`), a missing one that the pattern names is computed part by part and written when it
 * is whole. Elsewhere a missing row is undefined, for the notebook to say so.
 * @param id words of lower-case letters and digits joined by '-' and '/', such as `gl-weak/hermite/seed-0`
 * @param compute gives numbers (finite), words and lists of numbers
 * @throws ArgumentError for another id or a result that JSON cannot hold; Error for a committed row that is not readable
 */
export async function row<T extends RowResult>(
  id: string,
  options: RowOptions,
  compute: (part: Part) => Promise<T>,
): Promise<Row<T> | undefined> {
  if (!ID.test(id)) throw new ArgumentError("id", id, "lower-case words and digits joined by '-' and '/'");
  checkKeys("options", options, ["params", "seed", "version"]);
  checkInteger("options.seed", options.seed, { min: 0 });
  const { figures, reproduce, rows, out } = environment();
  const path = rowFile(figures, id);
  const committed = readRow<T>(path);
  if (committed !== undefined && isOf(committed, options)) return committed;
  if (!reproduce || !matches(rows, id)) return undefined;
  const seconds: Record<string, number> = {};
  const kept = cache(join(out, "cache", "rows"));
  const result = await compute(async <P>(name: string, work: () => P | Promise<P>) => {
    const { value } = await kept.cached({ id, ...options, part: name }, () => timed(work));
    seconds[name] = value.seconds;
    return value.value as P;
  });
  checkResult(id, result);
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    node: process.version,
  };
  const { version, seed, params } = options;
  const made: Row<T> = { id, version, seed, params, machine, seconds, result };
  await writeAtomic(path, `${JSON.stringify(made, null, 2)}\n`);
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  show({ "text/plain": `row ${id}: made in ${formatSeconds(total)}` });
  return made;
}

/** A row's file: results/<id>.json with '/' as '--'. */
function rowFile(figures: string, id: string): string {
  return join(figures, "results", `${id.replaceAll("/", "--")}.json`);
}

async function timed(work: () => unknown): Promise<{ value: Stored; seconds: number }> {
  const started = performance.now();
  const value = (await work()) as Stored; // what cannot be stored is refused by the cache
  return { value, seconds: (performance.now() - started) / 1000 };
}

function readRow<T extends RowResult>(path: string): Row<T> | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Row<T>;
  } catch (cause) {
    throw new Error(`${path} is not a row: delete it to have it computed again`, { cause });
  }
}

function isOf(row: Row<RowResult>, { params, seed, version }: RowOptions): boolean {
  const wanted = canonicalJson({ params, seed, version }, "options");
  return canonicalJson({ params: row.params, seed: row.seed, version: row.version }, "row") === wanted;
}

/** Whether a pattern, `*` for any text, names the whole id. */
function matches(pattern: string, id: string): boolean {
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${text}$`).test(id);
}

function checkResult(id: string, result: RowResult): void {
  for (const [name, value] of Object.entries(result)) {
    const numbers = typeof value === "number" ? [value] : typeof value === "string" ? [] : value;
    const bad = numbers.findIndex((entry) => !Number.isFinite(entry));
    if (bad >= 0) throw new ArgumentError(`${id}: ${name}`, numbers[bad], "finite numbers");
  }
}
