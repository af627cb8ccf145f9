import { checkInteger } from "../core/checks.js";
import { pool } from "../onnx/pool.js";
import { checkMatrix, within } from "./block.js";
import type { GramTask } from "./gram-task.js";
import { assembleGram } from "./gram-tiles.js";
import { inOrder } from "./in-order.js";
import { addProduct } from "./product-kernel.js";
import { transpose } from "./transpose.js";

const TASK_MODULE = new URL("./gram-task.js", import.meta.url).href;

/** Gram matrices with fewer operations than this stay on the calling thread. */
const SMALL = 2e6;
/** Entries of `a` in one task: with 761 columns 1,024 rows. */
const TASK_ENTRIES = 1024 * 761;

/**
 * The Gram matrix AᵀA in float64: half of its entries by ONNX Runtime on all threads of the pool, the rest by symmetry.
 *
 * Rows are cut into fixed stretches whose Gram matrices are added in order: the result does not depend on the number of threads.
 *
 * @param a rows·cols entries, row by row; a view on shared memory is not copied
 * @returns cols·cols entries, exactly symmetric; NaN and infinities pass through
 * @throws ArgumentError for another length
 */
export async function gram(a: Float64Array, rows: number, cols: number): Promise<Float64Array> {
  checkInteger("rows", rows, { min: 1 });
  checkInteger("cols", cols, { min: 1 });
  checkMatrix("a", a, rows, cols);
  return rows * cols * cols < SMALL ? gramSmall(a, rows, cols) : gramOnPool(a, rows, cols);
}

function gramSmall(a: Float64Array, rows: number, cols: number): Float64Array {
  const c = { data: new Float64Array(cols * cols), offset: 0, stride: cols };
  const columns = { data: transpose(a, rows, cols), offset: 0, stride: rows };
  const width = 32;
  for (let j = 0; j < cols; j += width) {
    addProduct({
      c: within(c, j, j),
      a: within(columns, j, 0),
      b: within(columns, j, 0),
      m: cols - j,
      n: Math.min(width, cols - j),
      k: rows,
      sign: 1,
    });
  }
  mirror(c.data, cols);
  return c.data;
}

/** Copy what is below the diagonal above it. */
function mirror(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
  }
}

async function gramOnPool(a: Float64Array, rows: number, cols: number): Promise<Float64Array> {
  const length = Math.min(8192, Math.max(512, Math.ceil(TASK_ENTRIES / cols)));
  let total: Float64Array | undefined;
  const start = (i: number): Promise<Float64Array> => {
    const part = a.subarray(i * length * cols, (i + 1) * length * cols);
    const isShared = part.buffer instanceof SharedArrayBuffer;
    const args: GramTask = { a: isShared ? part : part.slice(), cols };
    const transfer = isShared ? [] : [args.a.buffer as ArrayBuffer];
    return pool().run<Float64Array>({ module: TASK_MODULE, name: "gramOfRows", args, transfer });
  };
  const add = (part: Float64Array): void => {
    if (total === undefined) total = part;
    else for (let i = 0; i < part.length; i++) total[i] += part[i];
  };
  await inOrder(Math.ceil(rows / length), 2 * pool().size, start, add);
  return assembleGram(total as unknown as Float64Array, cols);
}
