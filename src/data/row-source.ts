/** Many points that are made block by block, so that never all of them stand in memory as float64. */
export interface RowSource {
  /** Number of points. */
  readonly count: number;
  /** Numbers in a point. */
  readonly dim: number;
  /** Points from..to-1, (to - from)·dim numbers. */
  rows(from: number, to: number): Float64Array;
}

/** Points of an array as a source; the blocks are views. The array's length is count·dim. */
export function rowsOf(points: Float64Array, dim: number): RowSource {
  return { count: points.length / dim, dim, rows: (from, to) => points.subarray(from * dim, to * dim) };
}
