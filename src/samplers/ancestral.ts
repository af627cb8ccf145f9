import { checkInteger, checkKeys } from "../core/checks.js";
import type { Progress } from "../core/progress.js";
import { fillNormal, foldIn, split, type Key } from "../random/index.js";
import type { functionSpace } from "../score/index.js";
import { checkTraceClass, type FieldCovariance } from "../targets/fields/index.js";

/** The noise in z_t, given z_t: coefficients of the modes, n·size² numbers in and out. */
export type NoisePrediction = (t: number, z: Float64Array) => Float64Array | Promise<Float64Array>;

/** Options of `ancestral`. */
export interface AncestralOptions {
  readonly process: functionSpace.BlurredProcess;
  /** Covariance of the noise, on cosine modes of a square. */
  readonly noise: FieldCovariance;
  readonly size: number;
  readonly numSamples: number;
  /** Default 250. */
  readonly numSteps?: number;
  /** Standard normal draws to start from, n·size² numbers by mode; default from the key. */
  readonly start?: Float64Array;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** One step from time t to s, mode by mode: z ← mean·z + noise·ε̂ + spread·(a draw of the noise). */
export interface AncestralStep {
  readonly mean: Float64Array;
  readonly prediction: Float64Array;
  readonly spread: Float64Array;
}

/**
 * The coefficients of the ancestral step from t to s < t. With a the blurred factors and a_ts = a_t/a_s, σ²_ts = σ_t² - a_ts² σ_s²:
 *
 *   mean = a_ts σ_s²/σ_t² z + (1/a_ts)(σ²_ts/σ_t²)(z - σ_t ε̂),   variance = σ²_ts σ_s²/σ_t² times the noise's
 *
 * @throws ArgumentError
 */
export function ancestralStep(
  process: functionSpace.BlurredProcess,
  t: number,
  s: number,
  size: number,
): AncestralStep {
  const [at, as] = [process.factors(t, size), process.factors(s, size)];
  const [vt, vs] = [process.marginal(t).sigma ** 2, process.marginal(s).sigma ** 2];
  const ratio = at.map((a, k) => (as[k] > 1e-150 ? a / as[k] : 0));
  const step = ratio.map((a) => Math.max(0, vt - a * a * vs));
  // where the blur has left nothing, 1/a_ts would amplify the prediction's error alone: such modes start afresh from the noise at s
  const invert = (a: number): number => (a > 1e-8 ? 1 / a : 0);
  return {
    mean: ratio.map((a, k) => (a * vs + invert(a) * step[k]) / vt),
    prediction: ratio.map((a, k) => (-invert(a) * step[k]) / Math.sqrt(vt)),
    spread: step.map((v) => Math.sqrt((v * vs) / vt)),
  };
}

/**
 * Draw fields by ancestral sampling of the blurred process in cosine modes; the last step's mean is returned.
 *
 * @returns coefficients, numSamples·size² numbers
 * @throws ArgumentError; NotTraceClassError
 */
export async function ancestral(
  predict: NoisePrediction,
  key: Key,
  options: AncestralOptions,
): Promise<Float64Array> {
  checkKeys("options", options, [
    "process",
    "noise",
    "size",
    "numSamples",
    "numSteps",
    "start",
    "onProgress",
    "signal",
  ]);
  const { process, noise, size, numSamples, numSteps = 250, start, onProgress, signal } = options;
  checkTraceClass("noise", noise);
  checkInteger("numSamples", numSamples, { min: 1 });
  checkInteger("numSteps", numSteps, { min: 1 });
  const roots = noise.eigenvalues(size).map(Math.sqrt);
  const dim = roots.length;
  const [first, rest] = split(key);
  const xi = new Float64Array(numSamples * dim);
  if (start === undefined) fillNormal(first, xi);
  else xi.set(start);
  const { sigma } = process.marginal(1);
  let z = xi.map((value, i) => sigma * roots[i % dim] * value);
  for (let step = 0; step < numSteps; step++) {
    signal?.throwIfAborted();
    const [t, s] = [1 - step / numSteps, 1 - (step + 1) / numSteps];
    const { mean, prediction, spread } = ancestralStep(process, t, s, size);
    const epsilon = await predict(t, z);
    fillNormal(foldIn(rest, step), xi);
    const silent = step === numSteps - 1;
    z = z.map((value, i) => {
      const k = i % dim;
      return mean[k] * value + prediction[k] * epsilon[i] + (silent ? 0 : spread[k] * roots[k] * xi[i]);
    });
    onProgress?.({ done: step + 1, total: numSteps });
  }
  return z;
}
