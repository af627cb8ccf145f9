import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../../engine/tfjs.js";

/**
 * The first waves on a periodic grid of n points as a matrix [n, 2(K+1)]: columns cos(2πkj/n), k = 0..K, then sin(2πkj/n).
 *
 * With the forward transform scaled by 1/n, coefficients do not depend on the grid, and neither do weights that act on them.
 */
export function waveMatrix(size: number, most: number): Tensor {
  const columns = 2 * (most + 1);
  const entries = Float32Array.from({ length: size * columns }, (_, p) => {
    const [j, c] = [Math.floor(p / columns), p % columns];
    const angle = (2 * Math.PI * j * (c % (most + 1))) / size;
    return c <= most ? Math.cos(angle) : Math.sin(angle);
  });
  return tf().tensor2d(entries, [size, columns]);
}

/** How often a wave occurs in a real field: column factors of the inverse transform, 1 for k = 0 and 2 otherwise. */
export function multiplicities(most: number): Tensor {
  return tf().tensor1d(Array.from({ length: 2 * (most + 1) }, (_, c) => (c % (most + 1) === 0 ? 1 : 2)));
}
