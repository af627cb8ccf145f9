import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";

/** Gathering and scattering by indices are each other's adjoint. */
export function scatterGradients(tf: TensorFlow): GradConfig[] {
  return [
    {
      kernelName: "GatherNd",
      inputsToSave: ["params", "indices"],
      gradFunc: (dy, [params, indices]) => ({
        params: () => tf.scatterND(indices, dy as Tensor, params.shape),
      }),
    },
    {
      kernelName: "ScatterNd",
      inputsToSave: ["indices"],
      gradFunc: (dy, [indices]) => ({ updates: () => tf.gatherND(dy as Tensor, indices) }),
    },
  ];
}
