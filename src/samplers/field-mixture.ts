import { inOrder } from "../linalg/in-order.js";
import { pool } from "../onnx/index.js";
import { foldIn, type Key } from "../random/index.js";
import { checkTraceClass, type GridMixture } from "../targets/fields/index.js";
import type { FieldLangevinOptions } from "./field-langevin.js";
import type { FieldMixtureTask } from "./field-mixture-task.js";

const TASK = new URL("./field-mixture-task.js", import.meta.url).href;
/** Numbers in the fields of one task, about: they stay in the cache. */
const TASK_NUMBERS = 2 ** 13;

/**
 * Draw a mixture of Gaussian fields by `fieldLangevin` with its exact residual, on all threads of the pool: what a perfect network
 * would give. Stretches are of a fixed size with a key each, so the bits do not depend on the number of threads.
 *
 * @returns coefficients, numSamples·size^dim numbers
 * @throws ArgumentError; NotTraceClassError
 */
export async function fieldMixtureLangevin(
  mixture: GridMixture,
  key: Key,
  options: Omit<FieldLangevinOptions, "size">,
): Promise<Float64Array> {
  const { noise, numSamples, allowWhite = false, onProgress, signal, ...plan } = options;
  if (!allowWhite) checkTraceClass("noise", noise);
  const { size, weights, means, variances } = mixture;
  const dim = means[0].length;
  const stretch = Math.max(1, Math.floor(TASK_NUMBERS / dim));
  const count = Math.ceil(numSamples / stretch);
  const out = new Float64Array(numSamples * dim);
  const { basis, length, traceClass } = noise;
  const start = (i: number): Promise<Float64Array> => {
    const args: FieldMixtureTask = {
      mixture: { weights, means, variances },
      noise: { basis, dim: noise.dim, length, traceClass },
      eigenvalues: noise.eigenvalues(size),
      size,
      numSamples: Math.min(stretch, numSamples - i * stretch),
      plan,
      key: foldIn(key, i),
    };
    return pool().run({ module: TASK, name: "sampleStretch", args, ...(signal && { signal }) });
  };
  await inOrder(count, 2 * pool().size, start, (part, i) => {
    out.set(part, i * stretch * dim);
    onProgress?.({ done: i + 1, total: count });
  });
  return out;
}
