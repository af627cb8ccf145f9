import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";

const COMPARISONS = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"];
const LOGICAL = ["LogicalAnd", "LogicalOr"];
const UNARY = ["LogicalNot", "All", "Any"];

/** Gradients of comparisons and logic, which are zero, and of the choice between two tensors. */
export function choiceGradients(tf: TensorFlow): GradConfig[] {
  const zeros = (x: Tensor) => () => tf.zeros(x.shape);
  const binary = [...COMPARISONS, ...LOGICAL].map((kernelName) => ({
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (_: unknown, [a, b]: Tensor[]) => ({ a: zeros(a), b: zeros(b) }),
  }));
  const unary = UNARY.map((kernelName) => ({
    kernelName,
    inputsToSave: ["x"],
    gradFunc: (_: unknown, [x]: Tensor[]) => ({ x: zeros(x) }),
  }));
  // Choosing zero instead of multiplying by it keeps an infinity of the other branch out.
  const select: GradConfig = {
    kernelName: "Select",
    inputsToSave: ["condition"],
    gradFunc: (dy, [condition]) => ({
      condition: zeros(condition),
      t: () => tf.where(condition, dy as Tensor, tf.zerosLike(dy as Tensor)),
      e: () => tf.where(condition, tf.zerosLike(dy as Tensor), dy as Tensor),
    }),
  };
  return [...binary, ...unary, select];
}
