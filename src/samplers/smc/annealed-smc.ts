import { checkInteger, checkKeys, checkNumber, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { cellSignal } from "../../core/interrupt.js";
import type { Progress } from "../../core/progress.js";
import { effectiveSampleSize, logMeanExp, normalisedWeights } from "../../metrics/index.js";
import { foldIn, normal, split, type Key } from "../../random/index.js";
import type { Target } from "../../targets/index.js";
import { hmcMove, type Landscape } from "./hmc.js";
import { systematic } from "./resample.js";

/** Options of `annealed`. */
export interface AnnealedSmcOptions {
  readonly key: Key;
  /** Default 2,000. */
  readonly numParticles?: number;
  /** K: inverse temperatures k/K for k = 0..K; default 64. */
  readonly numTemperatures?: number;
  /** Hamiltonian moves at each temperature; default 1. */
  readonly numMoves?: number;
  /** Leapfrog steps of a move; default 10. */
  readonly numLeapfrog?: number;
  /** Their length at evenly spaced temperatures from 0 to 1, linear between; default 0.9, 0.7, 0.6, 0.5, 0.4. */
  readonly stepSizes?: readonly number[];
  /** Resample where the effective sample size falls below this share; default 0.3. */
  readonly threshold?: number;
  /** Standard deviation of the Gaussian start; default 1. */
  readonly scale?: number;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** What annealed sequential Monte Carlo leaves. */
export interface AnnealedSmcResult {
  /** Log of the estimate of ∫ ρ, which is unbiased (the estimate, not its log). */
  readonly logNormConst: number;
  /** Share of the particles that the last weights are worth. */
  readonly ess: number;
  /** Particles, n·dim numbers, to be used with their weights. */
  readonly samples: Float64Array;
  readonly logWeights: Float64Array;
  /** Mean acceptance rate of the moves at each temperature. */
  readonly acceptanceRates: Float64Array;
  /** How often the particles were resampled. */
  readonly resamplings: number;
  /** How often a particle was at a NaN of the log density, and given weight zero. */
  readonly excluded: number;
}

const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * Annealed sequential Monte Carlo with Hamiltonian moves: particles from N(0, scale² I) follow
 *
 *   log γ_k = (1 - k/K) log N(·; 0, scale²) + (k/K) log ρ,   log w += log γ_k(x) - log γ_{k-1}(x)
 *
 * are resampled where the weights are uneven, and moved by HMC at every temperature. An estimate of log Z that rests on no trained part;
 * the flow transport samplers of the tables are this with a flow between temperatures. Source: Del Moral, Doucet and Jasra 2006.
 *
 * @throws ArgumentError; the signal's reason
 */
export async function annealed(target: Target, options: AnnealedSmcOptions): Promise<AnnealedSmcResult> {
  const settings = readOptions(options);
  const { key, numParticles, numTemperatures, scale, threshold, onProgress, signal } = settings;
  const { dim } = target;
  const rates = new Float64Array(numTemperatures);
  let x: Float64Array = normal(foldIn(key, 0), numParticles * dim).map((z) => scale * z);
  let logWeights: Float64Array = new Float64Array(numParticles);
  let [logNormConst, resamplings, excluded] = [0, 0, 0];
  for (let k = 1; k <= numTemperatures; k++) {
    signal?.throwIfAborted();
    const before = logMeanExp(logWeights);
    const increments = ratios(target, scale, x);
    excluded += increments.excluded;
    logWeights = logWeights.map((log, i) => log + increments.values[i] / numTemperatures);
    logNormConst += logMeanExp(logWeights) - before;
    const [forChoice, forMoves] = split(foldIn(key, k));
    if (effectiveSampleSize(logWeights) < threshold) {
      x = rowsOf(x, systematic(forChoice, normalisedWeights(logWeights)), dim);
      logWeights = new Float64Array(numParticles);
      resamplings++;
    }
    [x, rates[k - 1]] = move(target, forMoves, x, k / numTemperatures, settings);
    onProgress?.({ done: k, total: numTemperatures });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const ess = effectiveSampleSize(logWeights);
  return { logNormConst, ess, samples: x, logWeights, acceptanceRates: rates, resamplings, excluded };
}

type Settings = Required<Omit<AnnealedSmcOptions, "onProgress" | "signal">> &
  Pick<AnnealedSmcOptions, "onProgress" | "signal">;

function readOptions(options: AnnealedSmcOptions): Settings {
  const known = [
    "key",
    "numParticles",
    "numTemperatures",
    "numMoves",
    "numLeapfrog",
    "stepSizes",
    "threshold",
  ];
  checkKeys("options", options, [...known, "scale", "onProgress", "signal"]);
  const signal = options.signal ?? cellSignal();
  const settings = {
    numParticles: 2000,
    numTemperatures: 64,
    numMoves: 1,
    numLeapfrog: 10,
    stepSizes: [0.9, 0.7, 0.6, 0.5, 0.4],
    threshold: 0.3,
    scale: 1,
    ...options,
    ...(signal && { signal }),
  };
  checkInteger("numParticles", settings.numParticles, { min: 2 });
  for (const name of ["numTemperatures", "numMoves", "numLeapfrog"] as const)
    checkInteger(name, settings[name], { min: 1 });
  if (settings.stepSizes.length === 0)
    throw new ArgumentError("stepSizes", settings.stepSizes, "at least one length");
  settings.stepSizes.forEach((size, i) => checkPositive(`stepSizes[${i}]`, size));
  checkNumber("threshold", settings.threshold, { min: 0, max: 1 });
  checkPositive("scale", settings.scale);
  return settings;
}

/** log ρ - log N at the particles; where ρ is NaN the particle is worth nothing. */
function ratios(target: Target, scale: number, x: Float64Array): { values: Float64Array; excluded: number } {
  const prior = gaussian(target.dim, scale).logDensity(x);
  let excluded = 0;
  const values = target.logDensity(x).map((value, i) => {
    if (!Number.isNaN(value)) return value - prior[i];
    excluded++;
    return -Infinity;
  });
  return { values, excluded };
}

/** The HMC moves of one temperature, and their mean acceptance rate. */
function move(
  target: Target,
  key: Key,
  start: Float64Array,
  share: number,
  settings: Settings,
): [Float64Array, number] {
  const { numMoves, numLeapfrog, stepSizes, scale } = settings;
  const between = blend(gaussian(target.dim, scale), target, share);
  const stepSize = interpolated(stepSizes, share);
  let [x, total] = [start, 0];
  for (let m = 0; m < numMoves; m++) {
    const moved = hmcMove(between, foldIn(key, m), x, { dim: target.dim, stepSize, numLeapfrog });
    x = moved.x;
    total += moved.acceptanceRate;
  }
  return [x, total / numMoves];
}

function gaussian(dim: number, scale: number): Landscape {
  const constant = (dim / 2) * (LOG_TWO_PI + 2 * Math.log(scale));
  return {
    logDensity(x) {
      const out = new Float64Array(x.length / dim).fill(-constant);
      x.forEach((value, at) => (out[Math.floor(at / dim)] -= (value / scale) ** 2 / 2));
      return out;
    },
    score: (x) => x.map((value) => -value / scale ** 2),
  };
}

function blend(first: Landscape, second: Landscape, share: number): Landscape {
  const mix = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, i) => (1 - share) * value + share * b[i]);
  return {
    logDensity: (x) => mix(first.logDensity(x), second.logDensity(x)),
    score: (x) => mix(first.score(x), second.score(x)),
  };
}

function interpolated(values: readonly number[], share: number): number {
  const place = share * (values.length - 1);
  const i = Math.min(values.length - 2, Math.floor(place));
  return values.length === 1 ? values[0] : values[i] + (place - i) * (values[i + 1] - values[i]);
}

function rowsOf(x: Float64Array, indices: Uint32Array, dim: number): Float64Array {
  const out = new Float64Array(x.length);
  indices.forEach((from, to) => out.set(x.subarray(from * dim, (from + 1) * dim), to * dim));
  return out;
}
