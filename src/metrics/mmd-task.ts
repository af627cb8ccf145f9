// Runs in a pool thread.

/** Two blocks of points and the variances of a sum of Gaussian kernels. */
export interface KernelSumTask {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly dim: number;
  readonly variances: Float64Array;
}

/** Σ_ij (1/K) Σ_k exp(-|a_i - b_j|²/2v_k) */
export function sumOfKernels({ a, b, dim, variances }: KernelSumTask): number {
  let total = 0;
  for (let i = 0; i < a.length; i += dim) {
    let row = 0;
    for (let j = 0; j < b.length; j += dim) {
      let square = 0;
      for (let c = 0; c < dim; c++) square += (a[i + c] - b[j + c]) ** 2;
      for (let k = 0; k < variances.length; k++) row += Math.exp(-square / (2 * variances[k]));
    }
    total += row;
  }
  return total / variances.length;
}
