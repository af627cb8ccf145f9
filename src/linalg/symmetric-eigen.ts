import { createRequire } from "node:module";
import type * as mlMatrix from "ml-matrix";
import { checkFinite, checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { checkMatrix } from "./block.js";

/** Eigenvalues in ascending order; column j of `vectors` (n·n, row by row) is the unit eigenvector of value j. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: A V = V diag(values), Vᵀ V = I (Householder and QL, by ml-matrix).
 *
 * For n up to a few hundred (n = 200 takes about 0.1 s).
 *
 * @param a n·n entries, row by row
 * @throws ArgumentError for another length, entries that are not finite, or a matrix that is not symmetric to rounding
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  checkInteger("n", n, { min: 1 });
  checkMatrix("a", a, n, n);
  checkFinite("a", a);
  checkSymmetric(a, n);
  const { Matrix, EigenvalueDecomposition } = createRequire(import.meta.url)("ml-matrix") as typeof mlMatrix;
  const eigen = new EigenvalueDecomposition(Matrix.from1DArray(n, n, a), { assumeSymmetric: true });
  const values = eigen.realEigenvalues;
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) vectors[i * n + j] = eigen.eigenvectorMatrix.get(i, order[j]);
  }
  return { values: Float64Array.from(order, (i) => values[i]), vectors };
}

function checkSymmetric(a: Float64Array, n: number): void {
  let largest = 0;
  for (const entry of a) largest = Math.max(largest, Math.abs(entry));
  const tolerance = 4 * n * Number.EPSILON * largest;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(a[i * n + j] - a[j * n + i]) > tolerance) {
        throw new ArgumentError(`a[${i}, ${j}]`, a[i * n + j], `a[${j}, ${i}] = ${a[j * n + i]} (symmetric)`);
      }
    }
  }
}
