import { escapeHtml } from "./format.js";
import type { Bundle } from "./display.js";

/** A cell: its text, and what it says beyond the text. */
export interface GridCell {
  readonly text: string;
  readonly numeric?: boolean;
  /** A verdict; said in words as well as in colour. */
  readonly pass?: boolean;
}

/** A table ready to be drawn: the first column names its row. */
export interface Grid {
  readonly caption?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly GridCell[])[];
}

/** Cells of at most so many characters stay on one line. */
const SHORT = 20;

/** A cell that says how a check went. */
export function verdict(pass: boolean): GridCell {
  return { text: pass ? "✓ pass" : "✗ FAIL", pass };
}

/** A table as HTML that screen readers can walk, and as aligned text. */
export function gridBundle(grid: Grid): Bundle {
  return { "text/html": gridHtml(grid), "text/plain": gridText(grid) };
}

function gridHtml({ caption, columns, rows }: Grid): string {
  const numeric = columns.map((_, j) => rows.length > 0 && rows.every((row) => row[j].numeric));
  const align = (j: number) => ` style="text-align:${numeric[j] ? "right" : "left"}"`;
  const head = columns.map((name, j) => `<th scope="col"${align(j)}>${escapeHtml(name)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((cell, j) => gridCell(cell, j, align(j))).join("")}</tr>`);
  const title = caption
    ? `<caption style="caption-side:top;text-align:left;font-weight:600;padding:4px 0">${escapeHtml(caption)}</caption>`
    : "";
  return `<table>${title}<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

function gridCell(cell: GridCell, column: number, align: string): string {
  const text = escapeHtml(cell.text);
  if (column === 0) return `<th scope="row"${align}>${text}</th>`;
  if (cell.pass !== undefined) return `<td${align}>${badge(text, cell.pass)}</td>`;
  return `<td${align}>${cell.text.length <= SHORT ? `<span style="white-space:nowrap">${text}</span>` : text}</td>`;
}

/** White on a dark colour reads the same on light and dark pages (contrast above 5). */
function badge(text: string, pass: boolean): string {
  const look = "color:white;padding:1px 8px;border-radius:4px;white-space:nowrap";
  return `<strong style="background-color:${pass ? "#00704E" : "#B54708"};${look}">${text}</strong>`;
}

function gridText({ caption, columns, rows }: Grid): string {
  const widths = columns.map((name, j) => Math.max(name.length, ...rows.map((row) => row[j].text.length)));
  const pad = (text: string, j: number, right?: boolean) =>
    right ? text.padStart(widths[j]) : text.padEnd(widths[j]);
  const head = columns.map((name, j) => pad(name, j, rows.length > 0 && rows[0][j].numeric)).join("  ");
  const lines = rows.map((row) => row.map((cell, j) => pad(cell.text, j, cell.numeric)).join("  "));
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [...(caption ? [caption] : []), head, rule, ...lines].map((line) => line.trimEnd()).join("\n");
}
