import type { Key } from "../random/index.js";
import type { Target } from "../targets/index.js";
import type { Curve } from "./curve.js";

/** A toy: points near a curve, whose density, score and noise-free set are known. Its log density is normalised. */
export interface CurveTarget extends Target {
  readonly logNormConst: number;
  /** Standard deviation of the Gaussian noise about the curve in the plane. */
  readonly noise: number;
  /** The noise-free curve in the first curve.dim coordinates; the others are free. */
  readonly curve: Curve;
  /** n·dim numbers. @throws ArgumentError */
  sample(key: Key, n: number): Float64Array;
}
