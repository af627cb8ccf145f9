import { checkNumber } from "../../core/checks.js";
import { frequencies, type GridOptions } from "../../linalg/index.js";

/**
 * A_σ = exp(σΔ) on the modes of a grid: multipliers exp(-σ |k|²) with k in radians a unit of length. It maps all fields of finite
 * energy into the Cameron–Martin space of every power-type noise, and is the identity in the limit σ → 0.
 *
 * @param length side of the domain
 * @returns size^dim multipliers
 * @throws ArgumentError
 */
export function heatSmoothing(
  sigma: number,
  { basis, size, dim }: GridOptions,
  length: number,
): Float64Array {
  checkNumber("sigma", sigma, { min: 0 });
  const unit = (basis === "fourier" ? 2 * Math.PI : Math.PI) / length;
  const factors = frequencies(basis, size).map((k) => Math.exp(-sigma * (unit * k) ** 2));
  if (dim === 1) return factors;
  return Float64Array.from(
    { length: size * size },
    (_, p) => factors[Math.floor(p / size)] * factors[p % size],
  );
}
