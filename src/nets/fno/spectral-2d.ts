import type { Tensor } from "@tensorflow/tfjs";
import { rotate } from "./spectral-1d.js";
import { multiplicities, waveMatrix } from "./wave-basis.js";

/**
 * Spectral convolution on a periodic square, modes |k|, |l| ≤ K: as `spectral1d`, one axis after the other.
 *
 * Products of cosines and sines (cc, cs, sc, ss) hold the coefficients of (k, l) and (k, -l): a± = cc ∓ ss, b± = sc ± cs.
 *
 * @param v [n, n, batch, width]
 * @param weights [2(K+1)², 2, width, width]: (k, l) for k, l = 0..K, then (k, -l); or [2(K+1)², 2, width] for diagonal matrices
 */
export function spectral2d(v: Tensor, weights: Tensor): Tensor {
  const [size, , batch, width] = v.shape;
  const modes = Math.round(Math.sqrt(weights.shape[0] / 2));
  const most = modes - 1;
  const rest = batch * width;
  const waves = waveMatrix(size, most);
  const rows = waves.matMul(v.reshape([size, size * rest]), true).div(size);
  // second axis in front: [n, 2(K+1)·rest]
  const turned = rows
    .reshape([2 * modes, size, rest])
    .transpose([1, 0, 2])
    .reshape([size, 2 * modes * rest]);
  const both = waves.matMul(turned, true).div(size).reshape([2, modes, 2, modes, rest]);
  const [cc, sc, cs, ss] = quarters(both, modes, batch, width);
  const a = cc.sub(ss).concat(cc.add(ss), 0);
  const b = sc.add(cs).concat(sc.sub(cs), 0);
  const [ra, rb] = rotate(a, b, weights, 2 * modes * modes, width);
  const [up, down] = ra.split(2, 0);
  const [upB, downB] = rb.split(2, 0);
  const grid = joined(
    [up.add(down), upB.add(downB), upB.sub(downB), down.sub(up)].map((part) => part.div(2)),
    modes,
    rest,
  );
  const scaled = waves.mul(multiplicities(most));
  const across = scaled.matMul(grid.reshape([2 * modes, 2 * modes * rest]));
  const back = across
    .reshape([size, 2 * modes, rest])
    .transpose([1, 0, 2])
    .reshape([2 * modes, size * rest]);
  return scaled.matMul(back).reshape([size, size, batch, width]);
}

/** cc, sc, cs, ss, the first letter for the first axis, each [modes of l·k, batch, width]; l runs slowest. */
function quarters(both: Tensor, modes: number, batch: number, width: number): Tensor[] {
  // [second cos/sin, l, first cos/sin, k, rest]
  return both
    .transpose([0, 2, 1, 3, 4])
    .reshape([4, modes * modes, batch, width])
    .unstack();
}

/** The inverse of `quarters`, [2(K+1) of the second axis, 2(K+1) of the first, rest]. */
function joined(parts: Tensor[], modes: number, rest: number): Tensor {
  return parts[0]
    .concat(parts.slice(1), 0)
    .reshape([2, 2, modes, modes, rest])
    .transpose([0, 2, 1, 3, 4])
    .reshape([2 * modes, 2 * modes, rest]);
}
