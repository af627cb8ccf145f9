import { checkMatrix } from "./block.js";

/** Side of the squares that are copied at once, so that both arrays stay in the cache. */
const TILE = 16;

/**
 * The transpose of a row-major matrix.
 *
 * @param a rows·cols entries
 * @returns cols·rows entries
 * @throws ArgumentError for another length
 */
export function transpose(a: Float64Array, rows: number, cols: number): Float64Array {
  checkMatrix("a", a, rows, cols);
  const out = new Float64Array(rows * cols);
  for (let i0 = 0; i0 < rows; i0 += TILE) {
    const i1 = Math.min(i0 + TILE, rows);
    for (let j0 = 0; j0 < cols; j0 += TILE) {
      const j1 = Math.min(j0 + TILE, cols);
      for (let j = j0; j < j1; j++) {
        for (let i = i0; i < i1; i++) out[j * rows + i] = a[i * cols + j];
      }
    }
  }
  return out;
}
