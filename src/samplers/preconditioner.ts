import { checkInteger, checkPositive } from "../core/checks.js";
import { choleskySmall, solveCholesky } from "../linalg/index.js";

/** A symmetric positive definite operator C on points, n·dim numbers in and out; a Fourier multiplier may be one. */
export interface Preconditioner {
  /** C v */
  apply(v: Float64Array): Float64Array;
  /** B v with B Bᵀ = C, which makes noise of covariance C of white noise. */
  noise(v: Float64Array): Float64Array;
  /** C^{-1} v; needed where moves are accepted or rejected. */
  solve?(v: Float64Array): Float64Array;
}

/**
 * A dense matrix as a preconditioner, by its Cholesky factor.
 *
 * @param matrix C, dim·dim numbers, row by row
 * @throws ArgumentError for another length; NotPositiveDefiniteError
 */
export function matrixPreconditioner(matrix: Float64Array, dim: number): Preconditioner {
  checkInteger("dim", dim, { min: 1 });
  const factor = choleskySmall(matrix, dim, { argument: "matrix" });
  return {
    apply: (v) => eachRow(v, dim, (i, j) => matrix[i * dim + j]),
    noise: (v) => eachRow(v, dim, (i, j) => factor[i * dim + j]),
    solve: (v) => solveCholesky(factor, dim, v, { rhs: "rows" }),
  };
}

/** Variances of the coordinates as a preconditioner. @throws ArgumentError unless all are positive */
export function diagonalPreconditioner(variances: Float64Array): Preconditioner {
  variances.forEach((v, i) => checkPositive(`variances[${i}]`, v));
  const dim = variances.length;
  const roots = variances.map(Math.sqrt);
  return {
    apply: (v) => v.map((value, k) => value * variances[k % dim]),
    noise: (v) => v.map((value, k) => value * roots[k % dim]),
    solve: (v) => v.map((value, k) => value / variances[k % dim]),
  };
}

function eachRow(v: Float64Array, dim: number, entry: (i: number, j: number) => number): Float64Array {
  const out = new Float64Array(v.length);
  for (let row = 0; row < v.length; row += dim) {
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j < dim; j++) out[row + i] += entry(i, j) * v[row + j];
    }
  }
  return out;
}
