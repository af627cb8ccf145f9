import { ArgumentError } from "../core/errors.js";
import { matmul } from "../linalg/index.js";
import type { RowSource } from "./row-source.js";

/** For each query the point of a data set that is nearest. */
export interface Neighbours {
  /** Index of the nearest point, one for each query. */
  readonly indices: Int32Array;
  /** Euclidean distance to it. */
  readonly distances: Float64Array;
}

/** Points compared at once. */
const BLOCK = 4096;

/**
 * Nearest points in Euclidean distance, |q - x|² = |q|² - 2 q·x + |x|² by products, block by block over the data.
 * Distances are made again from the pair found, so that a copy has distance 0.
 * @param exclude a point of the data that query i must not find, such as itself
 * @throws ArgumentError where the dimensions differ
 */
export async function nearestNeighbours(
  queries: RowSource,
  points: RowSource,
  { exclude }: { exclude?: (query: number) => number } = {},
): Promise<Neighbours> {
  if (queries.dim !== points.dim)
    throw new ArgumentError("queries.dim", queries.dim, `${points.dim}, as the points`);
  const { dim } = points;
  const own = queries.rows(0, queries.count);
  const best = new Float64Array(queries.count).fill(Infinity);
  const indices = new Int32Array(queries.count).fill(-1);
  for (let from = 0; from < points.count; from += BLOCK) {
    const block = points.rows(from, Math.min(points.count, from + BLOCK));
    const n = block.length / dim;
    const products = await matmul(own, block, { m: queries.count, n, k: dim, transposeB: true });
    const norms = squares(block, dim);
    for (let q = 0; q < queries.count; q++) {
      const skip = exclude === undefined ? -1 : exclude(q) - from;
      for (let i = 0; i < n; i++) {
        const value = norms[i] - 2 * products[q * n + i];
        if (value < best[q] && i !== skip) [best[q], indices[q]] = [value, from + i];
      }
    }
  }
  const distances = Float64Array.from(indices, (index, q) =>
    Math.sqrt(squaredDistance(own.subarray(q * dim, (q + 1) * dim), points.rows(index, index + 1))),
  );
  return { indices, distances };
}

function squares(rows: Float64Array, dim: number): Float64Array {
  const sums = new Float64Array(rows.length / dim);
  for (let i = 0; i < rows.length; i++) sums[Math.floor(i / dim)] += rows[i] ** 2;
  return sums;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
