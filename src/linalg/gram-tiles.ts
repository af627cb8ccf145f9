import { GraphBuilder } from "../onnx/builder.js";

/** Columns of a tile: three tiles and their rows stay in the second-level cache. */
const WIDTH = 128;
/** Bound on the stretches of columns, so that the graph of a wide matrix stays small. */
const MAX_STRETCHES = 12;

/** A block of the Gram matrix: `rows` times `cols` entries from (row, col) on. */
export interface Tile {
  readonly row: number;
  readonly col: number;
  readonly rows: number;
  readonly cols: number;
}

/** Equal stretches of columns, as the columns where they start and the end. */
function boundaries(cols: number): number[] {
  const count = Math.min(MAX_STRETCHES, Math.ceil(cols / WIDTH));
  return Array.from({ length: count + 1 }, (_, i) => Math.floor((i * cols) / count));
}

/** The tiles on and below the diagonal, in the order of the model's outputs. */
export function gramTiles(cols: number): Tile[] {
  const edges = boundaries(cols);
  const tiles: Tile[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    for (let j = 0; j <= i; j++) {
      const [row, col] = [edges[i], edges[j]];
      tiles.push({ row, col, rows: edges[i + 1] - row, cols: edges[j + 1] - col });
    }
  }
  return tiles;
}

/** Model with input "a" [k, cols] and an output "0", "1", ... for each tile of aᵀa. */
export function gramModel(cols: number): Uint8Array {
  const builder = new GraphBuilder();
  const a = builder.input("a", "float64", ["k", cols]);
  const edges = boundaries(cols);
  const widths = edges.slice(1).map((edge, i) => edge - edges[i]);
  const lengths = builder.integers(widths);
  const pieces =
    widths.length === 1 ? [a] : builder.nodeWithOutputs("Split", [a, lengths], widths.length, { axis: 1 });
  gramTiles(cols).forEach(({ row, col, rows, cols: width }, i) => {
    const factors = [pieces[edges.indexOf(row)], pieces[edges.indexOf(col)]];
    builder.output(String(i), builder.node("Gemm", factors, { transA: 1 }), "float64", [rows, width]);
  });
  return builder.model();
}

/** The whole symmetric matrix from its tiles, one after the other. */
export function assembleGram(packed: Float64Array, cols: number): Float64Array {
  const gram = new Float64Array(cols * cols);
  let from = 0;
  for (const tile of gramTiles(cols)) {
    for (let i = 0; i < tile.rows; i++, from += tile.cols) {
      gram.set(packed.subarray(from, from + tile.cols), (tile.row + i) * cols + tile.col);
    }
  }
  for (let i = 0; i < cols; i++) {
    for (let j = 0; j < i; j++) gram[j * cols + i] = gram[i * cols + j];
  }
  return gram;
}
