import { ArgumentError } from "../core/errors.js";
import type { Spec } from "./spec.js";

/** Numbers along one axis of a figure. */
export type Column = readonly number[] | Float64Array;

/** Six significant digits are more than a pixel shows, and halve a figure's size. */
export function shorten(value: number): number {
  return Number(value.toPrecision(6));
}

/** Columns of the same length, at least one entry each, all finite. @returns the length. @throws ArgumentError */
export function checkColumns(
  argument: string,
  columns: Readonly<Record<string, Column | undefined>>,
): number {
  let length: number | undefined;
  for (const [name, column] of Object.entries(columns)) {
    if (column === undefined) continue;
    length ??= column.length;
    if (column.length === 0 || column.length !== length)
      throw new ArgumentError(
        `${argument}.${name}`,
        column,
        `${Math.max(length, 1)} numbers, as many as its other columns`,
      );
    const bad = column.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new ArgumentError(`${argument}.${name}[${bad}]`, column[bad], "a finite number");
  }
  return length ?? 0;
}

/** Rows that all have these columns, empty where they had none: Vega flattens no row that lacks one. */
export function filled(rows: readonly Spec[], columns: readonly string[]): Spec[] {
  const empty = Object.fromEntries(columns.map((column) => [column, []]));
  return rows.map((row) => ({ ...empty, ...row }));
}

/** No value at or below zero, which a logarithmic axis cannot show. @throws ArgumentError */
export function checkPositiveColumn(argument: string, column: Column): void {
  const bad = column.findIndex((value) => value <= 0);
  if (bad >= 0)
    throw new ArgumentError(`${argument}[${bad}]`, column[bad], "a positive number, for a logarithmic axis");
}
