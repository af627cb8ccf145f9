// Runs in a pool thread: the pieces of a blocked Cholesky factorisation in shared memory.
import { gemm } from "../onnx/gemm-task.js";
import { factorise, type BadPivot } from "./cholesky-small.js";
import { forwardRows } from "./forward-kernel.js";

/** A stretch of rows of the n·n matrix `a`, and the panel of columns from `panel` on. */
export interface CholeskyTask {
  readonly a: Float64Array;
  readonly n: number;
  readonly panel: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
  /** Smallest admissible pivot of each row. */
  readonly smallest: Float64Array;
}

/** Rows of a tile: the tasks of a panel each take one. */
export const TILE = 384;
/** Columns of a panel that are solved without ONNX Runtime. */
const STRIP = 64;

/** Rows or columns from `start` on. */
interface Stretch {
  readonly start: number;
  readonly width: number;
}

/** Factor the panel's corner. */
export function factoriseCorner({ a, n, panel, width, smallest }: CholeskyTask): BadPivot | undefined {
  return factorise({ data: a, offset: panel * (n + 1), stride: n }, width, smallest.subarray(panel));
}

/** Rows below the corner: X Lᵀ = A for the corner L, a strip of columns at a time. */
export async function solvePanel({ a, n, panel, width, from, to }: CholeskyTask): Promise<void> {
  for (let j = 0; j < width; j += STRIP) {
    const start = panel + j;
    const strip = Math.min(STRIP, width - j);
    if (j > 0) {
      const done = { start: panel, width: j };
      await subtractTile(a, n, { start: from, width: to - from }, { start, width: strip }, done);
    }
    const x = { data: a, offset: from * n + start, stride: n };
    forwardRows(x, to - from, { data: a, offset: start * (n + 1), stride: n }, strip);
  }
}

/** Rows right of the panel, up to the diagonal: A := A - L Lᵀ with the panel's columns L. */
export async function updateRows({ a, n, panel, width, from, to }: CholeskyTask): Promise<void> {
  const rows = { start: from, width: to - from };
  for (let start = panel + width; start < to; start += TILE) {
    const columns = { start, width: Math.min(TILE, to - start) };
    await subtractTile(a, n, rows, columns, { start: panel, width });
  }
}

/** A_IJ := A_IJ - A_IK A_JKᵀ for stretches I, J and K of rows and columns. */
async function subtractTile(a: Float64Array, n: number, i: Stretch, j: Stretch, k: Stretch): Promise<void> {
  const left = copyOut(a, n, i, k);
  const right = copyOut(a, n, j, k);
  const sizes = { m: i.width, n: j.width, k: k.width };
  const product = await gemm({ a: left, b: right, ...sizes, transposeB: true });
  for (let r = 0; r < i.width; r++) {
    subtractRow(a, (i.start + r) * n + j.start, product, r * j.width, j.width);
  }
}

function subtractRow(a: Float64Array, to: number, b: Float64Array, from: number, length: number): void {
  for (let c = 0; c < length; c++) a[to + c] -= b[from + c];
}

function copyOut(a: Float64Array, n: number, rows: Stretch, columns: Stretch): Float64Array {
  const out = new Float64Array(rows.width * columns.width);
  for (let r = 0; r < rows.width; r++) {
    const row = (rows.start + r) * n + columns.start;
    out.set(a.subarray(row, row + columns.width), r * columns.width);
  }
  return out;
}
