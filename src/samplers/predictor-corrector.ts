import { checkInteger, checkKeys, checkPositive } from "../core/checks.js";
import { foldIn, normal, split, type Key } from "../random/index.js";
import type { LinearDiffusion, TimeScore } from "../sde/index.js";
import { startOf, type DiffusionOptions } from "./diffusion.js";
import { reverseStep } from "./reverse-step.js";

/** Options of `samplePredictorCorrector`. */
export interface PredictorCorrectorOptions extends DiffusionOptions {
  /** Langevin moves after each step of the reverse SDE (default 1). */
  readonly correctorSteps?: number;
  /** r, the moves' signal-to-noise ratio (default 0.16). */
  readonly signalToNoise?: number;
}

/**
 * Draw by steps of the reverse SDE, each followed by Langevin moves at the time reached, which take back part of its error:
 *
 *   x ← x + ε s + sqrt(2ε) ξ,  ε = 2 (r |ξ| / |s|)², norms being means over the points (Song et al. 2021, algorithm 4)
 *
 * @returns n·dim numbers
 * @throws ArgumentError
 */
export async function samplePredictorCorrector(
  process: LinearDiffusion,
  score: TimeScore,
  key: Key,
  options: PredictorCorrectorOptions,
): Promise<Float64Array> {
  const own = ["dim", "numSamples", "start", "times", "correctorSteps", "signalToNoise"];
  checkKeys("options", options, [...own, "onStep", "onProgress", "signal"]);
  const { dim, times, correctorSteps = 1, signalToNoise = 0.16, onStep, onProgress, signal } = options;
  checkInteger("correctorSteps", correctorSteps, { min: 0 });
  checkPositive("signalToNoise", signalToNoise);
  const [first, rest] = split(key);
  const x = startOf(process, first, options).slice();
  const predict = reverseStep(process, score, x.length);
  for (let k = 0; k + 1 < times.length; k++) {
    signal?.throwIfAborted();
    const [t, next] = [times[k], times[k + 1]];
    const [predictor, corrector] = split(foldIn(rest, k));
    await predict(x, t, next, predictor);
    for (let c = 0; c < correctorSteps; c++) {
      correct(x, await score(next, x), foldIn(corrector, c), signalToNoise, dim);
    }
    onStep?.({ step: k + 1, t: next, y: x });
    onProgress?.({ done: k + 1, total: times.length - 1 });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return x;
}

function correct(x: Float64Array, s: Float64Array, key: Key, ratio: number, dim: number): void {
  const xi = normal(key, x.length);
  const stepSize = 2 * ((ratio * meanNorm(xi, dim)) / meanNorm(s, dim)) ** 2;
  const root = Math.sqrt(2 * stepSize);
  for (let k = 0; k < x.length; k++) x[k] += stepSize * s[k] + root * xi[k];
}

function meanNorm(v: Float64Array, dim: number): number {
  let sum = 0;
  for (let at = 0; at < v.length; at += dim) {
    let square = 0;
    for (let k = at; k < at + dim; k++) square += v[k] * v[k];
    sum += Math.sqrt(square);
  }
  return (sum * dim) / v.length;
}
