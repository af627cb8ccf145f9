import type { Key } from "../random/index.js";

/**
 * A forward process in the library's one convention (called S in the notebooks), at inverse temperature β:
 *
 *   dX = -∇V(X) dt + sqrt(2/β) dW,   generator L f = Δf/β - ∇V·∇f,   stationary law exp(-β V)/Z
 *
 * Time runs from data (0) to noise (T). Points are row-major, n·dim numbers.
 */
export interface Process {
  readonly dim: number;
  readonly beta: number;
  /** sqrt(2/β) */
  readonly diffusion: number;
  /** -∇V at n points, into `out` where it is given: n·dim numbers. */
  drift(x: Float64Array, out?: Float64Array): Float64Array;
  /** log of the stationary density, normalised: n numbers. */
  logStationary(x: Float64Array): Float64Array;
  /** n independent draws of the stationary law. */
  stationarySample(key: Key, n: number): Float64Array;
  /** The exact law of X_t given X_0, where there is one in closed form. */
  transition?(t: number): Transition;
  /** X_t from the points X_0: by the exact transition where there is one, by Euler–Maruyama elsewhere. */
  simulate(key: Key, x: Float64Array, t: number, options?: SimulateOptions): Promise<Float64Array>;
  /** Map points back into the process's domain, in place, where it is not all of space. */
  project?(x: Float64Array): void;
}

/** Options of `Process.simulate`. */
export interface SimulateOptions {
  /** Largest step of Euler–Maruyama; unused by exact transitions. */
  readonly stepSize?: number;
}

/** X_t given X_0 = x: centre + factor (x - centre) + std ξ in each coordinate, wrapped where the process is periodic. */
export interface Transition {
  /** Factor of the mean, dim numbers. */
  readonly factor: Float64Array;
  /** Standard deviation, dim numbers. */
  readonly std: Float64Array;
  /** E[X_t | X_0 = x], n·dim numbers. */
  mean(x: Float64Array): Float64Array;
  /** One draw of X_t for each point. */
  sample(key: Key, x: Float64Array): Float64Array;
  /** log p(X_t = y | X_0 = x) of n pairs, n numbers. */
  logDensity(x: Float64Array, y: Float64Array): Float64Array;
}
