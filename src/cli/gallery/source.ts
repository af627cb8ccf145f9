import { matchesPattern } from "../../core/pattern.js";
import type { CheckRecord } from "../../notebook/session.js";
import type { Cell } from "../notebook-file.js";

/** Where a figure comes from in its notebook. */
export interface FigureSource {
  /** The heading that it stands under. */
  readonly section: string;
  /** The cell that made it. */
  readonly code: string;
  /** Ids of checks made under the same heading; `*` for what a cell computes. */
  readonly checks: readonly string[];
}

/** The title of a notebook: its first heading. */
export function titleOf(cells: readonly Cell[]): string | undefined {
  return cells.map(heading).find((text) => text !== undefined);
}

/** Finds the cell that shows a figure, and what is checked beside it; undefined where no cell names the figure. */
export function sourceOf(cells: readonly Cell[], id: string): FigureSource | undefined {
  const at = cells.findIndex(({ kind, source }) => kind === "code" && showsFigure(source, id));
  if (at < 0) return undefined;
  let start = at;
  while (start > 0 && heading(cells[start]) === undefined) start--;
  let end = at + 1;
  while (end < cells.length && heading(cells[end]) === undefined) end++;
  const section = cells.slice(start, end).filter(({ kind }) => kind === "code");
  return {
    section: heading(cells[start]) ?? "",
    code: cells[at].source,
    checks: section.flatMap(({ source }) => idsOf(source, "check")),
  };
}

/** The checks that a pattern of an id names. */
export function namedChecks(patterns: readonly string[], checks: readonly CheckRecord[]): CheckRecord[] {
  return checks.filter(({ id }) => patterns.some((pattern) => matchesPattern(pattern, id)));
}

function heading({ kind, source }: Cell): string | undefined {
  return kind === "markdown" ? /^#{1,6}\s+(.+)$/m.exec(source)?.[1].trim() : undefined;
}

function showsFigure(source: string, id: string): boolean {
  return idsOf(source, "figure").some((pattern) => matchesPattern(pattern, id));
}

/** First arguments of calls such as `notebook.figure("id", …)`; a template's expressions become `*`. */
function idsOf(source: string, name: "figure" | "check"): string[] {
  const calls = source.matchAll(new RegExp(`\\b${name}\\(\\s*(?:"([^"]+)"|'([^']+)'|\`([^\`]+)\`)`, "g"));
  return [...calls].map(([, ...texts]) =>
    (texts.find(Boolean) ?? "").replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "*"),
  );
}
