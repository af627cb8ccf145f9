import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import { ArgumentError } from "../../core/errors.js";
import { tf } from "../tfjs.js";
import { pullBack } from "./reverse.js";

/** A map that treats every row by itself. */
export type RowMap = (x: Tensor2D) => Tensor;

/** How the divergence is found. */
export interface DivergenceOptions {
  /**
   * Directions v of Hutchinson's estimate mean_k v_k^T J v_k, of shape [n, d] or [k, n, d], drawn by the caller with
   * mean 0 and covariance 1; without them the divergence is exact, at d derivatives.
   */
  readonly probes?: Tensor;
}

/**
 * Divergence of a vector field: sum_i d f_i / d x_i, row by row.
 * @param f rows [n, d] to rows [n, d], each row by itself
 * @returns x of shape [n, d] -> [n]
 * @throws ArgumentError where f changes the shape, or the probes do not fit x
 */
export function divergence(f: RowMap, options: DivergenceOptions = {}): (x: Tensor2D) => Tensor1D {
  return (x) =>
    tf().tidy(() => {
      const directions = options.probes === undefined ? axes(x) : split(options.probes, x);
      const terms = directions.map((v) =>
        v.mul(pullBack(([copy]) => checked(f, copy), [x], v).gradients[0]).sum(1),
      );
      const total = terms.reduce((sum, term) => sum.add(term));
      return (options.probes === undefined ? total : total.div(directions.length)) as Tensor1D;
    });
}

function checked(f: RowMap, x: Tensor): Tensor {
  const y = f(x as Tensor2D);
  if (y.shape.join() === x.shape.join()) return y;
  throw new ArgumentError(
    "f",
    y.shape,
    `a function that returns rows of the shape of x, [${x.shape.join(", ")}]`,
  );
}

/** Every row the same unit vector: exactly the partial derivatives that the divergence sums. */
function axes(x: Tensor2D): Tensor[] {
  const [n, d] = x.shape;
  return Array.from({ length: d }, (_, i) => {
    const unit = new Float32Array(d);
    unit[i] = 1;
    return tf().broadcastTo(tf().tensor2d(unit, [1, d]), [n, d]);
  });
}

function split(probes: Tensor, x: Tensor2D): Tensor[] {
  const shape = probes.rank === 3 ? probes.shape.slice(1) : probes.shape;
  if (shape.join() !== x.shape.join()) {
    throw new ArgumentError(
      "options.probes",
      probes.shape,
      `shape [n, d] or [k, n, d] with x of [${x.shape.join(", ")}]`,
    );
  }
  return probes.rank === 3 ? probes.unstack() : [probes];
}
