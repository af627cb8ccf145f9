import type { GradConfig, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";

/** Average pooling and resizing are linear: the adjoint of their adjoint is the operation itself. */
export function resamplingGradients(tf: TensorFlow): GradConfig[] {
  const resize = (
    kernelName: string,
    forward: (x: Tensor4D, size: [number, number], alignCorners: boolean) => Tensor4D,
  ): GradConfig => ({
    kernelName,
    inputsToSave: ["dy", "images"],
    gradFunc: (outer, [dy, images], attrs) => {
      const { alignCorners } = attrs as unknown as { alignCorners: boolean };
      return {
        dy: () => forward(outer as Tensor4D, [dy.shape[1]!, dy.shape[2]!], alignCorners),
        images: () => tf.zerosLike(images),
      };
    },
  });
  return [
    resize("ResizeBilinearGrad", tf.image.resizeBilinear),
    resize("ResizeNearestNeighborGrad", tf.image.resizeNearestNeighbor),
    {
      kernelName: "AvgPoolGrad",
      inputsToSave: ["input"],
      gradFunc: (outer, [input], attrs) => {
        const { filterSize, strides, pad } = attrs as unknown as {
          filterSize: [number, number] | number;
          strides: [number, number] | number;
          pad: "valid" | "same" | number;
        };
        return {
          dy: (): Tensor => tf.avgPool(outer as Tensor4D, filterSize, strides, pad),
          input: () => tf.zerosLike(input),
        };
      },
    },
  ];
}
