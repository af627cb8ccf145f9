import { ArgumentError } from "../../../core/errors.js";
import type { Scheme } from "../schemes/scheme.js";

/**
 * What a point x on the way says about the end point y, and the optimal control that follows from it:
 *
 *   y | x  ∝  ρ(y) exp(slope x·y - precision |y|²/2),     s*(x) = slope E[y | x] - pull x
 */
export interface Tilt {
  readonly precision: number;
  readonly slope: number;
  readonly pull: number;
}

/**
 * The tilt at the start of step k. With V the variance of the reference law and x = a y + sqrt(V (1 - a²)) ξ (or the Brownian
 * bridge of PIS at τ = t/T), it is the log likelihood of y, and the score is that of the noised target; DDS takes x/V off.
 *
 * @throws ArgumentError for a method without a known optimal control
 */
export function tiltOf({ method, times, variance }: Scheme, k: number): Tilt {
  const share = times.signal[k];
  const noise = variance * (1 - share);
  switch (method) {
    case "pis":
      return { precision: share / noise, slope: 1 / noise, pull: 1 / noise };
    case "dis":
    case "dis-x":
      return { precision: share / noise, slope: Math.sqrt(share) / noise, pull: 1 / noise };
    case "dds":
    case "dds-euler":
      return {
        precision: share / noise,
        slope: Math.sqrt(share) / noise,
        pull: 1 / noise - 1 / variance,
      };
    default:
      throw new ArgumentError("method", method, '"pis", "dis", "dds", "dds-euler" or "dis-x"');
  }
}

/** E[y | x] at points x, n·dim numbers, into `out`. */
export type PosteriorMean = (x: Float64Array, out: Float64Array) => void;
