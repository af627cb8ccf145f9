import { checkNumber } from "../core/checks.js";
import { checkLengths, ranges, type GroupOptions, type Optimiser, type OptimiserState } from "./optimiser.js";
import { schedule, type LearningRate } from "./schedule.js";

/** Settings of `sgd`. */
export interface SgdOptions extends GroupOptions {
  readonly learningRate: LearningRate;
  /** Share μ of the last step that is kept; default 0. */
  readonly momentum?: number;
  /** Look ahead by one step of momentum; default false. */
  readonly nesterov?: boolean;
  /** λ of a penalty λ |p|² / 2 added to the loss; default 0. */
  readonly l2?: number;
}

const NONE: OptimiserState["arrays"] = {};

/**
 * Gradient descent with momentum: g = ∇f(p) + λ p, v <- μ v + g, p <- p - η v (Nesterov: p <- p - η (g + μ v)).
 *
 * Source: Sutskever et al. 2013, section 2, in PyTorch's form.
 * @throws ArgumentError
 */
export function sgd(options: SgdOptions): Optimiser {
  const { learningRate, momentum = 0, nesterov = false, l2 = 0, groups } = options;
  const rate = schedule("learningRate", learningRate);
  checkNumber("momentum", momentum, { min: 0, max: 1 });
  checkNumber("l2", l2, { min: 0 });
  return {
    name: "sgd",
    settings: { momentum, nesterov, l2 },
    rate,
    init: (count) => ({ count: 0, arrays: momentum === 0 ? NONE : { velocity: new Float32Array(count) } }),
    update(params, gradient, state, step) {
      checkLengths(params, gradient, state);
      const velocity = momentum === 0 ? undefined : state.arrays.velocity;
      for (const { start, end, scale } of ranges(params.length, groups)) {
        move(params, gradient, velocity, { start, end, rate: scale * rate(step), momentum, nesterov, l2 });
      }
      state.count++;
    },
  };
}

interface Move {
  readonly start: number;
  readonly end: number;
  readonly rate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly l2: number;
}

function move(p: Float32Array, gradient: Float32Array, v: Float32Array | undefined, how: Move): void {
  const { start, end, rate, momentum, nesterov, l2 } = how;
  for (let i = start; i < end; i++) {
    const g = gradient[i] + l2 * p[i];
    if (v === undefined) {
      p[i] -= rate * g;
    } else {
      v[i] = momentum * v[i] + g;
      p[i] -= rate * (nesterov ? g + momentum * v[i] : v[i]);
    }
  }
}
