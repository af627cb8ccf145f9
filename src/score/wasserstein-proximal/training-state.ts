import { checkInteger } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { foldIn, type Key } from "../../random/index.js";
import { initialWeights, type Network } from "./network.js";

/** All that training needs to go on: plain arrays, after `step` steps. */
export interface TrainingState {
  readonly step: number;
  readonly weights: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** Loss of each step so far, a mean over its batch. */
  readonly losses: Float64Array;
}

/** Training that left the region where numbers make sense: the last good state is kept here. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
  readonly argument = "stepSize";
  readonly step: number;
  readonly norm: number;
  readonly state: TrainingState;

  constructor(step: number, norm: number, stepSize: number, state: TrainingState) {
    super(
      `stepSize: training diverged at step ${step} with a gradient of norm ${norm} (step size ${stepSize}); ` +
        `the state after ${state.step} steps is kept in this error's "state"; try a smaller step size`,
    );
    this.step = step;
    this.norm = norm;
    this.state = state;
  }
}

/** The state before the first step. */
export function initialState(net: Network, key: Key): TrainingState {
  const weights = initialWeights(net, foldIn(key, 0));
  const zeros = (): Float64Array => new Float64Array(net.size);
  return { step: 0, weights, mean: zeros(), square: zeros(), losses: new Float64Array(0) };
}

/** A state that fits the network and the number of steps. @throws ArgumentError */
export function checkState(
  { step, weights, mean, square, losses }: TrainingState,
  net: Network,
  numSteps: number,
): void {
  checkInteger("state.step", step, { min: 0, max: numSteps });
  for (const [name, values] of Object.entries({ weights, mean, square })) {
    if (values.length !== net.size) throw new ArgumentError(`state.${name}`, values, `${net.size} numbers`);
  }
  if (losses.length !== step) throw new ArgumentError("state.losses", losses, `${step} numbers`);
}
