/** |z_j|² of points row by row. */
export function squaredNorms(points: Float64Array, dim: number): Float64Array {
  const out = new Float64Array(points.length / dim);
  for (let i = 0, k = 0; i < out.length; i++) {
    let sum = 0;
    for (let c = 0; c < dim; c++, k++) sum += points[k] * points[k];
    out[i] = sum;
  }
  return out;
}
