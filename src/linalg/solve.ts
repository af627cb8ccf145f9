import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { checkMatrix } from "./block.js";
import { forwardRows } from "./forward-kernel.js";
import { transpose } from "./transpose.js";

/** How right-hand sides lie in their array. */
export interface SolveOptions {
  /** "columns" (default): b is n·r, row by row; "rows": b is r·n, a right-hand side after the other. */
  readonly rhs?: "columns" | "rows";
}

/** Options of `solveTriangular`. */
export interface TriangularOptions extends SolveOptions {
  /** Solve with Lᵀ instead of L (default false). */
  readonly transpose?: boolean;
}

/**
 * Solve L X = B, or Lᵀ X = B, for a lower triangular L.
 *
 * @param l n·n entries, row by row; what is above the diagonal is not read
 * @param b n·r entries, any r ≥ 1
 * @returns X in the layout of b
 * @throws ArgumentError for lengths that do not fit, or a zero or NaN on the diagonal
 */
export function solveTriangular(
  l: Float64Array,
  n: number,
  b: Float64Array,
  options: TriangularOptions = {},
): Float64Array {
  const { transpose: transposed = false } = options;
  return solveRows(l, n, b, options, (rows, count) => {
    if (transposed) backward(rows, count, flip(l, n), n);
    else forward(rows, count, l, n);
  });
}

/**
 * Solve A X = B with the factor A = L Lᵀ that `cholesky` gives.
 *
 * @param l n·n entries, row by row
 * @param b n·r entries, any r ≥ 1
 * @returns X in the layout of b
 * @throws ArgumentError for lengths that do not fit, or a zero or NaN on the diagonal
 */
export function solveCholesky(
  l: Float64Array,
  n: number,
  b: Float64Array,
  options: SolveOptions = {},
): Float64Array {
  return solveRows(l, n, b, options, (rows, count) => {
    forward(rows, count, l, n);
    backward(rows, count, flip(l, n), n);
  });
}

function solveRows(
  l: Float64Array,
  n: number,
  b: Float64Array,
  { rhs = "columns" }: SolveOptions,
  solve: (rows: Float64Array, count: number) => void,
): Float64Array {
  checkInteger("n", n, { min: 1 });
  checkMatrix("l", l, n, n);
  checkDiagonal(l, n);
  if (!(b instanceof Float64Array) || b.length === 0 || b.length % n !== 0) {
    throw new ArgumentError("b", b, `a Float64Array whose length is a positive multiple of n = ${n}`);
  }
  const count = b.length / n;
  const turned = rhs === "columns" && count > 1;
  const rows = turned ? transpose(b, n, count) : b.slice();
  solve(rows, count);
  return turned ? transpose(rows, count, n) : rows;
}

function checkDiagonal(l: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const pivot = l[i * n + i];
    if (pivot === 0 || !Number.isFinite(pivot)) {
      throw new ArgumentError(`l[${i}, ${i}]`, pivot, "a finite pivot that is not zero");
    }
  }
}

function forward(rows: Float64Array, count: number, l: Float64Array, n: number): void {
  forwardRows({ data: rows, offset: 0, stride: n }, count, { data: l, offset: 0, stride: n }, n);
}

/** Lᵀ x = y read backwards is a forward substitution with the flipped factor. */
function backward(rows: Float64Array, count: number, flipped: Float64Array, n: number): void {
  reverseRows(rows, n);
  forward(rows, count, flipped, n);
  reverseRows(rows, n);
}

function reverseRows(rows: Float64Array, n: number): void {
  for (let start = 0; start < rows.length; start += n) rows.subarray(start, start + n).reverse();
}

/** Entry (i, j) is entry (n-1-j, n-1-i) of l: the transpose about the other diagonal, which is lower triangular again. */
function flip(l: Float64Array, n: number): Float64Array {
  return transpose(l, n, n).reverse();
}
