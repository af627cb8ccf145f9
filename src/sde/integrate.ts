import { checkFinite, checkKeys } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Progress } from "../core/progress.js";
import type { Key } from "../random/index.js";
import type { Method } from "./method.js";
import { keyedNoise, type NoiseSource } from "./noise.js";
import { stochasticHeun } from "./stochastic-heun.js";
import { diffusionAt, type System } from "./system.js";

/** Options of `integrate`. */
export interface IntegrateOptions {
  /** The scheme, `stochasticHeun` by default. */
  readonly method?: Method;
  /** Key of the noise; needed unless the diffusion is 0 or `noise` is given. */
  readonly key?: Key;
  /** Noise of one's own instead of a key. */
  readonly noise?: NoiseSource;
  /** Called with each state, the first one included; `y` changes later, copy what is to be kept. */
  readonly onStep?: (event: StepEvent) => void;
  readonly onProgress?: Progress;
  /** Stops between two steps, by rejecting with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A state on the way: `step` of the grid, its time and the points. */
export interface StepEvent {
  readonly step: number;
  readonly t: number;
  readonly y: Float64Array;
}

const OPTIONS = ["method", "key", "noise", "onStep", "onProgress", "signal"];
/** Milliseconds after which other work of the thread gets a turn. */
const SHIFT = 20;

/**
 * March a system along a grid of times, from its first to its last; every step's noise is addressed by the key and the step.
 *
 * @param start flat points, left as they are
 * @param times strictly increasing or strictly decreasing
 * @returns the points at the last time
 * @throws ArgumentError for a grid that is not monotone, missing noise, or points that are not finite
 */
export async function integrate(
  system: System,
  start: Float64Array,
  times: ArrayLike<number>,
  options: IntegrateOptions = {},
): Promise<Float64Array> {
  checkKeys("options", options, OPTIONS);
  checkTimes(times);
  checkFinite("start", start);
  const { method = stochasticHeun, onStep, onProgress, signal } = options;
  const fill = noiseOf(system, options);
  const y = start.slice();
  const noise = new Float64Array(y.length);
  const step = method.start(system, y.length);
  const total = times.length - 1;
  let turn = performance.now();
  onStep?.({ step: 0, t: times[0], y });
  for (let k = 0; k < total; k++) {
    signal?.throwIfAborted();
    const [t, next] = [times[k], times[k + 1]];
    if (fill !== undefined) {
      fill(k, noise);
      scale(noise, stepNoise(system, t, next));
    }
    await step(y, t, next, noise);
    system.project?.(y);
    onStep?.({ step: k + 1, t: next, y });
    onProgress?.({ done: k + 1, total });
    if (performance.now() - turn > SHIFT) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }
  return y;
}

/** sqrt of the integral of diffusion² over the step, by the trapezoidal rule: exact for constants, of order 2 otherwise. */
function stepNoise(system: System, t: number, next: number): number {
  const squares = (diffusionAt(system, t) ** 2 + diffusionAt(system, next) ** 2) / 2;
  return Math.sqrt(Math.abs(next - t) * squares);
}

function scale(values: Float64Array, factor: number): void {
  for (let at = 0; at < values.length; at++) values[at] *= factor;
}

function noiseOf(system: System, { key, noise }: IntegrateOptions): NoiseSource | undefined {
  if (system.diffusion === 0) return undefined;
  if (noise !== undefined) return noise;
  if (key === undefined) throw new ArgumentError("options.key", key, "a key for the noise of this system");
  return keyedNoise(key);
}

function checkTimes(times: ArrayLike<number>): void {
  if (!(times?.length >= 2)) throw new ArgumentError("times", times, "a grid of at least two times");
  const direction = Math.sign(times[1] - times[0]);
  for (let k = 1; k < times.length; k++) {
    if (!(direction * (times[k] - times[k - 1]) > 0)) {
      throw new ArgumentError(`times[${k}]`, times[k], "strictly increasing or strictly decreasing times");
    }
  }
}
