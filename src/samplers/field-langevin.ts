import { checkInteger } from "../core/checks.js";
import type { Progress } from "../core/progress.js";
import { fillNormal, split, type Key } from "../random/index.js";
import { checkLevels } from "../score/function-space/noise-levels.js";
import type { functionSpace } from "../score/index.js";
import { varianceExploding } from "../sde/index.js";
import { checkTraceClass, type FieldCovariance } from "../targets/fields/index.js";
import { annealedLangevin } from "./annealed-langevin.js";

/** Options of `fieldLangevin`. */
export interface FieldLangevinOptions extends functionSpace.LangevinPlan {
  /** C of the noise. */
  readonly noise: FieldCovariance;
  /** Points an axis. */
  readonly size: number;
  readonly numSamples: number;
  /** Take an operator that is not of trace class, for a control; default false. */
  readonly allowWhite?: boolean;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Draw fields by annealed Langevin dynamics in function space: at every level, T steps of
 *
 *   w ← w + h F(σ, w) + sqrt(2h) σ C^{1/2} ξ,
 *
 * from N(0, σ_1² C) down. The last step is without noise unless told. In coefficients of modes, n·size^dim numbers.
 *
 * @throws ArgumentError; NotTraceClassError for noise without a finite trace, with the growth of its sum
 */
export async function fieldLangevin(
  residual: functionSpace.Residual,
  key: Key,
  options: FieldLangevinOptions,
): Promise<Float64Array> {
  const { noise, size, numSamples, stepsPerLevel, stepFactor, lastNoise = false } = options;
  const { finalDenoise = false, allowWhite = false, onProgress, signal } = options;
  if (!allowWhite) checkTraceClass("noise", noise);
  checkInteger("numSamples", numSamples, { min: 1 });
  const levels = checkLevels(options.levels);
  const roots = noise.eigenvalues(size).map(Math.sqrt);
  const dim = roots.length;
  const [first, rest] = split(key);
  const colour = (v: Float64Array): Float64Array => v.map((value, i) => value * roots[i % dim]);
  const start = new Float64Array(numSamples * dim);
  fillNormal(first, start);
  const w = await annealedLangevin(
    // the residual over σ² is C times the score already
    async (sigma, x) => (await residual(sigma, x)).map((value) => value / (sigma * sigma)),
    rest,
    colour(start).map((value) => levels[0] * value),
    {
      dim,
      process: varianceExploding({ power: 2, horizon: levels[0] }),
      times: levels,
      stepsPerLevel,
      ...(stepFactor !== undefined && { stepFactor }),
      lastNoise,
      preconditioner: { apply: (v) => v, noise: colour },
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    },
  );
  if (!finalDenoise) return w;
  const last = await residual(levels[levels.length - 1], w);
  return w.map((value, i) => value + last[i]);
}
