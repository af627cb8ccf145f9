import { checkInteger, checkNumber, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** A learning rate as a function of the number of the training step, 0 for the first. */
export type Schedule = (step: number) => number;

/** A fixed rate or a schedule. */
export type LearningRate = number | Schedule;

/**
 * The schedule of a learning rate, which throws where it gives anything but a finite number of at least 0.
 * @throws ArgumentError for a fixed rate that is not positive
 */
export function schedule(argument: string, rate: LearningRate): Schedule {
  if (typeof rate === "function") {
    return (step) => checkNumber(`${argument}(${step})`, rate(step), { min: 0 });
  }
  checkPositive(argument, rate);
  return () => rate;
}

/** How `warmupCosine` runs. */
export interface WarmupCosineOptions {
  /** Highest rate, reached after the warm-up. */
  readonly peak: number;
  /** Rate from step `numSteps` on; default 0. */
  readonly final?: number;
  /** Steps of linear growth; default 0. */
  readonly warmup?: number;
  readonly numSteps: number;
}

/**
 * Linear growth, then half a cosine: peak (s + 1) / warmup for s < warmup, then
 * final + (peak - final) (1 + cos(π (s - warmup) / (numSteps - warmup))) / 2.
 *
 * Source: Loshchilov and Hutter 2017, equation 5, with a single period.
 * @throws ArgumentError
 */
export function warmupCosine(options: WarmupCosineOptions): Schedule {
  const { peak, final = 0, warmup = 0, numSteps } = options;
  checkPositive("peak", peak);
  checkNumber("final", final, { min: 0 });
  checkInteger("warmup", warmup, { min: 0 });
  checkInteger("numSteps", numSteps, { min: warmup + 1 });
  return (step) => {
    if (step < warmup) return (peak * (step + 1)) / warmup;
    const share = Math.min(1, (step - warmup) / (numSteps - warmup));
    return final + ((peak - final) * (1 + Math.cos(Math.PI * share))) / 2;
  };
}

/** How `exponential` runs. */
export interface ExponentialOptions {
  /** Rate of the first step. */
  readonly start: number;
  /** Rate from step `numSteps` on. */
  readonly final: number;
  readonly numSteps: number;
  /** The rate is held for so many steps; default 1. */
  readonly every?: number;
}

/**
 * Geometric decay: start (final / start)^(s / numSteps), with s rounded down to a multiple of `every`.
 * @throws ArgumentError
 */
export function exponential(options: ExponentialOptions): Schedule {
  const { start, final, numSteps, every = 1 } = options;
  checkPositive("start", start);
  checkPositive("final", final);
  checkInteger("numSteps", numSteps, { min: 1 });
  checkInteger("every", every, { min: 1 });
  return (step) => {
    const held = Math.min(numSteps, step - (step % every));
    return start * (final / start) ** (held / numSteps);
  };
}

/** How `steps` runs. */
export interface StepsOptions {
  /** Rate of the first steps. */
  readonly start: number;
  /** What the rate is multiplied with. */
  readonly factor: number;
  /** At every multiple of a number of steps, or at the steps listed in increasing order. */
  readonly at: number | readonly number[];
}

/**
 * Piecewise constant: start · factor^k after k changes.
 * @throws ArgumentError
 */
export function steps(options: StepsOptions): Schedule {
  const { start, factor, at } = options;
  checkPositive("start", start);
  checkPositive("factor", factor);
  if (typeof at === "number") {
    checkInteger("at", at, { min: 1 });
    return (step) => start * factor ** Math.floor(step / at);
  }
  at.forEach((change, i) => {
    checkInteger(`at[${i}]`, change, { min: 0 });
    if (i > 0 && change <= at[i - 1])
      throw new ArgumentError(`at[${i}]`, change, `a step after ${at[i - 1]}`);
  });
  return (step) => start * factor ** at.filter((change) => change <= step).length;
}
