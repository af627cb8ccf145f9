import type { Rank, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import { checkOneOf } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { tf } from "../tfjs.js";
import { divergence, type RowMap } from "./divergence.js";
import { jvp } from "./forward.js";
import { pullBack } from "./reverse.js";

/** How the Laplacian is found. */
export interface LaplacianOptions {
  /** `reverse`: the divergence of the gradient; `forward`: second derivatives along the axes (default `auto`). */
  readonly order?: "auto" | "forward" | "reverse";
}

/**
 * Laplacian of a scalar function of rows: sum_i d^2 f / d x_i^2.
 * @param f rows [n, d] to [n] or [n, 1], each row by itself
 * @returns x of shape [n, d] -> [n]
 * @throws ArgumentError where f returns another shape
 */
export function laplacian(f: RowMap, options: LaplacianOptions = {}): (x: Tensor2D) => Tensor1D {
  const order = checkOneOf("options.order", options.order ?? "auto", ["auto", "forward", "reverse"]);
  const values = (x: Tensor2D): Tensor => rowValues(f(x), x);
  return (x) => tf().tidy(() => (order === "forward" ? forward(values, x) : reverse(values, x)));
}

function rowValues(y: Tensor, x: Tensor2D): Tensor {
  if (y.size === x.shape[0] && y.rank <= 2) return y.flatten();
  throw new ArgumentError(
    "f",
    y.shape,
    `a function that returns one number for each of the ${x.shape[0]} rows`,
  );
}

function reverse(f: RowMap, x: Tensor2D): Tensor1D {
  return divergence((rows) => pullBack(([copy]) => f(copy as Tensor2D).sum(), [rows]).gradients[0])(x);
}

/** d^2/dt^2 f(x + t e_i) at t = 0, summed over i. */
function forward(f: RowMap, x: Tensor2D): Tensor1D {
  const [n, d] = x.shape;
  const terms = Array.from({ length: d }, (_, i) => {
    const unit = new Float32Array(d);
    unit[i] = 1;
    const axis = tf().broadcastTo<Rank.R2>(tf().tensor2d(unit, [1, d]), [n, d]);
    const slope = (rows: Tensor2D): Tensor => jvp<Tensor2D, Tensor>(f, rows, axis).tangent;
    return jvp<Tensor2D, Tensor>(slope, x, axis).tangent;
  });
  return terms.reduce((sum, term) => sum.add(term)) as Tensor1D;
}
