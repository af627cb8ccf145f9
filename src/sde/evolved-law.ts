import { checkKeys, checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { density1d, type Density1d } from "./density-1d.js";
import type { OrnsteinUhlenbeck } from "./ornstein-uhlenbeck.js";
import type { TimeScore } from "./system.js";

/** A law on the line on its way through an Ornstein–Uhlenbeck process, by quadrature. */
export interface EvolvedLaw {
  /** ρ_t at n points. @throws ArgumentError */
  density(t: number, x: Float64Array): Float64Array;
  /** ∇ log ρ_t at n points. */
  readonly score: TimeScore;
}

/** Standard deviations of the noise about a point that are integrated over. */
const REACH = 12;

/**
 * The exact law of X_t for X_0 of any density on the line: ρ_t(y) = ∫ ρ_0(x) N(y; m + a_t (x - m), s_t²) dx, and its score by
 * Tweedie's formula, (a_t (E[X_0 | X_t = y] - m) - (y - m)) / s_t², every integral by adaptive quadrature to about 1e-14.
 *
 * @param initialScore the score at time 0, where the formula has no noise to work with
 * @throws ArgumentError for a process of more than one coordinate, or time 0 without `initialScore`
 */
export function evolvedLaw(
  law: Density1d,
  process: OrnsteinUhlenbeck,
  options: { readonly initialScore?: (x: Float64Array) => Float64Array } = {},
): EvolvedLaw {
  checkKeys("options", options, ["initialScore"]);
  if (process.dim !== 1) throw new ArgumentError("process.dim", process.dim, "one coordinate");
  const { initialScore } = options;
  const centre = process.mean[0];
  return {
    density(t, x) {
      checkNumber("t", t, { min: 0 });
      if (t === 0) return x.map((y) => law.density(y));
      return x.map((y) => posterior(law, process, t, y).evidence);
    },
    score(t, x) {
      checkNumber("t", t, { min: 0 });
      if (t === 0) {
        if (initialScore === undefined)
          throw new ArgumentError("t", t, "a positive time, or options.initialScore");
        return Promise.resolve(initialScore(x));
      }
      const { factor, std } = process.transition(t);
      const score = (y: number): number => {
        const start = posterior(law, process, t, y).mean;
        return (factor[0] * (start - centre) - (y - centre)) / std[0] ** 2;
      };
      return Promise.resolve(x.map(score));
    },
  };
}

/** E[X_0 | X_t = y] and ρ_t(y). */
function posterior(
  law: Density1d,
  process: OrnsteinUhlenbeck,
  t: number,
  y: number,
): { readonly mean: number; readonly evidence: number } {
  const { factor, std } = process.transition(t);
  const [centre, a, s] = [process.mean[0], factor[0], std[0]];
  const likeliest = Math.min(law.high, Math.max(law.low, centre + (y - centre) / a));
  const exponent = (x: number): number => -(((y - centre - a * (x - centre)) / s) ** 2) / 2;
  const top = exponent(likeliest);
  const width = (REACH * s) / a;
  const weighted = density1d(
    (x) => law.density(x) * Math.exp(exponent(x) - top),
    Math.max(law.low, likeliest - width),
    Math.min(law.high, likeliest + width),
  );
  return {
    mean: weighted.mean,
    evidence: (weighted.mass * Math.exp(top)) / (s * Math.sqrt(2 * Math.PI)),
  };
}
