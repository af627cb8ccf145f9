import { checkInteger, checkNumber, checkPositive } from "../../core/checks.js";

/** A run of annealed Langevin dynamics in function space. */
export interface LangevinPlan {
  /** σ_l, standard deviations from much noise to little. */
  readonly levels: ArrayLike<number>;
  /** T, steps at every level. */
  readonly stepsPerLevel: number;
  /** h, default 0.1: the authors' ε/(2σ_L²). */
  readonly stepFactor?: number;
  /** Whether the very last step adds noise; default false, the authors' choice. */
  readonly lastNoise?: boolean;
  /** Whether E[u | w] replaces the last w; default false. */
  readonly finalDenoise?: boolean;
}

/**
 * The variance that the annealed sampler gives a Gaussian mode, with the exact residual, started from the noise itself:
 *
 *   v ← (1 - hκ)² v + 2h σ² c,  κ = σ² c/(λ + σ² c),   T times a level; stationary at (λ + σ²c)/(1 - hκ/2)
 *
 * @param lambda variance of the data
 * @param c variance of the noise
 * @throws ArgumentError
 */
export function langevinVariance(lambda: number, c: number, plan: LangevinPlan): number {
  const { levels, stepsPerLevel, stepFactor: h = 0.1, lastNoise = false, finalDenoise = false } = plan;
  checkNumber("lambda", lambda, { min: 0 });
  checkPositive("c", c);
  checkInteger("stepsPerLevel", stepsPerLevel, { min: 1 });
  let v = levels[0] ** 2 * c;
  for (let l = 0; l < levels.length; l++) {
    const noise = levels[l] ** 2 * c;
    const shrink = (1 - (h * noise) / (lambda + noise)) ** 2;
    for (let step = 0; step < stepsPerLevel; step++) {
      const silent = !lastNoise && l === levels.length - 1 && step === stepsPerLevel - 1;
      v = shrink * v + (silent ? 0 : 2 * h * noise);
    }
  }
  const last = levels[levels.length - 1] ** 2 * c;
  return finalDenoise ? v * (lambda / (lambda + last)) ** 2 : v;
}
