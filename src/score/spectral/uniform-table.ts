/** Functions on an even grid, read by cubic interpolation: error about h⁴/43 times the fourth derivative. */
export interface UniformTable {
  readonly low: number;
  readonly high: number;
  /** Functions in the table. */
  readonly columns: number;
  /** (points)·columns numbers, a row for each grid point. */
  readonly values: Float64Array;
}

/** Tabulate functions on `points` ≥ 4 grid points; `fill` returns one row of `columns` values for each x. */
export function tabulate(
  low: number,
  high: number,
  points: number,
  fill: (x: Float64Array) => Float64Array,
): UniformTable {
  const step = (high - low) / (points - 1);
  const grid = Float64Array.from({ length: points }, (_, i) => (i === points - 1 ? high : low + i * step));
  const values = fill(grid);
  return { low, high, columns: values.length / points, values };
}

/** Every column at x, clamped to the table's ends, to out[at]..; four-point Lagrange weights. */
export function readTable(table: UniformTable, x: number, out: Float64Array, at: number): void {
  const { low, high, columns, values } = table;
  const cells = values.length / columns - 1;
  const place = Math.min(Math.max((x - low) / (high - low), 0), 1) * cells;
  const first = Math.min(Math.max(Math.floor(place) - 1, 0), cells - 3);
  const u = place - first;
  const [a, b, c] = [u - 1, u - 2, u - 3];
  const w0 = (-a * b * c) / 6;
  const w1 = (u * b * c) / 2;
  const w2 = (-u * a * c) / 2;
  const w3 = (u * a * b) / 6;
  let row = first * columns;
  for (let m = 0; m < columns; m++, row++) {
    out[at + m] =
      w0 * values[row] +
      w1 * values[row + columns] +
      w2 * values[row + 2 * columns] +
      w3 * values[row + 3 * columns];
  }
}
