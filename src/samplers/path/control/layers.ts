import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../../../engine/index.js";

/** x W + code for x [..., inputs] and a code that all rows of a step share, as rows [n, outputs]. */
export function firstLayer(x: Tensor, weight: Tensor, code: Tensor): Tensor {
  const [inputs, outputs] = weight.shape;
  if (x.rank === 2) return x.matMul(weight).add(code);
  const product = x.reshape([-1, inputs]).matMul(weight);
  return product
    .reshape([x.shape[0], x.shape[1] as number, outputs])
    .add(code)
    .reshape([-1, outputs]);
}

/** x cut to [-limit, limit]. */
export function clip(x: Tensor, limit: Tensor | number): Tensor {
  if (typeof limit === "number") return x.clipByValue(-limit, limit);
  return tf().minimum(tf().maximum(x, limit.neg()), limit);
}

/** asinh x: x where it is small, the signed logarithm of 2|x| where it is large. */
export function signedLog(x: Tensor): Tensor {
  const size = x.abs();
  return x.sign().mul(size.add(size.square().add(1).sqrt()).log());
}

/** x / sqrt(1 + (x / size)²): x where it is small, never beyond the size. */
export function tame(x: Tensor, size: Tensor | number): Tensor {
  return x.div(x.div(size).square().add(1).sqrt());
}

/** What `tame` was given, up to a thousand times the size, for a logarithm to look at. */
export function untame(y: Tensor, size: Tensor): Tensor {
  const left = y.div(size).square().neg().add(1);
  return y.div(left.maximum(1e-6).sqrt());
}
