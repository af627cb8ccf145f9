import type { Tensor } from "@tensorflow/tfjs";
import type { TensorFlow } from "../tfjs.js";

type Gradient = (dy: Tensor, saved: Tensor[]) => Record<string, () => Tensor>;

interface TapeOwner {
  addTapeNode(
    name: string,
    inputs: Record<string, Tensor>,
    outputs: Tensor[],
    gradient: Gradient | null,
    saved: Tensor[],
    attributes?: object,
  ): void;
  keep(tensor: Tensor): Tensor;
}

/**
 * tfjs's log-sigmoid looks at its input when the gradient is asked for, by which time an intermediate result has been
 * disposed. Here the input is saved, as every other operation does it.
 */
export function saveLogSigmoidInput(tf: TensorFlow): void {
  const engine = tf.engine() as unknown as TapeOwner;
  const record = engine.addTapeNode.bind(engine);
  const slope: Gradient = (dy, [x]) => ({ 0: () => dy.mul(x.neg().sigmoid()) });
  engine.addTapeNode = (name, inputs, outputs, gradient, saved, attributes) => {
    if (name === "logSigmoid__op" && gradient !== null && "0" in inputs) {
      record(name, inputs, outputs, slope, [engine.keep(inputs[0].clone())], attributes);
    } else {
      record(name, inputs, outputs, gradient, saved, attributes);
    }
  };
}
