import { checkInteger, checkKeys, checkPositive } from "../../../core/checks.js";
import { column, type Scheme } from "./scheme.js";

/** Options of `pis`. */
export interface PisOptions {
  readonly dim: number;
  readonly numSteps: number;
  /** σ; default sqrt(0.2). */
  readonly sigma?: number;
  /** T; default 5, so that the reference ends in N(0, I). */
  readonly horizon?: number;
}

/**
 * The path integral sampler: dX = σ u dt + σ dW from X_0 = 0, against the Brownian motion σ W that ends in N(0, σ² T I).
 *
 *   RND = ∫ ½|u|² dt + ∫ u·dW + log N(X_T; 0, σ² T) - log ρ(X_T),   u* = σ ∇ log E[(ρ/N)(X_T) | X_t = x]
 *
 * Euler–Maruyama steps h = T/N, terms at the left end. Source: Zhang and Chen 2022.
 * @throws ArgumentError
 */
export function pis(options: PisOptions): Scheme {
  checkKeys("options", options, ["dim", "numSteps", "sigma", "horizon"]);
  const { dim, numSteps, sigma = Math.sqrt(0.2), horizon = 5 } = options;
  checkInteger("dim", dim, { min: 1 });
  checkInteger("numSteps", numSteps, { min: 1 });
  checkPositive("sigma", sigma);
  checkPositive("horizon", horizon);
  const h = horizon / numSteps;
  const all = (value: number): Float64Array => column(numSteps, () => value);
  const toCome = column(numSteps, (k) => sigma ** 2 * (horizon - k * h));
  const step = sigma ** 2 * h;
  return {
    method: "pis",
    dim,
    numSteps,
    steps: {
      keep: all(1),
      gain: all(step),
      noise: all(Math.sqrt(step)),
      square: all(step / 2),
      cross: all(Math.sqrt(step)),
      free: all(0),
      slope: all(Math.sqrt(step)),
      clock: all(Math.sqrt(h)),
      back: column(numSteps, (k) => k / (k + 1)),
      spread: column(numSteps, (k) => Math.sqrt((step * k) / (k + 1))),
    },
    times: {
      time: column(numSteps, (k) => k * h),
      progress: column(numSteps, (k) => k / numSteps),
      sigma: all(sigma),
      signal: column(numSteps, (k) => k / numSteps),
      logVariance: toCome.map(Math.log),
      reach: toCome.map((v) => 1 / v),
      size: toCome.map((v) => 1 / Math.sqrt(v + 0.05)),
    },
    start: "origin",
    variance: sigma ** 2 * horizon,
    reference: "last",
    pull: false,
    constant: 0,
    exact: false,
  };
}
