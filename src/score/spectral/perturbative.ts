import { checkKeys, checkNumber, checkOneOf, checkPoints } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import type { SpectralBasis1d } from "./basis.js";

export interface PerturbativeOptions {
  /** E[φ_0], E[φ_1], ... of the data, at most extended + 1 numbers; E[φ_0] = 1. */
  readonly moments: ArrayLike<number>;
  /** "first": r = q', first-order perturbation theory (default). "exact": r = q'/(1 + q). */
  readonly order?: "first" | "exact";
}

/**
 * The score on the line in closed form, without a linear system, from the eigenfunction moments M_m = E[φ_m(X_0)]:
 *
 *   s(t, x) = -β V'(x) + r(t, x),   q = Σ_{m ≥ 1} M_m e^{λ_m t} φ_m,   r = q'/(1 + q)
 *
 * exact but for the modes that are left out (ρ_t/ρ_∞ = 1 + q). To first order in a small perturbation ρ_0 = ρ_∞ (1 + δ p), r = q'
 * with a relative error O(δ e^{λ_1 t}). With moments of samples 1 + q may vanish or turn negative: the exact form is a check for
 * known laws, not an estimator.
 *
 * @returns s at times t ≥ 0 and points x, as many numbers as x
 * @throws ArgumentError for no moments, more of them than the basis has functions, or M_0 other than 1
 * Source: Y. Khoo, M. Oster, Y. Peng, arXiv:2505.23652, perturbation around the stationary law.
 */
export function perturbative(
  basis: SpectralBasis1d,
  options: PerturbativeOptions,
): (t: number, x: Float64Array) => Promise<Float64Array> {
  checkKeys("options", options, ["moments", "order"]);
  const order = checkOneOf("order", options.order ?? "first", ["first", "exact"]);
  const moments = Float64Array.from(options.moments);
  const size = basis.extended + 1;
  if (moments.length < 2 || moments.length > size)
    throw new ArgumentError("moments", moments, `2 to ${size} numbers`);
  moments.forEach((value, m) => checkNumber(`moments[${m}]`, value));
  if (Math.abs(moments[0] - 1) > 1e-9)
    throw new ArgumentError("moments[0]", moments[0], "1, the mean of φ_0 = 1");
  return (t, x) => {
    checkNumber("t", t, { min: 0 });
    checkPoints("x", x, 1);
    const decayed = moments.map((value, m) => (m === 0 ? 0 : value * Math.exp(basis.eigenvalues[m] * t)));
    const slopes = slopeCoefficients(basis, decayed);
    const functions = basis.evaluate(x);
    const score = x.map((value, i) => {
      const row = functions.subarray(i * size, (i + 1) * size);
      const q = order === "exact" ? dot(decayed, row) : 0;
      return dot(slopes, row) / (1 + q) - basis.beta * basis.potentialGradient(value);
    });
    return Promise.resolve(score);
  };
}

/** q' = Σ_m q_m φ_m' in the functions themselves, by φ_a' = Σ_m ν_a^m φ_m. */
function slopeCoefficients({ derivatives, extended }: SpectralBasis1d, q: Float64Array): Float64Array {
  const slopes = new Float64Array(extended + 1);
  for (let a = 1; a < q.length; a++) {
    for (let m = 0; m <= extended; m++) slopes[m] += q[a] * derivatives[a * (extended + 1) + m];
  }
  return slopes;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
