import { readFile } from "node:fs/promises";
import { checkKeys } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { FileError, readError } from "./errors.js";
import { writeAtomic } from "./write-atomic.js";

/** How a table of numbers is written down. */
export interface CsvOptions {
  /** The first line names the columns (default true). */
  readonly header?: boolean;
  /** What stands between two cells (default ","). */
  readonly delimiter?: string;
}

/** A table of numbers. */
export interface Csv {
  /** Names of the columns; "0", "1", ... where there is no header. */
  readonly columns: readonly string[];
  /** Number of rows. */
  readonly rows: number;
  /** rows·columns numbers, row by row. */
  readonly data: Float64Array;
}

/**
 * A table of numbers from its text. Empty lines at the end are skipped; cells of the header may stand in double quotes.
 *
 * @param path name of the file in messages
 * @throws FileError that names line and column of an empty or non-numeric cell, a ragged line, or a table without rows
 */
export function parseCsv(text: string, options: CsvOptions = {}, path: string = "csv"): Csv {
  checkKeys("options", options, ["header", "delimiter"]);
  const { header = true, delimiter = "," } = options;
  const lines = text
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r?\n/);
  const first = lines[0].split(delimiter);
  const columns = header ? splitHeader(lines[0], delimiter) : first.map((_, i) => String(i));
  const skip = header ? 1 : 0;
  const rows = lines.length - skip;
  if (rows < 1 || lines[skip] === "") throw new FileError(path, "expected at least one row of numbers");
  const data = new Float64Array(rows * columns.length);
  for (let row = 0; row < rows; row++) {
    const place = `line ${row + skip + 1}`;
    const cells = lines[row + skip].split(delimiter);
    if (cells.length !== columns.length) {
      throw new FileError(path, `${place}: expected ${columns.length} cells, got ${cells.length}`);
    }
    cells.forEach((cell, i) => {
      data[row * columns.length + i] = parseCell(cell, path, `${place}, column ${i + 1} (${columns[i]})`);
    });
  }
  return { columns, rows, data };
}

function splitHeader(line: string, delimiter: string): string[] {
  const names: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(rest);
    const end = quoted === null ? rest.indexOf(delimiter) : rest.indexOf(delimiter, quoted[0].length);
    const cell = end < 0 ? rest : rest.slice(0, end);
    names.push(quoted === null ? cell.trim() : quoted[1].replaceAll('""', '"'));
    if (end < 0) return names;
    rest = rest.slice(end + delimiter.length);
  }
}

function parseCell(cell: string, path: string, place: string): number {
  const trimmed = cell.trim();
  const value = Number(trimmed);
  if (trimmed === "" || !Number.isFinite(value)) {
    const given = trimmed === "" ? "an empty cell" : JSON.stringify(trimmed);
    throw new FileError(path, `${place}: expected a finite number, got ${given}`);
  }
  return value;
}

/**
 * The text of a table, with a header line; finite numbers are read back unchanged.
 *
 * @param data rows·columns.length numbers, row by row
 * @throws ArgumentError for ragged data
 */
export function formatCsv(columns: readonly string[], data: Float64Array): string {
  const width = columns.length;
  if (width === 0) throw new ArgumentError("columns", columns, "at least one name");
  if (data.length % width !== 0) throw new ArgumentError("data", data, `a multiple of ${width} columns`);
  const quote = (name: string): string => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  const lines = [columns.map(quote).join(",")];
  for (let at = 0; at < data.length; at += width) lines.push(data.subarray(at, at + width).join(","));
  return `${lines.join("\n")}\n`;
}

/** Read a table of numbers from a file. @throws FileError */
export async function readCsv(path: string, options: CsvOptions = {}): Promise<Csv> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw readError(path, cause);
  });
  return parseCsv(text, options, path);
}

/** Write a table of numbers to a file. @throws FileError, ArgumentError */
export async function writeCsv(path: string, columns: readonly string[], data: Float64Array): Promise<void> {
  await writeAtomic(path, formatCsv(columns, data));
}
