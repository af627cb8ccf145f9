import { checkNumber, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { checkLengths, ranges, type GroupOptions, type Optimiser } from "./optimiser.js";
import { schedule, type LearningRate } from "./schedule.js";

/** Settings that `adam` and `adamw` share. */
export interface MomentOptions extends GroupOptions {
  readonly learningRate: LearningRate;
  /** Decay of the mean of gradients; default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squares; default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the mean square; default 1e-8. */
  readonly epsilon?: number;
}

/** Settings of `adam`. */
export interface AdamOptions extends MomentOptions {
  /** λ of a penalty λ |p|² / 2 added to the loss; default 0. */
  readonly l2?: number;
}

/** Settings of `adamw`. */
export interface AdamwOptions extends MomentOptions {
  /** λ of a decay p <- (1 - η λ) p beside the step; default 0.01. */
  readonly weightDecay?: number;
}

/**
 * Adam: g = ∇f(p) + λ p, m <- β1 m + (1 - β1) g, v <- β2 v + (1 - β2) g²,
 * p <- p - η m̂ / (sqrt(v̂) + ε) with m̂ = m / (1 - β1^t), v̂ = v / (1 - β2^t) after t updates.
 *
 * Source: Kingma and Ba 2015, algorithm 1.
 * @throws ArgumentError
 */
export function adam(options: AdamOptions): Optimiser {
  const { l2 = 0 } = options;
  checkNumber("l2", l2, { min: 0 });
  return moments("adam", options, l2, 0);
}

/**
 * Adam with decoupled weight decay: p <- (1 - η λ) p, then Adam's step on the loss alone.
 *
 * Source: Loshchilov and Hutter 2019, algorithm 2.
 * @throws ArgumentError
 */
export function adamw(options: AdamwOptions): Optimiser {
  const { weightDecay = 0.01 } = options;
  checkNumber("weightDecay", weightDecay, { min: 0 });
  return moments("adamw", options, 0, weightDecay);
}

function moments(name: string, options: MomentOptions, l2: number, decay: number): Optimiser {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, groups } = options;
  const rate = schedule("learningRate", learningRate);
  checkShare("beta1", beta1);
  checkShare("beta2", beta2);
  checkPositive("epsilon", epsilon);
  return {
    name,
    settings: { beta1, beta2, epsilon, l2, weightDecay: decay },
    rate,
    init: (count) => ({
      count: 0,
      arrays: { mean: new Float32Array(count), square: new Float32Array(count) },
    }),
    update(params, gradient, state, step) {
      checkLengths(params, gradient, state);
      const { mean, square } = state.arrays;
      const t = ++state.count;
      // m̂ / (sqrt(v̂) + ε) = m c / (sqrt(v) + ε r) · r: one division an entry in place of three.
      const root = Math.sqrt(1 - beta2 ** t);
      const correction = root / (1 - beta1 ** t);
      for (const { start, end, scale } of ranges(params.length, groups)) {
        const eta = scale * rate(step);
        const how = { start, end, beta1, beta2, l2, rate: eta * correction, epsilon: epsilon * root };
        move(params, gradient, mean, square, { ...how, keep: 1 - eta * decay });
      }
    },
  };
}

interface Move {
  readonly start: number;
  readonly end: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly l2: number;
  readonly rate: number;
  readonly epsilon: number;
  /** What the decay leaves of a parameter. */
  readonly keep: number;
}

function move(p: Float32Array, gradient: Float32Array, m: Float32Array, v: Float32Array, how: Move): void {
  const { start, end, beta1, beta2, l2, rate, epsilon, keep } = how;
  const [new1, new2] = [1 - beta1, 1 - beta2];
  for (let i = start; i < end; i++) {
    const g = gradient[i] + l2 * p[i];
    const mean = beta1 * m[i] + new1 * g;
    const square = beta2 * v[i] + new2 * g * g;
    m[i] = mean;
    v[i] = square;
    p[i] = keep * p[i] - (rate * mean) / (Math.sqrt(square) + epsilon);
  }
}

function checkShare(argument: string, value: number): void {
  checkNumber(argument, value, { min: 0 });
  if (value >= 1) throw new ArgumentError(argument, value, "a number below 1");
}
