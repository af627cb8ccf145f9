import { createRequire } from "node:module";
import type * as tfjs from "@tensorflow/tfjs";
import { mendGradients } from "./gradients/mend.js";

/** The whole of tfjs. */
export type TensorFlow = typeof tfjs;

let loaded: TensorFlow | undefined;

/**
 * The one tfjs of this process, loaded at first use (about 0.2 s), with its gradients mended: plain tfjs code is
 * then right to third order. A notebook that imports tfjs itself gets the same instance.
 */
export function tf(): TensorFlow {
  if (loaded === undefined) {
    const module = createRequire(import.meta.url)("@tensorflow/tfjs") as TensorFlow;
    startQuietly(module);
    mendGradients(module);
    loaded = module;
  }
  return loaded;
}

/**
 * Takes the plain CPU backend unless another was chosen already, and keeps it from advertising another package on its
 * first tensor.
 */
function startQuietly(module: TensorFlow): void {
  Object.assign(module.findBackend("cpu") as object, { firstUse: false });
  if (!module.getBackend()) void module.setBackend("cpu");
}
