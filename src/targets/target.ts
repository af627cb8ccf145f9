import type { Key } from "../random/index.js";

/** A density to sample from or to learn the score of; points are row-major, n·dim numbers. */
export interface Target {
  readonly dim: number;
  /** Log of the unnormalised density, n numbers. */
  logDensity(x: Float64Array): Float64Array;
  /** Gradient of the log density, n·dim numbers. */
  score(x: Float64Array): Float64Array;
  /** log ∫ exp(logDensity(x)) dx, where it is known. */
  readonly logNormConst?: number;
  /** E[x_i], dim numbers, where known. */
  mean?(): Float64Array;
  /** Standard deviations of the coordinates, dim numbers, where known. */
  std?(): Float64Array;
  /** n independent exact draws, n·dim numbers, where known. */
  sample?(key: Key, n: number): Float64Array;
}
