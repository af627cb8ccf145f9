import { checkInteger, checkKeys } from "../core/checks.js";
import type { Progress } from "../core/progress.js";
import { foldIn, type Key } from "../random/index.js";
import { checkLevels } from "../score/function-space/noise-levels.js";
import type { functionSpace } from "../score/index.js";
import { checkTraceClass, drawModes, type FieldCovariance } from "../targets/fields/index.js";

/** The child of a key that churn's noise comes from, beyond those of the fields. */
const CHURN = 2 ** 31 - 1;

/** Options of `fieldFlow`. */
export interface FieldFlowOptions {
  /** C of the noise. */
  readonly noise: FieldCovariance;
  /** Mean and variance of the data's modes on every grid. */
  readonly spectrum: functionSpace.ModeSpectrum;
  /** Points an axis. */
  readonly size: number;
  readonly numSamples: number;
  /** σ from much noise to little; the flow ends at 0. Two calls of the residual a level. */
  readonly levels: ArrayLike<number>;
  /** Levels by which a field is noised again before it goes on to the next one; default 0: the flow alone. */
  readonly churn?: number;
  /** Take an operator that is not of trace class, for a control; default false. */
  readonly allowWhite?: boolean;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Draw fields by the probability flow dw/dσ = -F(σ, w)/σ, in the coordinates in which a Gaussian law stands still.
 *
 * With κ = σ²c/(λ + σ²c), y = (w - m)/sqrt(λ + σ²c) and r = sqrt(1 - κ), the correlation of a mode with its noised self, the flow is
 *
 *   dy = N dr,   N = (F + κ (w - m))/(κ sqrt λ)
 *
 * mode by mode: what the linear denoiser does is integrated exactly, and N, what it misses, by Heun's method from level to level and
 * by Euler's from the last to r = 1. A Gaussian law is drawn exactly with any number of levels, where annealed Langevin dynamics with T
 * steps a level disperses by some 6/T too much. Starts from the Gaussian law with the noised data's variances. With one key the same
 * fields are begun on every grid, the finer with more modes.
 *
 * With churn a field at level l is first noised to level l - churn, y' = ρ y + sqrt(1 - ρ²) ζ with ρ the ratio of the levels' r: exact
 * for every law, and a Gaussian one still stands still. What the flow had wrong is forgotten by and by. After Karras et al. 2022,
 * algorithm 2.
 *
 * @returns coefficients of modes, numSamples·size^dim numbers
 * @throws ArgumentError; NotTraceClassError for noise without a finite trace
 */
export async function fieldFlow(
  residual: functionSpace.Residual,
  key: Key,
  options: FieldFlowOptions,
): Promise<Float64Array> {
  const known = [
    "noise",
    "spectrum",
    "size",
    "numSamples",
    "levels",
    "churn",
    "allowWhite",
    "onProgress",
    "signal",
  ];
  checkKeys("options", options, known);
  const { noise, spectrum, size, numSamples, churn = 0, allowWhite = false, onProgress, signal } = options;
  if (!allowWhite) checkTraceClass("noise", noise);
  checkInteger("numSamples", numSamples, { min: 1 });
  checkInteger("churn", churn, { min: 0 });
  const levels = checkLevels(options.levels);
  const { mean, variances } = spectrum.at(size);
  const c = noise.eigenvalues(size);
  const at = (sigma: number): Level => levelAt(sigma, mean, variances, c);
  const unit = { ...noise, eigenvalues: (n: number) => new Float64Array(n ** noise.dim).fill(1) };
  const churning = foldIn(key, CHURN);
  let y = drawModes(unit, key, numSamples, size);
  let here = at(levels[0]);
  for (let l = 0; l < levels.length; l++) {
    signal?.throwIfAborted();
    if (churn > 0 && l > 0) {
      const back = at(levels[Math.max(0, l - churn)]);
      y = noisedAgain(y, here, back, drawModes(unit, foldIn(churning, l), numSamples, size));
      here = back;
    }
    const slope = await slopeOf(residual, here, y);
    const next = l + 1 < levels.length ? at(levels[l + 1]) : at(0);
    const ahead = moved(y, slope, here, next);
    y = next.sigma === 0 ? ahead : moved(y, mid(slope, await slopeOf(residual, next, ahead)), here, next);
    here = next;
    onProgress?.({ done: l + 1, total: levels.length });
  }
  return noised(here, y);
}

/** The numbers of a level, a mode each. */
interface Level {
  readonly sigma: number;
  readonly mean: Float64Array;
  /** sqrt(λ + σ²c) */
  readonly spread: Float64Array;
  readonly kappa: Float64Array;
  /** κ sqrt λ */
  readonly out: Float64Array;
  readonly correlation: Float64Array;
}

function levelAt(sigma: number, mean: Float64Array, lambda: Float64Array, c: Float64Array): Level {
  const total = lambda.map((value, k) => value + sigma * sigma * c[k]);
  const kappa = total.map((value, k) => (value > 0 ? (sigma * sigma * c[k]) / value : 0));
  return {
    sigma,
    mean,
    spread: total.map(Math.sqrt),
    kappa,
    out: kappa.map((share, k) => share * Math.sqrt(lambda[k])),
    correlation: kappa.map((share) => Math.sqrt(1 - share)),
  };
}

/** y at a level of more noise. */
function noisedAgain(y: Float64Array, from: Level, to: Level, zeta: Float64Array): Float64Array {
  const dim = from.correlation.length;
  const rho = from.correlation.map((r, k) => (r > 0 ? to.correlation[k] / r : 1));
  const fresh = rho.map((value) => Math.sqrt(Math.max(0, 1 - value * value)));
  return y.map((value, i) => rho[i % dim] * value + fresh[i % dim] * zeta[i]);
}

function noised({ mean, spread }: Level, y: Float64Array): Float64Array {
  const dim = mean.length;
  return y.map((value, i) => mean[i % dim] + spread[i % dim] * value);
}

async function slopeOf(
  residual: functionSpace.Residual,
  level: Level,
  y: Float64Array,
): Promise<Float64Array> {
  const { sigma, spread, kappa, out } = level;
  const dim = out.length;
  const f = await residual(sigma, noised(level, y));
  return f.map((value, i) => {
    const k = i % dim;
    return out[k] > 0 ? (value + kappa[k] * spread[k] * y[i]) / out[k] : 0;
  });
}

function moved(y: Float64Array, slope: Float64Array, from: Level, to: Level): Float64Array {
  const dim = from.correlation.length;
  const step = to.correlation.map((r, k) => r - from.correlation[k]);
  return y.map((value, i) => value + step[i % dim] * slope[i]);
}

function mid(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => (value + b[i]) / 2);
}
