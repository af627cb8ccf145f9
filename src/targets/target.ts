import type { Tensor } from "@tensorflow/tfjs";
import type { Key } from "../random/index.js";

/** A density in tfjs operations on points [n, dim], for programs that the engine compiles. */
export interface TensorOps {
  /** Log of the unnormalised density, [n]. */
  readonly logDensity: (x: Tensor) => Tensor;
  /** Its gradient, [n, dim]. */
  readonly score: (x: Tensor) => Tensor;
}

/** A density to sample from or to learn the score of; points are row-major, n·dim numbers. */
export interface Target {
  readonly dim: number;
  /** Log of the unnormalised density, n numbers. */
  logDensity(x: Float64Array): Float64Array;
  /** Gradient of the log density, n·dim numbers. */
  score(x: Float64Array): Float64Array;
  /** The same two in tensor operations; learned samplers need them. */
  readonly ops?: TensorOps;
  /** log ∫ exp(logDensity(x)) dx, where it is known. */
  readonly logNormConst?: number;
  /** E[x_i], dim numbers, where known. */
  mean?(): Float64Array;
  /** Standard deviations of the coordinates, dim numbers, where known. */
  std?(): Float64Array;
  /** n independent exact draws, n·dim numbers, where known. */
  sample?(key: Key, n: number): Float64Array;
}

/** A target that can be compiled. */
export interface TensorTarget extends Target {
  readonly ops: TensorOps;
}

/** A target of which everything is known exactly. */
export interface ExactTarget extends TensorTarget {
  readonly logNormConst: number;
  mean(): Float64Array;
  std(): Float64Array;
  sample(key: Key, n: number): Float64Array;
}
