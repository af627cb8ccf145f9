import { checkInteger, checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { attention } from "./attention.js";

/** A potential of many variables; points are row-major, n·dim numbers. */
export interface BatchPotential {
  /** V, n numbers */
  value(x: Float64Array): Float64Array;
  /** ∇V, n·dim numbers */
  gradient(x: Float64Array): Float64Array;
}

/** Options of `proximalOfParticles`. */
export interface ParticleOptions {
  readonly dim: number;
  readonly potential: BatchPotential;
  /** log Z(y_j) at the particles, m numbers; a common constant drops out of the score. */
  readonly logNormaliser: Float64Array;
  /** T */
  readonly horizon: number;
  /** β, 1 by default. */
  readonly beta?: number;
}

/** The law after one proximal step, at given points. */
export interface ParticleProximal {
  /** log ρ_T(x_i), n numbers */
  readonly logDensity: Float64Array;
  /** ∇ log ρ_T(x_i), n·dim numbers */
  readonly score: Float64Array;
}

/**
 * Density and score of the regularised Wasserstein proximal operator of particles, ρ_0 = (1/m) Σ_j δ(y_j):
 *
 *   ρ_T(x) = (1/m) Σ_j exp(-(β/2) [V(x) + |x - y_j|²/2T] - log Z(y_j))
 *   ∇ log ρ_T(x) = -(β/2) [∇V(x) + (x - ȳ(x))/T],  ȳ(x) = Σ_j w_j(x) y_j,  w = softmax_j(-β|x - y_j|²/4T - log Z(y_j))
 *
 * (H. Y. Tan, S. Osher and W. Li, 2023).
 *
 * @param x points, n·dim numbers
 * @param particles y, m·dim numbers
 * @throws ArgumentError
 */
export async function proximalOfParticles(
  x: Float64Array,
  particles: Float64Array,
  options: ParticleOptions,
): Promise<ParticleProximal> {
  checkKeys("options", options, ["dim", "potential", "logNormaliser", "horizon", "beta"]);
  const { dim, potential, logNormaliser, horizon, beta = 1 } = options;
  checkInteger("dim", dim, { min: 1 });
  checkPositive("horizon", horizon);
  checkPositive("beta", beta);
  checkPoints("x", x, dim);
  const m = checkPoints("particles", particles, dim);
  if (!(logNormaliser instanceof Float64Array) || logNormaliser.length !== m) {
    throw new ArgumentError("logNormaliser", logNormaliser, `a Float64Array of length ${m}`);
  }
  const bias = logNormaliser.map((log) => -log - Math.log(m));
  const { logSum, mean } = await attention(x, particles, { dim, variance: (2 * horizon) / beta, bias });
  const value = potential.value(x);
  const gradient = potential.gradient(x);
  return {
    logDensity: logSum.map((log, i) => log - (beta / 2) * value[i]),
    score: x.map((at, k) => -(beta / 2) * (gradient[k] + (at - mean[k]) / horizon)),
  };
}
