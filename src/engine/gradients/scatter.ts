import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";

/** Gathering and scattering by indices are each other's adjoint, and so are picking and placing the largest. */
export function scatterGradients(tf: TensorFlow): GradConfig[] {
  return [
    constantIndices(tf, "GatherV2", "indices"),
    constantIndices(tf, "UnsortedSegmentSum", "segmentIds"),
    {
      kernelName: "GatherNd",
      inputsToSave: ["params", "indices"],
      gradFunc: (dy, [params, indices]) => ({
        params: () => tf.scatterND(indices, dy as Tensor, params.shape),
        indices: () => tf.zeros(indices.shape),
      }),
    },
    {
      kernelName: "ScatterNd",
      inputsToSave: ["indices"],
      gradFunc: (dy, [indices]) => ({
        updates: () => tf.gatherND(dy as Tensor, indices),
        indices: () => tf.zeros(indices.shape),
      }),
    },
    {
      kernelName: "TopK",
      inputsToSave: ["x"],
      outputsToSave: [false, true],
      gradFunc: (dys, [x, places]) => ({
        x: () => {
          const [dy] = dys as Tensor[];
          const all = tf.range(0, x.shape[x.rank - 1], 1, "int32");
          const hits = places.expandDims(-1).equal(all).toFloat();
          return hits.mul(dy.expandDims(-1)).sum(-2);
        },
      }),
    },
  ];
}

/** tfjs's own gradient, with the zero that whole numbers have instead of an error where they depend on the input. */
function constantIndices(tf: TensorFlow, kernelName: string, indices: string): GradConfig {
  const original = tf.getGradient(kernelName);
  const place = original.inputsToSave!.indexOf(indices);
  return {
    ...original,
    gradFunc: (dy, saved, attrs) => ({
      ...original.gradFunc(dy, saved, attrs),
      [indices]: () => tf.zeros(saved[place].shape),
    }),
  };
}
