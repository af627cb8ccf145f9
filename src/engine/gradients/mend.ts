import type { TensorFlow } from "../tfjs.js";
import { arithmeticGradients } from "./arithmetic.js";
import { choiceGradients } from "./choices.js";
import { eluGradients } from "./elu.js";
import { layoutGradients } from "./layout.js";
import { saveLogSigmoidInput } from "./log-sigmoid.js";
import { composeCrossEntropy } from "./losses.js";
import { productGradients } from "./products.js";
import { reductionGradients } from "./reductions.js";
import { resamplingGradients } from "./resampling.js";
import { scatterGradients } from "./scatter.js";
import { followSavedOutputs } from "./tape.js";
import { zeroWhereIndependent } from "./independent.js";

/** Marks a tfjs whose gradients are mended: two copies of this library may share one. */
const MENDED = Symbol.for("scorebook.gradients");

/**
 * Puts tfjs's gradients right, once for the whole process: derivatives of derivatives through saved outputs, missing
 * gradients, and wrong ones.
 */
export function mendGradients(tf: TensorFlow): void {
  const engine = tf.engine() as unknown as Record<symbol, boolean | undefined>;
  if (engine[MENDED] === true) return;
  engine[MENDED] = true;
  followSavedOutputs(tf);
  zeroWhereIndependent(tf);
  saveLogSigmoidInput(tf);
  composeCrossEntropy(tf);
  const configurations = [
    arithmeticGradients,
    choiceGradients,
    eluGradients,
    layoutGradients,
    productGradients,
    reductionGradients,
    resamplingGradients,
    scatterGradients,
  ].flatMap((gradients) => gradients(tf));
  for (const configuration of configurations) tf.registerGradient(configuration);
}
