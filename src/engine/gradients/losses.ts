import type { Tensor } from "@tensorflow/tfjs";
import type { TensorFlow } from "../tfjs.js";

type Loss = TensorFlow["losses"]["softmaxCrossEntropy"];
type Values = Parameters<Loss>[0];

/**
 * Replaces tfjs's softmax cross-entropy, whose gradient saves an intermediate result that a second derivative takes for
 * a constant, by the same loss composed of operations: -sum_i p_i log softmax(z)_i, weighted as tfjs does it.
 */
export function composeCrossEntropy(tf: TensorFlow): void {
  const tensor = (values: Values): Tensor => (values instanceof tf.Tensor ? values : tf.tensor(values));
  const softmaxCrossEntropy = (
    onehotLabels: Values,
    logits: Values,
    weights?: Values,
    labelSmoothing = 0,
    reduction?: Parameters<Loss>[4],
  ): Tensor =>
    tf.tidy(() => {
      const z = tensor(logits).toFloat();
      const p = tensor(onehotLabels).toFloat();
      tf.util.assertShapesMatch(p.shape, z.shape, "Error in softmaxCrossEntropy: ");
      const smooth = p.mul(1 - labelSmoothing).add(labelSmoothing / p.shape[p.rank - 1]);
      const losses = (labelSmoothing > 0 ? smooth : p).mul(tf.logSoftmax(z)).sum(-1).neg();
      return tf.losses.computeWeightedLoss(losses, weights, reduction);
    });
  Object.assign(tf.losses, { softmaxCrossEntropy });
}
