import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { checkMatrix, within, type Block } from "./block.js";
import { NotPositiveDefiniteError } from "./errors.js";
import { PANEL, forwardPanel } from "./forward-kernel.js";
import { addProduct } from "./product-kernel.js";

/** How a factorisation refers to its matrix. */
export interface CholeskyOptions {
  /** Name of the matrix in error messages (default "a"). */
  readonly argument?: string;
}

/** A pivot that is not positive. */
export interface BadPivot {
  readonly index: number;
  readonly value: number;
}

/**
 * Lower Cholesky factor of a symmetric positive definite matrix, on the calling thread: A = L Lᵀ.
 *
 * A pivot counts as positive when it exceeds n ε a_jj, the rounding error that it carries itself (ε = 2^-52).
 *
 * @param a n·n entries, row by row; only those on and below the diagonal are read
 * @returns L, n·n entries with zeros above the diagonal
 * @throws ArgumentError for another length; NotPositiveDefiniteError, which names the pivot
 */
export function choleskySmall(a: Float64Array, n: number, options: CholeskyOptions = {}): Float64Array {
  checkInteger("n", n, { min: 1 });
  checkMatrix(options.argument ?? "a", a, n, n);
  const factor = a.slice();
  choleskyInPlace(factor, n, 0, options);
  return factor;
}

/**
 * `choleskySmall` in place of the n·n entries from `offset` on, for loops over many matrices in one array.
 *
 * @throws NotPositiveDefiniteError; the entries are then partly overwritten
 */
export function choleskyInPlace(
  a: Float64Array,
  n: number,
  offset: number = 0,
  options: CholeskyOptions = {},
): void {
  const { argument = "a" } = options;
  if (!(offset >= 0 && offset + n * n <= a.length)) {
    throw new ArgumentError(argument, a, `at least ${n} x ${n} entries from offset ${offset} on`);
  }
  const block = { data: a, offset, stride: n };
  const bad = factorise(block, n, smallestPivots(block, n));
  if (bad !== undefined) throw new NotPositiveDefiniteError(argument, bad.index, bad.value, n);
  clearAbove(block, n);
}

export function clearAbove({ data, offset, stride }: Block, n: number): void {
  for (let i = 0; i < n; i++) data.fill(0, offset + i * stride + i + 1, offset + i * stride + n);
}

/**
 * Overwrite the lower triangle of `a` with its factor, a panel of columns at a time; what is above the diagonal is undefined.
 *
 * @param smallest what each pivot has to exceed
 * @returns the first pivot that does not
 */
export function factorise(a: Block, n: number, smallest: Float64Array): BadPivot | undefined {
  for (let j = 0; j < n; j += PANEL) {
    const width = Math.min(PANEL, n - j);
    const corner = within(a, j, j);
    const done = within(a, j, 0);
    addProduct({ c: corner, a: done, b: done, m: n - j, n: width, k: j, sign: -1 });
    const bad = factorisePanel(corner, width, smallest.subarray(j));
    if (bad !== undefined) return { index: j + bad.index, value: bad.value };
    forwardPanel(within(a, j + width, j), n - j - width, corner, width);
  }
  return undefined;
}

/** n ε |a_jj|: a pivot below it is not distinguishable from zero. */
export function smallestPivots(a: Block, n: number): Float64Array {
  const diagonal = (j: number): number => Math.abs(a.data[a.offset + j * (a.stride + 1)]);
  return Float64Array.from({ length: n }, (_, j) => n * Number.EPSILON * diagonal(j));
}

function factorisePanel(a: Block, width: number, smallest: Float64Array): BadPivot | undefined {
  for (let j = 0; j < width; j++) {
    forwardPanel(within(a, j, 0), 1, a, j);
    const row = a.offset + j * a.stride;
    let pivot = a.data[row + j];
    for (let k = 0; k < j; k++) pivot -= a.data[row + k] ** 2;
    if (!(pivot > smallest[j] && pivot < Infinity)) return { index: j, value: pivot };
    a.data[row + j] = Math.sqrt(pivot);
  }
  return undefined;
}
