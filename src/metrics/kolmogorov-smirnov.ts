import { checkPoints } from "../core/checks.js";

/**
 * Kolmogorov–Smirnov distance sup_x |F_n(x) - F(x)| between samples on the line and a continuous distribution function.
 * For n independent draws of F, sqrt(n) times it exceeds 1.36 with probability 0.05, 1.63 with 0.01.
 * @throws ArgumentError for no samples, or samples that are not finite
 */
export function kolmogorovSmirnov(samples: Float64Array, cdf: (x: number) => number): number {
  const n = checkPoints("samples", samples, 1);
  const sorted = samples.slice().sort();
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const value = cdf(sorted[i]);
    distance = Math.max(distance, value - i / n, (i + 1) / n - value);
  }
  return distance;
}
