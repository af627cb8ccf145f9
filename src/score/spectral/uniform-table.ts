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

/** Column m at x, clamped to the table's ends, to out[place + m·step]; four-point Lagrange weights. */
export function readTable(
  table: UniformTable,
  x: number,
  out: Float64Array,
  place: number,
  step: number,
): void {
  const { low, high, columns, values } = table;
  const cells = values.length / columns - 1;
  const inside = x <= low ? low : x >= high ? high : x;
  const position = ((inside - low) / (high - low)) * cells;
  const cell = Math.floor(position) - 1;
  const first = cell < 0 ? 0 : cell > cells - 3 ? cells - 3 : cell;
  const u = position - first;
  const v = u - 1;
  const w = u - 2;
  const z = u - 3;
  const w0 = (-v * w * z) / 6;
  const w1 = (u * w * z) / 2;
  const w2 = (-u * v * z) / 2;
  const w3 = (u * v * w) / 6;
  const row0 = first * columns;
  const row1 = row0 + columns;
  const row2 = row1 + columns;
  const row3 = row2 + columns;
  for (let m = 0; m < columns; m++) {
    out[place + m * step] =
      w0 * values[row0 + m] + w1 * values[row1 + m] + w2 * values[row2 + m] + w3 * values[row3 + m];
  }
}
