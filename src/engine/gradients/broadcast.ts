import type { Tensor } from "@tensorflow/tfjs";
import type { TensorFlow } from "../tfjs.js";

/** The adjoint of broadcasting: sums `gradient` over the axes along which a tensor of that shape was repeated. */
export function sumTo(tf: TensorFlow, gradient: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return (axes.length > 0 ? gradient.sum(axes) : gradient).reshape(shape);
}
