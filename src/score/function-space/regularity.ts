import { checkInteger, checkNumber } from "../../core/checks.js";

/** What the difference of two smoothnesses allows. */
export interface RegularityGap {
  /** α_1 - α_2 > d/2: the data lie in the noise's Cameron–Martin space almost surely. */
  readonly cameronMartin: boolean;
  /** α_1 - α_2 > d/4: noised data and noise are equivalent measures, Gaussian case (Feldman and Hájek). */
  readonly equivalent: boolean;
}

/**
 * E‖C_2^{-1/2} u‖² of u ~ N(0, C_1) on the torus with C_i = (-Δ)^{-α_i}, cut at K: Σ_{0 < |k|_∞ ≤ K} |k|^{-2(α_1 - α_2)}.
 *
 * It has a limit exactly where μ(H_0) = 1. @throws ArgumentError
 */
export function regularitySum(dim: 1 | 2, gap: number, most: number): number {
  checkInteger("dim", dim, { min: 1, max: 2 });
  checkNumber("gap", gap);
  checkInteger("most", most, { min: 1 });
  let sum = 0;
  if (dim === 1) {
    for (let k = most; k >= 1; k--) sum += 2 * k ** (-2 * gap);
    return sum;
  }
  // the quadrant k > 0, l ≥ 0 four times covers the plane without its origin
  for (let k = most; k >= 1; k--) {
    for (let l = 0; l <= most; l++) sum += 4 * (k * k + l * l) ** -gap;
  }
  return sum;
}

/** Which condition on noise and data holds for a gap α_1 - α_2 in dimension d. @throws ArgumentError */
export function regularityGap(dim: number, gap: number): RegularityGap {
  checkInteger("dim", dim, { min: 1 });
  checkNumber("gap", gap);
  return { cameronMartin: gap > dim / 2, equivalent: gap > dim / 4 };
}
