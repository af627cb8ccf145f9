import type { GradConfig, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";
import { sumTo } from "./broadcast.js";

/** Gradients of matrix products, which sum over broadcast batches, of Einstein sums, and of the adjoint of convolution. */
export function productGradients(tf: TensorFlow): GradConfig[] {
  return [matMulGradient(tf), einsumGradient(tf), filterGradient(tf)];
}

/** The gradient of an Einstein sum of two tensors is another one: dy with the other tensor, to the letters of the first. */
function einsumGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: "Einsum",
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const { equation } = attrs as unknown as { equation: string };
      const [left, result] = equation.replaceAll(" ", "").split("->");
      const [a, b] = left.split(",");
      const d = dy as Tensor;
      return {
        0: () =>
          b === undefined ? tf.einsum(`${result}->${a}`, d) : tf.einsum(`${result},${b}->${a}`, d, saved[1]),
        1: () => tf.einsum(`${result},${a}->${b}`, d, saved[0]),
      };
    },
  };
}

function matMulGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: "BatchMatMul",
    inputsToSave: ["a", "b"],
    gradFunc: (dy, [a, b], attrs) => {
      const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
      const d = dy as Tensor;
      const da = (): Tensor =>
        transposeA ? tf.matMul(b, d, transposeB, true) : tf.matMul(d, b, false, !transposeB);
      const db = (): Tensor =>
        transposeB ? tf.matMul(d, a, true, transposeA) : tf.matMul(a, d, !transposeA, false);
      return { a: () => sumTo(tf, da(), a.shape), b: () => sumTo(tf, db(), b.shape) };
    },
  };
}

interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dataFormat: "NHWC" | "NCHW";
}

/** The gradient of a convolution with respect to its filter is linear in the image and in dy. */
function filterGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: "Conv2DBackpropFilter",
    inputsToSave: ["x", "dy"],
    gradFunc: (outer, [x, dy], attrs) => {
      const { strides, pad, dataFormat } = attrs as unknown as ConvolutionAttributes;
      const filter = outer as Tensor4D;
      return {
        x: () => {
          const backwards = { strides, pad, dataFormat, inputShape: x.shape };
          return tf.engine().runKernel<Tensor>("Conv2DBackpropInput", { dy, filter }, backwards);
        },
        dy: () => tf.conv2d(x as Tensor4D, filter, strides, pad, dataFormat),
      };
    },
  };
}
