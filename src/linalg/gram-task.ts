// Runs in a pool thread.
import { gemm } from "../onnx/gemm-task.js";

/** Rows of a matrix whose Gram matrix is wanted. */
export interface GramTask {
  /** rows·cols entries, row by row. */
  readonly a: Float64Array;
  readonly cols: number;
}

/** Columns and rows of the pieces that are multiplied: three of them stay in the second-level cache. */
const TILE_COLS = 256;
const TILE_ROWS = 512;

/** A stretch of columns. */
interface Columns {
  readonly start: number;
  readonly width: number;
}

/** aᵀ a of some rows: cols·cols entries, of which those on and below the diagonal are filled. */
export async function gramOfRows({ a, cols }: GramTask): Promise<Float64Array> {
  const total = new Float64Array(cols * cols);
  const tiles = columnTiles(cols);
  const rows = a.length / cols;
  for (let from = 0; from < rows; from += TILE_ROWS) {
    const k = Math.min(TILE_ROWS, rows - from);
    const pieces = tiles.map((tile) => piece(a, cols, from, k, tile));
    for (let i = 0; i < tiles.length; i++) {
      for (let j = 0; j <= i; j++) {
        const [m, n] = [tiles[i].width, tiles[j].width];
        const product = await gemm({ a: pieces[i], b: pieces[j], m, n, k, transposeA: true });
        addTile(total, cols, product, tiles[i], tiles[j]);
      }
    }
  }
  return total;
}

/** Equal stretches of at most TILE_COLS columns. */
function columnTiles(cols: number): Columns[] {
  const count = Math.ceil(cols / TILE_COLS);
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * cols) / count);
    return { start, width: Math.floor(((i + 1) * cols) / count) - start };
  });
}

function piece(a: Float64Array, cols: number, from: number, rows: number, tile: Columns): Float64Array {
  const { start, width } = tile;
  const out = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    const row = (from + r) * cols + start;
    for (let j = 0; j < width; j++) out[r * width + j] = a[row + j];
  }
  return out;
}

function addTile(
  total: Float64Array,
  cols: number,
  tile: Float64Array,
  rows: Columns,
  columns: Columns,
): void {
  for (let i = 0; i < rows.width; i++) {
    const out = (rows.start + i) * cols + columns.start;
    const row = i * columns.width;
    for (let j = 0; j < columns.width; j++) total[out + j] += tile[row + j];
  }
}
