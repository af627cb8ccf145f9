import { checkInteger, checkKeys, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { project, type Curve } from "../data/index.js";

/** How far samples are from a noise-free curve. */
export interface CurveDistance {
  /** Root mean square of the distances. */
  readonly rms: number;
  /** Share of samples further away than `beyond`. */
  readonly beyond: number;
}

/**
 * Distances of samples to the curve that a toy's data are noised from; the truth has the noise's own.
 *
 * @param samples n·dim numbers, of which the first curve.dim coordinates count
 * @param options.beyond what is off the curve, default 0.6 (three standard deviations of the swiss roll's noise)
 * @throws ArgumentError for ragged or non-finite samples, dim below the curve's, or beyond ≤ 0
 */
export function distanceToCurve(
  samples: Float64Array,
  curve: Curve,
  options: { readonly dim?: number; readonly beyond?: number } = {},
): CurveDistance {
  checkKeys("options", options, ["dim", "beyond"]);
  const { dim = curve.dim, beyond = 0.6 } = options;
  checkInteger("dim", dim, { min: curve.dim });
  checkPositive("beyond", beyond);
  const { distance } = project(curve, samples, dim);
  const square = distance.reduce((sum, d) => sum + d * d, 0);
  return {
    rms: Math.sqrt(square / distance.length),
    beyond: distance.filter((d) => d > beyond).length / distance.length,
  };
}

/**
 * Angles in degrees, from 0 to 90, between directions at points and the curve's tangent at their feet.
 *
 * @param points n·curve.dim numbers
 * @param directions n·curve.dim numbers, of any length but 0 and any sign, such as the long axes of local covariances
 * @returns n numbers
 * @throws ArgumentError for ragged or non-finite points, another number of directions, or one of length 0
 */
export function tangentAngles(points: Float64Array, directions: Float64Array, curve: Curve): Float64Array {
  const { tangent } = project(curve, points);
  if (directions.length !== points.length) {
    throw new ArgumentError("directions", directions, `as many numbers as points, ${points.length}`);
  }
  const d = curve.dim;
  return Float64Array.from({ length: points.length / d }, (_, i) => {
    let [along, square] = [0, 0];
    for (let k = i * d; k < (i + 1) * d; k++) {
      along += directions[k] * tangent[k];
      square += directions[k] * directions[k];
    }
    if (!(square > 0)) throw new ArgumentError(`directions[${i * d}]`, 0, "a direction of positive length");
    return (Math.acos(Math.min(1, Math.abs(along) / Math.sqrt(square))) * 180) / Math.PI;
  });
}
