import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { checkMatrix, within, type Block } from "./block.js";
import { NotPositiveDefiniteError } from "./errors.js";
import { PANEL, forwardPanel } from "./forward-kernel.js";
import { subtractProduct } from "./product-kernel.js";

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
  const bad = factorise(block, n);
  if (bad !== undefined) throw new NotPositiveDefiniteError(argument, bad.index, bad.value, n);
  for (let i = 0; i < n; i++) a.fill(0, offset + i * n + i + 1, offset + (i + 1) * n);
}

/**
 * Overwrite the lower triangle of `a` with its factor, a panel of columns at a time; what is above the diagonal is undefined.
 *
 * @param order size of the whole matrix that `a` is a part of, for the smallest pivot
 * @returns the first pivot that is not positive
 */
export function factorise(a: Block, n: number, order: number = n): BadPivot | undefined {
  const smallest = smallestPivots(a, n, order);
  for (let j = 0; j < n; j += PANEL) {
    const width = Math.min(PANEL, n - j);
    const corner = within(a, j, j);
    subtractProduct(corner, within(a, j, 0), within(a, j, 0), n - j, width, j);
    const bad = factorisePanel(corner, width, smallest.subarray(j));
    if (bad !== undefined) return { index: j + bad.index, value: bad.value };
    forwardPanel(within(a, j + width, j), n - j - width, corner, width);
  }
  return undefined;
}

function smallestPivots(a: Block, n: number, order: number): Float64Array {
  return Float64Array.from({ length: n }, (_, j) => {
    return order * Number.EPSILON * Math.abs(a.data[a.offset + j * (a.stride + 1)]);
  });
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
