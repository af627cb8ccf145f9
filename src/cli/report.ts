import { formatNumber } from "../notebook/format.js";
import type { CheckRecord } from "../notebook/session.js";
import { plain } from "./document.js";
import type { NotebookResult } from "./document.js";
import type { Stop } from "./execute.js";

const HEAD = ["check", "talk", "ours", "bound", "floor", "verdict"] as const;

/** The results of a run: the talk's number, ours, the bound and the verdict of every check, a block a notebook. */
export function resultsTable(notebooks: readonly NotebookResult[]): string {
  const blocks = notebooks.map(({ checks }) => checks.map(row));
  const rows = [HEAD, ...blocks.flat()];
  const line = aligned(rows);
  const heading = blocks.flat().length > 0 ? [line(HEAD)] : [];
  const texts = notebooks.map((notebook, i) => [headline(notebook), ...blocks[i].map(line)].join("\n"));
  return [...heading, ...texts].join("\n\n");
}

/** Rows under a heading, in columns: the first and the last begin at the left, numbers end at the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map(aligned([head, ...rows])).join("\n");
}

function aligned(rows: readonly (readonly string[])[]): (cells: readonly string[]) => string {
  const last = rows[0].length - 1;
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return (cells) =>
    cells
      .map((cell, i) => (i === 0 || i === last ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd();
}

/** Checks and executions that passed and failed. */
export function tally(notebooks: readonly NotebookResult[]): { passed: number; failed: number } {
  const verdicts = notebooks.flatMap(({ status, checks }) => [
    status === "ok",
    ...checks.map(({ pass }) => pass),
  ]);
  const passed = verdicts.filter(Boolean).length;
  return { passed, failed: verdicts.length - passed };
}

/** The cell where a notebook stopped: its number, its source with line numbers, and what went wrong. */
export function failureText(notebook: string, stop: Stop, colour: boolean): string {
  const clean = colour ? (text: string) => text : plain;
  const where = stop.cell === null ? notebook : `${notebook}: cell ${stop.cell}`;
  const source = stop.source === "" ? [] : stop.source.split("\n").map(numbered);
  const trace = stop.traceback.join("\n");
  const message = `${stop.name}: ${stop.message}`;
  const told = plain(trace).includes(plain(stop.message)) ? trace : [message, trace].join("\n");
  return [`${where} failed`, ...source, "", clean(told).trimEnd()].join("\n");
}

function numbered(line: string, index: number): string {
  return `${String(index + 1).padStart(5)} | ${line}`;
}

function headline({ notebook, status, seconds, checks, error }: NotebookResult): string {
  const count = `${checks.length} ${checks.length === 1 ? "check" : "checks"}`;
  const reason =
    error === null ? "" : ` (${error.name}${error.cell === null ? "" : ` in cell ${error.cell}`})`;
  return `${notebook}: ${status}${reason}, ${seconds.toFixed(1)} s, ${count}`;
}

function row({ id, talk, value, low, high, floor, pass }: CheckRecord): string[] {
  const verdict = pass ? "pass" : "FAIL";
  return [`  ${id}`, numberText(talk), numberText(value), boundText(low, high), numberText(floor), verdict];
}

/** A number of a check, or a dash where there is none. */
export function numberText(value: number | null): string {
  return value === null ? "–" : formatNumber(value);
}

/** The interval of a check in words. */
export function boundText(low: number | null, high: number | null): string {
  if (low === null) return high === null ? "–" : `≤ ${formatNumber(high)}`;
  return high === null ? `≥ ${formatNumber(low)}` : `${formatNumber(low)} to ${formatNumber(high)}`;
}
