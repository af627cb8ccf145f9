import { ArgumentError } from "../core/errors.js";
import { show } from "./display.js";
import { formatNumber } from "./format.js";
import { gridBundle, verdict } from "./grid.js";
import type { GridCell } from "./grid.js";
import { record, saveRun, session } from "./session.js";
import type { CheckRecord } from "./session.js";

/** What a check claims. */
export interface CheckOptions {
  /** The claim, in words. */
  readonly statement: string;
  /** What was measured. A value that is not finite fails. */
  readonly value: number;
  /** The least value that passes. */
  readonly low?: number;
  /** The greatest value that passes. */
  readonly high?: number;
  /** The talk's number, where it gives one. */
  readonly talk?: number | null;
  /** The exact or sampling floor, where one exists. */
  readonly floor?: number | null;
  /** Where the bound comes from. */
  readonly source: string;
}

const ID = /^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*){2}$/;

/**
 * Records a claim and what was measured: it passes where low ≤ value ≤ high.
 * @param id `<experiment>/<method>/<quantity>`, stable from version to version
 * @throws ArgumentError for an id of another form or used before, or a check without a bound
 */
export function check(id: string, options: CheckOptions): void {
  if (!ID.test(id))
    throw new ArgumentError("id", id, "<experiment>/<method>/<quantity> of lower-case words, digits and '-'");
  const { statement, value, source } = options;
  const [low, high] = [bound("low", options.low), bound("high", options.high)];
  if (low === null && high === null)
    throw new ArgumentError(`${id}: high`, undefined, "a bound: low, high or both");
  if (low !== null && high !== null && low > high)
    throw new ArgumentError(`${id}: low`, low, `a number of at most high = ${high}`);
  for (const [name, text] of Object.entries({ statement, source }))
    if (typeof text !== "string" || text === "") throw new ArgumentError(`${id}: ${name}`, text, "a text");
  const finite = typeof value === "number" && Number.isFinite(value);
  const entry: CheckRecord = {
    id,
    statement,
    value: finite ? value : null,
    low,
    high,
    talk: bound("talk", options.talk),
    floor: bound("floor", options.floor),
    source,
    pass: finite && (low === null || value >= low) && (high === null || value <= high),
  };
  const run = session();
  record(run.checks, id, entry, false);
  saveRun(run);
}

function bound(argument: string, value: number | null | undefined): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new ArgumentError(argument, value, "a finite number, or nothing");
  return value;
}

/**
 * Ends a notebook: shows every check (talk, ours, bound, floor, source, verdict) and fails where one failed, where none
 * was made, and where a promise was rejected unseen since the start.
 * @throws Error that lists all failures
 */
export async function checks(): Promise<void> {
  const run = session();
  await new Promise((resolve) => setImmediate(resolve)); // rejections are reported between two macrotasks
  const records = [...run.checks.values()].map(({ entry }) => entry);
  if (records.length > 0) show(table(records));
  const failures = records.filter(({ pass }) => !pass).map(failure);
  if (records.length === 0) failures.push("no check was made");
  for (const reason of run.rejections)
    failures.push(`a rejected promise that nobody awaits: ${String(reason)}`);
  if (failures.length > 0) throw new ChecksError(failures);
}

/** The failures of a notebook, one a line. */
export class ChecksError extends Error {
  override readonly name = "ChecksError";
  readonly failures: readonly string[];

  constructor(failures: readonly string[]) {
    super(`${failures.length} failed:\n${failures.map((line) => `  ${line}`).join("\n")}`);
    this.failures = failures;
  }
}

function failure(entry: CheckRecord): string {
  return `${entry.id}: ${entry.statement}: ${number(entry.value, "not a finite number")}, wanted ${bounds(entry)}`;
}

function table(records: readonly CheckRecord[]) {
  const cell = (value: number | null, none: string): GridCell => ({
    text: number(value, none),
    numeric: true,
  });
  const rows = records.map((entry) => [
    { text: entry.statement },
    cell(entry.talk, "–"),
    cell(entry.value, "not finite"),
    { text: bounds(entry) },
    cell(entry.floor, "–"),
    { text: entry.source },
    verdict(entry.pass),
  ]);
  const passed = records.filter(({ pass }) => pass).length;
  return gridBundle({
    caption: `Checks: ${passed} of ${records.length} pass`,
    columns: ["claim", "talk", "ours", "bound", "floor", "source of the bound", "verdict"],
    rows,
  });
}

function bounds({ low, high }: CheckRecord): string {
  if (low === null) return `≤ ${number(high, "")}`;
  return high === null ? `≥ ${number(low, "")}` : `${number(low, "")} to ${number(high, "")}`;
}

function number(value: number | null, none: string): string {
  return value === null ? none : formatNumber(value);
}
