import { createRequire } from "node:module";
import { inspect } from "node:util";
import type * as Danfo from "danfojs-node";
import { ArgumentError, unknownName } from "../core/errors.js";
import { kernel, show } from "./display.js";
import { formatNumber } from "./format.js";
import { gridBundle, verdict } from "./grid.js";
import type { GridCell } from "./grid.js";

/** A value of a table. */
export type TableValue = number | string | boolean | null;
export type TableRow = Readonly<Record<string, TableValue>>;

/** Options of {@link table}. */
export interface TableOptions {
  readonly caption?: string;
  /** Units by column, shown in the heading. */
  readonly units?: Readonly<Record<string, string>>;
  /** Significant digits; 4 unless told. */
  readonly digits?: number;
}

/**
 * Shows rows as a table and gives them back as a danfojs DataFrame, for selections, groups and CSV. Numbers are aligned
 * and rounded for display only; a true or false under the heading `verdict` reads "pass" or "FAIL".
 * @param rows objects with the same keys, or a DataFrame
 * @throws ArgumentError for no rows, rows whose keys differ, or units of a column that does not exist
 */
export function table(
  rows: readonly TableRow[] | Danfo.DataFrame,
  { caption, units = {}, digits = 4 }: TableOptions = {},
): Danfo.DataFrame {
  const danfo = createRequire(import.meta.url)("danfojs-node") as typeof Danfo;
  // Not by instanceof: what a DataFrame's own methods return is of its parent class.
  const isFrame = typeof rows === "object" && rows !== null && "$columns" in rows;
  const frame = isFrame ? rows : new danfo.DataFrame(checkRows(rows));
  const columns = frame.columns;
  for (const name of Object.keys(units))
    if (!columns.includes(name)) throw unknownName(`units.${name}`, name, columns);
  const values = frame.values as TableValue[][];
  const bundle = gridBundle({
    caption,
    columns: columns.map((name) => (units[name] ? `${name} (${units[name]})` : name)),
    rows: values.map((row) => row.map((value, j) => cell(value, columns[j], digits))),
  });
  show(bundle);
  return hideRepeat(frame, bundle);
}

function checkRows(rows: readonly TableRow[]): object[] {
  if (!Array.isArray(rows) || rows.length === 0) throw new ArgumentError("rows", rows, "at least one row");
  const keys = Object.keys(rows[0] as TableRow);
  return rows.map((row: TableRow, i) => {
    if (keys.length !== Object.keys(row).length || !keys.every((key) => key in row))
      throw new ArgumentError(`rows[${i}]`, row, `the keys of the first row: ${keys.join(", ")}`);
    return { ...row };
  });
}

function cell(value: TableValue | undefined, column: string, digits: number): GridCell {
  if (value === null || value === undefined) return { text: "–", numeric: true };
  if (typeof value === "number") return { text: formatNumber(value, digits), numeric: true };
  if (typeof value !== "boolean") return { text: value };
  return column === "verdict" ? verdict(value) : { text: value ? "yes" : "no" };
}

/** As the last expression of its own cell the frame would show a second time; in later cells it shows as usual. */
function hideRepeat(frame: Danfo.DataFrame, bundle: object): Danfo.DataFrame {
  const shown = kernel()?.cell;
  const [rows, columns] = frame.shape;
  const hidden = {
    toMimeBundle: () => (kernel()?.cell === shown ? undefined : bundle),
    [inspect.custom]: () => `DataFrame of ${rows} rows and ${columns} columns`,
  };
  for (const key of Reflect.ownKeys(hidden))
    Object.defineProperty(frame, key, { value: hidden[key as keyof typeof hidden], configurable: true });
  return frame;
}
