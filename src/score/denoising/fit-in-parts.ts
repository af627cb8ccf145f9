import { atOnce, stepsInParts, type RunPart } from "../../core/parts.js";
import type { FitResult } from "../../train/index.js";
import { fit, type DenoisingOptions } from "./fit.js";

/** Options of `fitInParts`: those of `fit`, and where a part is kept. */
export interface FitInPartsOptions extends Omit<DenoisingOptions, "from" | "average" | "checkpoint"> {
  readonly numSteps: number;
  /** Most steps of a part (default 10,000). */
  readonly partSteps?: number;
  /** Where a part is kept; nowhere unless told. */
  readonly part?: RunPart;
}

/**
 * Learn a score by denoising in parts named "<steps so far> steps", so that a run which was interrupted goes on after its last one.
 *
 * @param data n·dim numbers
 * @returns the parameters of the score's net, as of one `fit`
 * @throws ArgumentError, DivergenceError as `fit`; the signal's reason
 */
export async function fitInParts(data: Float64Array, options: FitInPartsOptions): Promise<Float32Array> {
  const { partSteps = 10_000, part = atOnce, ...fitting } = options;
  const { numSteps } = fitting;
  const { params } = await stepsInParts<Pick<FitResult, "state" | "params">>(
    { numSteps, partSteps, part },
    async (steps, last) => {
      const from = last?.state;
      const { training } = await fit(data, { ...fitting, numSteps: steps, ...(from && { from }) });
      return { state: training.state, params: training.params };
    },
  );
  return params;
}
