import type { Tensor } from "@tensorflow/tfjs";
import { multiplicities, waveMatrix } from "./wave-basis.js";

/**
 * Spectral convolution on a periodic line: v̂_k = (1/n) Σ_j v_j e^{-2πi jk/n}, times a complex matrix R_k for |k| ≤ K, and back.
 *
 * As products with truncated real matrices, which compile everywhere: v̂ = a - ib with cosine and sine coefficients a, b, and R = P + iQ
 * takes them to aP + bQ and bP - aQ.
 *
 * @param v [n, batch, width]
 * @param weights [K+1, 2, width, width], P and Q; or [K+1, 2, width] for diagonal matrices, a filter a channel
 */
export function spectral1d(v: Tensor, weights: Tensor): Tensor {
  const [size, batch, width] = v.shape;
  const most = weights.shape[0] - 1;
  const waves = waveMatrix(size, most);
  const coefficients = waves.matMul(v.reshape([size, batch * width]), true).div(size);
  const [a, b] = coefficients.reshape([2, most + 1, batch, width]).unstack();
  const out = rotate(a, b, weights, most + 1, width);
  const stacked = out[0].concat(out[1], 0).reshape([2 * (most + 1), batch * width]);
  const scaled = waves.mul(multiplicities(most));
  return scaled.matMul(stacked).reshape([size, batch, width]);
}

/** aP + bQ and bP - aQ for every mode: a, b [modes, batch, width], weights [modes, 2, width, width] or, diagonal, [modes, 2, width]. */
export function rotate(
  a: Tensor,
  b: Tensor,
  weights: Tensor,
  modes: number,
  width: number,
): readonly [Tensor, Tensor] {
  if (weights.rank === 3) {
    const [p, q] = weights.split(2, 1);
    return [a.mul(p).add(b.mul(q)), b.mul(p).sub(a.mul(q))];
  }
  const [p, q] = weights.split(2, 1).map((part) => part.reshape([modes, width, width]));
  const block = p.concat(q.neg(), 2).concat(q.concat(p, 2), 1);
  const [first, second] = a.concat(b, 2).matMul(block).split(2, 2);
  return [first, second];
}
