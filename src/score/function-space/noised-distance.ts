import { checkNumber } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";

/**
 * How far noising moves a Gaussian law, W_2(N(0, Λ + σ²C), N(0, Λ)) = (Σ (sqrt(λ + σ²c) - sqrt(λ))²)^{1/2}; at most σ sqrt(Tr C).
 *
 * @param variances λ of the modes
 * @param noise c of the modes
 * @throws ArgumentError
 */
export function noisedDistance(variances: Float64Array, noise: Float64Array, sigma: number): number {
  checkNumber("sigma", sigma, { min: 0 });
  if (noise.length !== variances.length)
    throw new ArgumentError("noise", noise, `${variances.length} eigenvalues`);
  const sum = variances.reduce(
    (total, lambda, k) => total + (Math.sqrt(lambda + sigma * sigma * noise[k]) - Math.sqrt(lambda)) ** 2,
    0,
  );
  return Math.sqrt(sum);
}
