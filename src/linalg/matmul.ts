import { checkInteger, checkKeys } from "../core/checks.js";
import { gemmOnPool } from "../onnx/gemm.js";
import { pool } from "../onnx/pool.js";
import { checkMatrix } from "./block.js";
import { inOrder } from "./in-order.js";
import { matmulSmall } from "./matmul-small.js";
import { shared } from "./shared.js";
import { transpose } from "./transpose.js";

/** Sizes of a product: op(a) is m·k, op(b) is k·n. */
export interface MatmulOptions {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** a is given as k·m (default false). */
  readonly transposeA?: boolean;
  /** b is given as n·k (default false). */
  readonly transposeB?: boolean;
}

/** Products with fewer operations than this (about half a millisecond) stay on the calling thread. */
const SMALL = 2e6;
/** Operations of one task: some milliseconds. */
const TASK = 2e8;

/**
 * c = op(a) op(b) in float64, by ONNX Runtime on all threads of the pool, or in plain JavaScript when small.
 *
 * The result does not depend on the number of threads: rows of c are made independently, or, for a transposed `a`, partial
 * sums over fixed stretches of k are added in their order.
 *
 * @param a m·k entries, row by row (k·m when transposed); a view on shared memory is not copied
 * @param b k·n entries, row by row (n·k when transposed)
 * @returns m·n entries, row by row; NaN and infinities pass through
 * @throws ArgumentError where lengths and sizes differ
 */
export async function matmul(
  a: Float64Array,
  b: Float64Array,
  options: MatmulOptions,
): Promise<Float64Array> {
  checkKeys("options", options, ["m", "n", "k", "transposeA", "transposeB"]);
  const { m, n, k, transposeA = false, transposeB = false } = options;
  for (const [name, size] of Object.entries({ m, n, k })) checkInteger(name, size, { min: 1 });
  checkMatrix("a", a, m, k);
  checkMatrix("b", b, k, n);
  if (2 * m * n * k < SMALL) return matmulSmall(a, b, options);
  if (!transposeA) return stackRows(a, b, options);
  if (!transposeB && k > 4 * Math.max(m, n)) return sumOverStretches(a, b, options);
  return stackRows(transpose(a, k, m), b, { ...options, transposeA: false });
}

/** Rows of c in stretches, each a product of its own. */
async function stackRows(a: Float64Array, b: Float64Array, options: MatmulOptions): Promise<Float64Array> {
  const { m, n, k } = options;
  const rows = stretch(m, 2 * n * k);
  const count = Math.ceil(m / rows);
  const right = count > 1 ? shared(b) : b;
  const c = new Float64Array(m * n);
  const start = (i: number): Promise<Float64Array> => {
    const part = a.subarray(i * rows * k, (i + 1) * rows * k);
    return gemmOnPool({ ...options, a: part, b: right, m: part.length / k });
  };
  await inOrder(count, 2 * pool().size, start, (part, i) => c.set(part, i * rows * n));
  return c;
}

/** For aᵀ b with few columns and many rows: partial sums over stretches of rows. */
async function sumOverStretches(
  a: Float64Array,
  b: Float64Array,
  options: MatmulOptions,
): Promise<Float64Array> {
  const { m, n, k } = options;
  const length = stretch(k, 2 * m * n);
  const c = new Float64Array(m * n);
  const start = (i: number): Promise<Float64Array> => {
    const left = a.subarray(i * length * m, (i + 1) * length * m);
    const right = b.subarray(i * length * n, (i + 1) * length * n);
    return gemmOnPool({ ...options, a: left, b: right, k: left.length / m });
  };
  await inOrder(Math.ceil(k / length), 2 * pool().size, start, (part) => {
    for (let i = 0; i < c.length; i++) c[i] += part[i];
  });
  return c;
}

/** How many of `total` units, of so many operations each, make a task; from the sizes alone, never from the threads. */
function stretch(total: number, operations: number): number {
  return Math.min(total, Math.max(256, Math.ceil(TASK / operations)));
}
