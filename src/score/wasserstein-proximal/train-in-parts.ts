import { checkInteger, checkPoints } from "../../core/checks.js";
import { atOnce, stepsInParts, type RunPart } from "../../core/parts.js";
import { average } from "../../metrics/index.js";
import { train } from "./train.js";
import type { TrainOptions } from "./train-options.js";
import type { TrainingState } from "./training-state.js";

/** Options of `trainInParts`: those of `train`, and how it is watched. */
export interface PartsOptions extends Omit<TrainOptions, "state"> {
  readonly numSteps: number;
  /** Points that are neither centres nor trained on, n·d numbers. */
  readonly heldOut: Float64Array;
  /** Most steps of a part (default 2500); there are four parts at least. */
  readonly partSteps?: number;
  /** Where a part is kept; nowhere unless told. */
  readonly part?: RunPart;
}

/** The best of a training's checkpoints. */
export interface BestOfParts {
  readonly weights: Float32Array;
  /** Steps that made these weights. */
  readonly steps: number;
  /** Their loss on the points held out. */
  readonly loss: number;
  /** The end of each part: steps so far, and the loss there. */
  readonly curve: { readonly steps: readonly number[]; readonly loss: readonly number[] };
}

/**
 * Train kernels in parts and keep the weights of the part whose end has the least implicit loss on points held out.
 *
 * A step size that falls over the whole run must be given as its schedule. Parts are named "<steps so far> steps"; the result is
 * that of one training to the last bit, wherever it was interrupted.
 * @param data n·d numbers
 * @throws ArgumentError, DivergenceError as `train`; the signal's reason
 */
export async function trainInParts(data: Float64Array, options: PartsOptions): Promise<BestOfParts> {
  const { heldOut, partSteps = 2500, part = atOnce, ...training } = options;
  const { numSteps, dim } = training;
  checkInteger("dim", dim, { min: 1 });
  checkPoints("heldOut", heldOut, dim);
  const curve = { steps: [] as number[], loss: [] as number[] };
  let best = { loss: Infinity, steps: 0, weights: new Float32Array(0) };
  await stepsInParts<{ state: TrainingState; loss: number }>(
    { numSteps, partSteps: Math.min(partSteps, Math.ceil(numSteps / 4)), part },
    async (steps, last) => {
      const made = await train(data, { ...training, numSteps: steps, ...(last && { state: last.state }) });
      return { state: made.state, loss: average(await made.model.implicitLoss(heldOut)).value };
    },
    ({ state, loss }, steps) => {
      curve.steps.push(steps);
      curve.loss.push(loss);
      if (loss < best.loss) best = { loss, steps, weights: Float32Array.from(state.weights) };
    },
  );
  return { ...best, curve };
}
