import { checkInteger } from "../core/checks.js";
import { pool } from "../onnx/pool.js";
import { checkMatrix } from "./block.js";
import {
  choleskySmall,
  clearAbove,
  smallestPivots,
  type BadPivot,
  type CholeskyOptions,
} from "./cholesky-small.js";
import { TILE, type CholeskyTask } from "./cholesky-task.js";
import { NotPositiveDefiniteError } from "./errors.js";
import { allocateShared } from "./shared.js";

const TASK_MODULE = new URL("./cholesky-task.js", import.meta.url).href;

/** Up to this size a factor takes under a millisecond on the calling thread. */
const SMALL = 192;
/** Columns of a panel. */
const PANEL = 192;

/**
 * Lower Cholesky factor of a symmetric positive definite matrix, A = L Lᵀ, on the threads of the pool when large.
 *
 * Panels of 192 columns are factored one after the other; the update right of each goes through ONNX Runtime's float64
 * product. The result does not depend on the number of threads. A pivot counts as positive when it exceeds n ε a_jj, the
 * rounding error that it carries itself (ε = 2^-52).
 *
 * @param a n·n entries, row by row; only those on and below the diagonal are read
 * @returns L, n·n entries with zeros above the diagonal
 * @throws ArgumentError for another length; NotPositiveDefiniteError, which names the pivot
 * Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th edition, section 4.2.6.
 */
export async function cholesky(
  a: Float64Array,
  n: number,
  options: CholeskyOptions = {},
): Promise<Float64Array> {
  checkInteger("n", n, { min: 1 });
  const { argument = "a" } = options;
  checkMatrix(argument, a, n, n);
  if (n <= SMALL) return choleskySmall(a, n, options);
  const factor = allocateShared(n * n);
  factor.set(a);
  const block = { data: factor, offset: 0, stride: n };
  const smallest = smallestPivots(block, n);
  for (let panel = 0; panel < n; panel += PANEL) {
    const bad = await eliminate(factor, n, panel, smallest);
    if (bad !== undefined) throw new NotPositiveDefiniteError(argument, bad.index, bad.value, n);
  }
  clearAbove(block, n);
  return factor.slice();
}

/** Factor one panel and take it off the rest. */
async function eliminate(
  a: Float64Array,
  n: number,
  panel: number,
  smallest: Float64Array,
): Promise<BadPivot | undefined> {
  const width = Math.min(PANEL, n - panel);
  const corner = { a, n, panel, width, smallest, from: panel, to: panel + width };
  const bad = await run<BadPivot | undefined>("factoriseCorner", corner);
  if (bad !== undefined) return { index: panel + bad.index, value: bad.value };
  const tiles = rowTiles(corner.to, n).map((tile) => ({ ...corner, ...tile }));
  await Promise.all(tiles.map((tile) => run("solvePanel", tile)));
  // the last tile has most to do
  await Promise.all(tiles.reverse().map((tile) => run("updateRows", tile)));
  return undefined;
}

function rowTiles(start: number, n: number): { from: number; to: number }[] {
  const tiles = [];
  for (let from = start; from < n; from += TILE) tiles.push({ from, to: Math.min(n, from + TILE) });
  return tiles;
}

function run<T>(name: string, args: CholeskyTask): Promise<T> {
  return pool().run<T>({ module: TASK_MODULE, name, args });
}
