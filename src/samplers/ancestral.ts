import { checkInteger, checkKeys } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Progress } from "../core/progress.js";
import { foldIn, split, type Key } from "../random/index.js";
import type { functionSpace } from "../score/index.js";
import { checkTraceClass, drawModes, reached, type FieldCovariance } from "../targets/fields/index.js";

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
 * With one key on two grids every mode gets the same noise, at the start and at each step: draws differ by what the finer grid adds.
 * Modes that the noise does not reach stay where they start.
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
  const [first, rest] = split(key);
  const { sigma } = process.marginal(1);
  const live = reached(noise.eigenvalues(size));
  const z = start === undefined ? drawModes(noise, first, numSamples, size) : given(start, options);
  for (let i = 0; i < z.length; i++) z[i] *= sigma;
  for (let step = 0; step < numSteps; step++) {
    signal?.throwIfAborted();
    const [t, s] = [1 - step / numSteps, 1 - (step + 1) / numSteps];
    const coefficients = ancestralStep(process, t, s, size);
    const epsilon = await predict(t, z);
    const silent = step === numSteps - 1;
    const zeta = silent ? undefined : drawModes(noise, foldIn(rest, step), numSamples, size);
    move(z, epsilon, zeta, coefficients, live);
    onProgress?.({ done: step + 1, total: numSteps });
  }
  return z;
}

/** z ← mean·z + prediction·ε̂ + spread·ζ, in place. */
function move(
  z: Float64Array,
  epsilon: Float64Array,
  zeta: Float64Array | undefined,
  { mean, prediction, spread }: AncestralStep,
  live: Uint32Array,
): void {
  const dim = mean.length;
  for (let at = 0; at < z.length; at += dim) {
    for (const k of live) {
      const still = mean[k] * z[at + k] + prediction[k] * epsilon[at + k];
      z[at + k] = zeta === undefined ? still : still + spread[k] * zeta[at + k];
    }
  }
}

/** A draw of the noise from standard normal ones. */
function given(start: Float64Array, { noise, size, numSamples }: AncestralOptions): Float64Array {
  const roots = noise.eigenvalues(size).map(Math.sqrt);
  if (start.length !== numSamples * roots.length) {
    throw new ArgumentError("options.start", start, `${numSamples}·${roots.length} numbers`);
  }
  return start.map((value, i) => roots[i % roots.length] * value);
}
