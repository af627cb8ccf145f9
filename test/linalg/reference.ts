import { key, normal } from "../../src/random/index.js";

/** a · b for row-major matrices, one sum after the other. */
export function product(a: Float64Array, b: Float64Array, m: number, n: number, k: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let l = 0; l < k; l++) sum += a[i * k + l] * b[l * n + j];
    return sum;
  });
}

export function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, at) => a[(at % rows) * cols + Math.floor(at / rows)]);
}

/** X Xᵀ / n + I for a Gaussian X: eigenvalues between 1 and about 5. */
export function positiveDefinite(n: number, seed: number = 1): Float64Array {
  const x = normal(key(seed), n * n);
  const a = product(x, transposed(x, n, n), n, n, n);
  return a.map((entry, at) => entry / n + (at % (n + 1) === 0 ? 1 : 0));
}

export function largestDifference(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    if (!(Math.abs(a[i] - b[i]) <= worst)) worst = Math.abs(a[i] - b[i]);
  }
  return worst;
}
