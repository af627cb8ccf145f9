import {
  checkDecreasing,
  checkFinite,
  checkInteger,
  checkKeys,
  checkNumber,
  checkPositive,
} from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Progress } from "../core/progress.js";
import { foldIn, type Key } from "../random/index.js";
import type { LinearDiffusion, TimeScore } from "../sde/index.js";
import { runChains } from "./chain.js";
import { ula } from "./langevin.js";
import type { Preconditioner } from "./preconditioner.js";

/** Options of `annealedLangevin`. */
export interface AnnealedOptions {
  readonly dim: number;
  readonly process: LinearDiffusion;
  /** Times whose laws are visited, from much noise to little: decreasing. */
  readonly times: ArrayLike<number>;
  /** Moves at each of them. */
  readonly stepsPerLevel: number;
  /** ε: the step at a level of noise variance v is ε v (default 0.1). */
  readonly stepFactor?: number;
  /** C of the noise's covariance v C, the identity by default. */
  readonly preconditioner?: Preconditioner;
  /** Whether the very last move adds noise; default true. */
  readonly lastNoise?: boolean;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Annealed Langevin dynamics through the laws of a noised target, each with steps in proportion to its noise:
 *
 *   x ← x + ε v C s(t, x) + sqrt(2 ε v) C^{1/2} ξ,  v = variance(t)
 *
 * One small noise level alone cannot move between separated modes; the way down from a large one can (Y. Song and S. Ermon, 2019).
 *
 * @param start n·dim numbers
 * @returns the points after the last level, n·dim numbers
 * @throws ArgumentError
 */
export async function annealedLangevin(
  score: TimeScore,
  key: Key,
  start: Float64Array,
  options: AnnealedOptions,
): Promise<Float64Array> {
  const known = [
    "dim",
    "process",
    "times",
    "stepsPerLevel",
    "stepFactor",
    "preconditioner",
    "lastNoise",
    "onProgress",
    "signal",
  ];
  checkKeys("options", options, known);
  const {
    dim,
    process,
    times,
    stepsPerLevel,
    stepFactor = 0.1,
    preconditioner,
    lastNoise = true,
    onProgress,
    signal,
  } = options;
  checkInteger("stepsPerLevel", stepsPerLevel, { min: 1 });
  checkPositive("stepFactor", stepFactor);
  checkFinite("start", start);
  checkDecreasing("times", times, (name, t) => checkNoisy(name, t, process));
  let x = start;
  for (let level = 0; level < times.length; level++) {
    const t = times[level];
    const stepSize = stepFactor * process.marginal(t).variance;
    const silent = !lastNoise && level === times.length - 1;
    const numSteps = silent ? stepsPerLevel - 1 : stepsPerLevel;
    if (numSteps > 0) {
      const kernel = ula(
        { dim, score: (y) => score(t, y) },
        { stepSize, ...(preconditioner && { preconditioner }) },
      );
      const run = await runChains(kernel, foldIn(key, level), x, { numSteps, ...(signal && { signal }) });
      x = run.state.x;
    }
    if (silent) x = climb(x, await score(t, x), stepSize, preconditioner);
    onProgress?.({ done: level + 1, total: times.length });
  }
  return x;
}

/** A move without noise. */
function climb(
  x: Float64Array,
  score: Float64Array,
  stepSize: number,
  preconditioner: Preconditioner | undefined,
): Float64Array {
  const drift = preconditioner === undefined ? score : preconditioner.apply(score);
  return x.map((value, k) => value + stepSize * drift[k]);
}

/** A time of the process that has noise. */
function checkNoisy(argument: string, t: number, process: LinearDiffusion): void {
  checkNumber(argument, t, { min: 0, max: process.horizon });
  if (process.marginal(t).variance <= 0) throw new ArgumentError(argument, t, "a time with noise");
}
