import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";

/** elu's own gradient is the kernel EluGrad(dy, y) = dy (y > 0 ? 1 : y + 1), to which tfjs gives no gradient. */
export function eluGradients(tf: TensorFlow): GradConfig[] {
  return [
    {
      kernelName: "EluGrad",
      inputsToSave: ["dy", "y"],
      gradFunc: (outer, [dy, y]) => {
        const positive = y.greater(0);
        const slope = tf.where(positive, tf.onesLike(y), y.add(1));
        const product = (outer as Tensor).mul(dy);
        return {
          dy: () => (outer as Tensor).mul(slope),
          y: () => tf.where(positive, tf.zerosLike(y), product),
        };
      },
    },
  ];
}
