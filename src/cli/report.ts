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
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ");
  const heading = blocks.flat().length > 0 ? [line(HEAD).trimEnd()] : [];
  const texts = notebooks.map((notebook, i) =>
    [headline(notebook), ...blocks[i].map((cells) => line(cells).trimEnd())].join("\n"),
  );
  return [...heading, ...texts].join("\n\n");
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
  const number = (x: number | null): string => (x === null ? "–" : formatNumber(x));
  return [`  ${id}`, number(talk), number(value), bound(low, high), number(floor), pass ? "pass" : "FAIL"];
}

function bound(low: number | null, high: number | null): string {
  if (low === null) return high === null ? "–" : `≤ ${formatNumber(high)}`;
  return high === null ? `≥ ${formatNumber(low)}` : `${formatNumber(low)} to ${formatNumber(high)}`;
}
