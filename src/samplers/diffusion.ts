import { checkDecreasing, checkInteger, checkKeys, checkNumber, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Progress } from "../core/progress.js";
import { normal, split, type Key } from "../random/index.js";
import {
  diffusionFlow,
  dormandPrince,
  eulerMaruyama,
  integrate,
  reverseDiffusion,
  stochasticHeun,
  type DormandPrinceOptions,
  type LinearDiffusion,
  type Method,
  type StepEvent,
  type TimeScore,
} from "../sde/index.js";

/** Where the samplers that run a diffusion backwards start and what they report. */
export interface DiffusionOptions {
  readonly dim: number;
  /** How many points to draw; unused where `start` is given. */
  readonly numSamples?: number;
  /** Points at the first time, n·dim numbers; by default N(0, variance(T) I). */
  readonly start?: Float64Array;
  /** Decreasing times, the last of them the noise that is left. */
  readonly times: ArrayLike<number>;
  readonly onStep?: (event: StepEvent) => void;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** Options of `sampleReverseSde`. */
export interface ReverseSdeOptions extends DiffusionOptions {
  /** The scheme, `eulerMaruyama` by default. */
  readonly method?: Method;
}

/** Options of `sampleFlow`. */
export interface FlowOptions extends DiffusionOptions {
  /** "heun" on the grid of times (default), or the adaptive pair of orders 5 and 4 between its ends. */
  readonly method?: "heun" | "adaptive";
  /** Of the adaptive pair. */
  readonly tolerance?: Pick<DormandPrinceOptions, "relativeTolerance" | "absoluteTolerance">;
}

const COMMON = ["dim", "numSamples", "start", "times", "onStep", "onProgress", "signal", "method"];

/**
 * Draw from the data's law by the time reversal of a linear diffusion: dY = [-a Y + g² s(t, Y)] |dt| + g dW, from T down.
 *
 * Starting from N(0, variance(T) I) instead of the law at T errs by what the noise has not yet forgotten.
 *
 * @returns n·dim numbers
 * @throws ArgumentError
 */
export function sampleReverseSde(
  process: LinearDiffusion,
  score: TimeScore,
  key: Key,
  options: ReverseSdeOptions,
): Promise<Float64Array> {
  checkKeys("options", options, COMMON);
  const [first, noise] = split(key);
  const start = startOf(process, first, options);
  const { times, method = eulerMaruyama, onStep, onProgress, signal } = options;
  return integrate(reverseDiffusion(process, score), start, times, {
    method,
    key: noise,
    ...(onStep && { onStep }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
}

/**
 * Draw from the data's law by the probability flow dY = [-a Y + ½ g² s(t, Y)] |dt|, from T down (Song et al. 2021).
 *
 * @returns n·dim numbers
 * @throws ArgumentError
 */
export async function sampleFlow(
  process: LinearDiffusion,
  score: TimeScore,
  key: Key,
  options: FlowOptions,
): Promise<Float64Array> {
  checkKeys("options", options, [...COMMON, "tolerance"]);
  const start = startOf(process, split(key)[0], options);
  const { times, method = "heun", tolerance = {}, onStep, onProgress, signal } = options;
  const system = diffusionFlow(process, score);
  if (method === "adaptive") {
    const last = times[times.length - 1];
    return (await dormandPrince(system, start, times[0], last, { ...tolerance, ...(signal && { signal }) }))
      .y;
  }
  if (method !== "heun") throw new ArgumentError("method", method, '"heun" or "adaptive"');
  return integrate(system, start, times, {
    method: stochasticHeun,
    ...(onStep && { onStep }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
}

/** The points at the first time: those given, or the noise that the process ends in. @throws ArgumentError */
export function startOf(process: LinearDiffusion, key: Key, options: DiffusionOptions): Float64Array {
  const { dim, numSamples, start, times } = options;
  checkInteger("dim", dim, { min: 1 });
  if (!(times?.length >= 2)) throw new ArgumentError("times", times, "at least two decreasing times");
  checkDecreasing("times", times, (name, t) => checkNumber(name, t, { min: 0, max: process.horizon }));
  if (start !== undefined) {
    checkPoints("start", start, dim);
    return start;
  }
  const n = checkInteger("numSamples", numSamples as number, { min: 1 });
  const spread = Math.sqrt(process.marginal(times[0]).variance);
  return normal(key, n * dim).map((z) => spread * z);
}
