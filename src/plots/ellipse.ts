import { checkInteger, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** A closed curve in the plane. */
export interface PlaneCurve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The ellipse (x − m)ᵀ C⁻¹ (x − m) = r² of a Gaussian with mean m and covariance C: m + r L (cos θ, sin θ), with C = L Lᵀ.
 * @param mean 2 numbers
 * @param covariance 2 × 2, row by row, symmetric and positive definite
 * @param options `radius` r in standard deviations, 2 unless told; `points` on the curve, 65 unless told
 * @throws ArgumentError for other lengths, or a covariance that is not symmetric and positive definite
 */
export function ellipse(
  mean: ArrayLike<number>,
  covariance: ArrayLike<number>,
  { radius = 2, points = 65 }: { readonly radius?: number; readonly points?: number } = {},
): PlaneCurve {
  if (mean.length !== 2) throw new ArgumentError("mean", mean, "2 numbers");
  if (covariance.length !== 4) throw new ArgumentError("covariance", covariance, "2 × 2 numbers, row by row");
  checkPositive("options.radius", radius);
  checkInteger("options.points", points, { min: 4 });
  const [a, b, c, d] = Array.from(covariance);
  const l11 = Math.sqrt(a);
  const l21 = b / l11;
  const l22 = Math.sqrt(d - l21 * l21);
  if (!(a > 0 && l22 > 0) || Math.abs(b - c) > 1e-9 * Math.sqrt(a * d))
    throw new ArgumentError("covariance", covariance, "a symmetric positive definite 2 × 2 matrix");
  const angle = (i: number) => (2 * Math.PI * i) / (points - 1);
  const at = (of: (cos: number, sin: number) => number) =>
    Float64Array.from({ length: points }, (_, i) => of(Math.cos(angle(i)), Math.sin(angle(i))));
  return {
    x: at((cos) => mean[0] + radius * l11 * cos),
    y: at((cos, sin) => mean[1] + radius * (l21 * cos + l22 * sin)),
  };
}
