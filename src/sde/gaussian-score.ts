import { checkKeys, checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { spread, type PerCoordinate } from "./coordinates.js";
import type { OrnsteinUhlenbeck } from "./ornstein-uhlenbeck.js";
import type { TimeScore } from "./system.js";

/**
 * The exact score of Gaussian data N(mean, variance), independent in each coordinate, on their way through an Ornstein–Uhlenbeck
 * process: ∇ log ρ_t(x) = -(x - m_t)/v_t with m_t = m + a_t (mean - m), v_t = a_t² variance + s_t² of the transition.
 *
 * @throws ArgumentError for a negative variance, or lists of the wrong length
 */
export function gaussianScore(
  process: OrnsteinUhlenbeck,
  options: { readonly mean?: PerCoordinate; readonly variance: PerCoordinate },
): TimeScore {
  checkKeys("options", options, ["mean", "variance"]);
  const { dim } = process;
  const mean = spread("mean", options.mean ?? 0, dim, checkNumber);
  const variance = spread("variance", options.variance, dim, (name, value) =>
    checkNumber(name, value, { min: 0 }),
  );
  if (mean.length !== dim) throw new ArgumentError("mean", options.mean, `${dim} numbers`);
  if (variance.length !== dim) throw new ArgumentError("variance", options.variance, `${dim} numbers`);
  return (t, x) => {
    const { factor, std } = process.transition(t);
    const centre = mean.map((value, i) => process.mean[i] + factor[i] * (value - process.mean[i]));
    const spreadAt = variance.map((value, i) => factor[i] ** 2 * value + std[i] ** 2);
    return Promise.resolve(x.map((value, at) => (centre[at % dim] - value) / spreadAt[at % dim]));
  };
}
