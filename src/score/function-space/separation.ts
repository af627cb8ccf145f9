import { checkNumber } from "../../core/checks.js";
import { choleskySmall, solveTriangular } from "../../linalg/index.js";

/**
 * Half the distance between two noised components N(±a, K) in their own units, δ = sqrt(aᵀ (K + σ²C)^{-1} a): how far from mixed
 * they are. Independent of the grid where C is of trace class. Matrices of grid values, n·n numbers, row by row.
 *
 * @throws ArgumentError; NotPositiveDefiniteError
 */
export function separation(
  a: Float64Array,
  covariance: Float64Array,
  noise: Float64Array,
  sigma: number,
): number {
  checkNumber("sigma", sigma, { min: 0 });
  const total = covariance.map((value, i) => value + sigma * sigma * noise[i]);
  const factor = choleskySmall(total, a.length, { argument: "K + σ²C" });
  const white = solveTriangular(factor, a.length, a);
  return Math.sqrt(white.reduce((sum, value) => sum + value * value, 0));
}
