import { checkPositive } from "../core/checks.js";

/** Euclidean norm of a vector, NaN or infinite where an entry is. */
export function globalNorm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}

/**
 * Shorten a gradient in place to a norm of at most `maxNorm`: g <- g min(1, maxNorm / |g|).
 * @returns the norm before; where it is not finite the gradient is left as it is
 * @throws ArgumentError
 */
export function clipByGlobalNorm(gradient: Float32Array, maxNorm: number): number {
  checkPositive("maxNorm", maxNorm);
  const norm = globalNorm(gradient);
  if (norm > maxNorm && Number.isFinite(norm)) {
    const factor = maxNorm / norm;
    for (let i = 0; i < gradient.length; i++) gradient[i] *= factor;
  }
  return norm;
}
