import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../tfjs.js";
import { jvp } from "./forward.js";
import { pullBack } from "./reverse.js";

/**
 * Jacobian J[i, j] = d f(x)_i / d x_j, row by row in reverse or column by column in forward order, whichever is fewer.
 * @param f from one tensor to one tensor
 * @returns x -> a tensor of shape [...shape of f(x), ...shape of x]
 */
export function jacobian(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) =>
    tf().tidy(() => {
      const y = f(x);
      const matrix = y.size <= x.size ? rows(f, x, y) : columns(f, x, y);
      return matrix.reshape([...y.shape, ...x.shape]);
    });
}

function rows(f: (x: Tensor) => Tensor, x: Tensor, y: Tensor): Tensor {
  const parts = units(y).map((unit) => pullBack(([copy]) => f(copy), [x], unit).gradients[0]);
  return tf().stack(parts.map((part) => part.flatten()));
}

function columns(f: (x: Tensor) => Tensor, x: Tensor, y: Tensor): Tensor {
  const parts = units(x).map((unit) => jvp(f, x, unit).tangent.reshape([y.size]));
  return tf().stack(parts, 1);
}

/** The unit tensors of a shape. */
function units(like: Tensor): Tensor[] {
  return Array.from({ length: like.size }, (_, i) => {
    const entries = new Float32Array(like.size);
    entries[i] = 1;
    return tf().tensor(entries, like.shape);
  });
}
