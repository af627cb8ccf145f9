/** Wavenumbers that survive the 2/3 rule on a periodic square, in half a plane. */
export interface KeptModes {
  /** Points an axis. */
  readonly size: number;
  /** Largest wavenumber an axis: the whole part of size/3. */
  readonly most: number;
  /** Rows of the half plane, k_y = 0..most, -most..-1. */
  readonly rows: number;
  /** Columns of the half plane, k_x = 0..most. */
  readonly columns: number;
}

/**
 * The modes |k_x|, |k_y| ≤ size/3: products of two such fields fold back onto none of them, so what is kept of a product is exact.
 *
 * Source: Orszag (1971), the 2/3 rule, in each direction.
 */
export function keptModes(size: number): KeptModes {
  const most = Math.floor(size / 3);
  return { size, most, rows: 2 * most + 1, columns: most + 1 };
}

/** k_y of a row of the half plane. */
export function rowWavenumber({ most }: KeptModes, row: number): number {
  return row <= most ? row : row - 2 * most - 1;
}

/** The row of the half plane that holds k_y. */
export function rowOf({ rows }: KeptModes, wavenumber: number): number {
  return wavenumber >= 0 ? wavenumber : rows + wavenumber;
}
