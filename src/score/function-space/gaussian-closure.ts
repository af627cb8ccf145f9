import { ArgumentError } from "../../core/errors.js";
import { checkRows } from "./rows.js";
import type { Residual } from "./residual.js";

/** A Gaussian law of independent modes, fitted to data. */
export interface GaussianClosure {
  readonly mean: Float64Array;
  /** λ of the modes. */
  readonly variances: Float64Array;
}

/** Mean and variance of every mode: a model without training that has the right spectrum and nothing else. @throws ArgumentError */
export function gaussianClosure(modes: Float64Array, dim: number): GaussianClosure {
  const n = checkRows("modes", modes, dim);
  if (n < 2) throw new ArgumentError("modes", modes, "at least two fields");
  const mean = new Float64Array(dim);
  modes.forEach((value, i) => (mean[i % dim] += value / n));
  const variances = new Float64Array(dim);
  modes.forEach((value, i) => (variances[i % dim] += (value - mean[i % dim]) ** 2 / (n - 1)));
  return { mean, variances };
}

/** F(w) = -σ²c (λ + σ²c)^{-1} (w - m), the residual of a Gaussian law with independent modes. @throws ArgumentError */
export function gaussianResidual({ mean, variances }: GaussianClosure, noise: Float64Array): Residual {
  const dim = mean.length;
  if (noise.length !== dim) throw new ArgumentError("noise", noise, `${dim} eigenvalues`);
  return (sigma, w) => {
    const shrink = noise.map((c, k) =>
      c === 0 ? 0 : (sigma * sigma * c) / (variances[k] + sigma * sigma * c),
    );
    return w.map((value, i) => -shrink[i % dim] * (value - mean[i % dim]));
  };
}
