/** Two blocks of points. */
export interface DistanceTask {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly dim: number;
}

/** Σ_ij |a_i - b_j| over two blocks of points. */
export function sumOfDistances({ a, b, dim }: DistanceTask): number {
  let total = 0;
  for (let i = 0; i < a.length; i += dim) {
    let row = 0;
    for (let j = 0; j < b.length; j += dim) {
      let square = 0;
      for (let k = 0; k < dim; k++) {
        const difference = a[i + k] - b[j + k];
        square += difference * difference;
      }
      row += Math.sqrt(square);
    }
    total += row;
  }
  return total;
}
