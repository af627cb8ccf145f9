import type { Key } from "../../random/index.js";
import type { Density1d } from "../../sde/index.js";

/** What a boundary form computes exactly; arguments are checked by the caller. */
export interface ChainQuantities {
  readonly logNormConst: number;
  /** E[f(x_i) f(x_j)], dim × dim. */
  pairExpectations(f: (x: number) => number): Float64Array;
  marginal(site: number): Density1d;
  /** Joint density of two different sites on xs × ys. */
  pairMarginal(sites: readonly [number, number], xs: Float64Array, ys: Float64Array): Float64Array;
  sample(key: Key, n: number): Float64Array;
}
