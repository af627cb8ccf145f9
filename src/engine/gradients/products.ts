import type { GradConfig, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";
import { sumTo } from "./broadcast.js";

/** Gradients of matrix products, which sum over broadcast batches, and of the adjoint of convolution. */
export function productGradients(tf: TensorFlow): GradConfig[] {
  return [matMulGradient(tf), filterGradient(tf)];
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
