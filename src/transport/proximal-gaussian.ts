import { checkInteger, checkKeys, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { choleskySmall, solveCholesky, transpose } from "../linalg/index.js";

/** A Gaussian law: mean, dim numbers; covariance, dim·dim numbers. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Options of `proximalOfGaussian`. */
export interface GaussianProximalOptions {
  /** A of V(x) = ½ xᵀ A x: symmetric positive semidefinite, dim·dim numbers. */
  readonly quadratic: Float64Array;
  /** T */
  readonly horizon: number;
  /** β, 1 by default. */
  readonly beta?: number;
}

/**
 * The regularised Wasserstein proximal operator of a Gaussian under a quadratic potential, in closed form:
 *
 *   J = (I + T A)^{-1},  N(μ, S) ↦ N(J μ, J S J + (2T/β) J)
 *
 * @throws ArgumentError; NotPositiveDefiniteError where I + T A is not positive definite
 */
export function proximalOfGaussian(start: Gaussian, options: GaussianProximalOptions): Gaussian {
  checkKeys("options", options, ["quadratic", "horizon", "beta"]);
  const { quadratic, horizon, beta = 1 } = options;
  checkPositive("horizon", horizon);
  checkPositive("beta", beta);
  const { mean, covariance } = start;
  const d = mean.length;
  checkInteger("start.mean.length", d, { min: 1 });
  for (const [name, matrix] of Object.entries({ "start.covariance": covariance, quadratic })) {
    if (matrix.length !== d * d) throw new ArgumentError(name, matrix, `${d * d} numbers`);
  }
  const factor = choleskySmall(
    quadratic.map((a, k) => horizon * a + (isDiagonal(k, d) ? 1 : 0)),
    d,
  );
  const identity = Float64Array.from({ length: d * d }, (_, k) => (isDiagonal(k, d) ? 1 : 0));
  const j = solveCholesky(factor, d, identity);
  const half = transpose(solveCholesky(factor, d, covariance), d, d);
  const sandwiched = solveCholesky(factor, d, half);
  return {
    mean: solveCholesky(factor, d, mean),
    covariance: sandwiched.map((value, k) => value + ((2 * horizon) / beta) * j[k]),
  };
}

function isDiagonal(k: number, d: number): boolean {
  return k % (d + 1) === 0;
}
