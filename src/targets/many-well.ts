import { checkInteger, checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { tf } from "../engine/index.js";
import { foldIn, normal } from "../random/index.js";
import { gibbsDensity, type GibbsDensity } from "../sde/index.js";
import type { ExactTarget, TensorOps } from "./target.js";

/** Options of `manyWell`. */
export interface ManyWellOptions {
  readonly dim: number;
  /** Number of leading coordinates with two wells; all by default. */
  readonly wells?: number;
  /** The wells are at ±√delta; 4 by default. */
  readonly delta?: number;
}

/** A product of double wells and standard Gaussians, with everything known. */
export interface ManyWell extends ExactTarget {
  readonly kind: "many-well";
  readonly wells: number;
  readonly delta: number;
  /** The law of a coordinate with two wells. */
  readonly well: GibbsDensity;
}

/**
 * The many-well density, 2^wells modes: log ρ(x) = -Σ_{i ≤ wells} (x_i² - delta)² - Σ_{i > wells} x_i²/2, not normalised.
 *
 * Normaliser and moments by quadrature of one coordinate, exact draws by its quantiles. Source: Midgley et al. 2023; Richter and Berner 2024.
 *
 * @throws ArgumentError for more wells than coordinates or a delta that is not positive
 */
export function manyWell(options: ManyWellOptions): ManyWell {
  checkKeys("options", options, ["dim", "wells", "delta"]);
  const { dim, wells = dim, delta = 4 } = options;
  checkInteger("dim", dim, { min: 1 });
  checkInteger("wells", wells, { min: 0, max: dim });
  checkPositive("delta", delta);
  const well = wellDensity(delta);
  return {
    kind: "many-well",
    dim,
    wells,
    delta,
    well,
    logNormConst: wells * well.logNormConst + ((dim - wells) / 2) * Math.log(2 * Math.PI),
    logDensity: (x) => logDensity(dim, wells, delta, x),
    score: (x) => score(dim, wells, delta, x),
    ops: tensorOps(dim, wells, delta),
    mean: () => new Float64Array(dim),
    std: () => Float64Array.from({ length: dim }, (_, i) => (i < wells ? Math.sqrt(well.variance) : 1)),
    sample(key, n) {
      checkInteger("n", n, { min: 1 });
      const out = new Float64Array(n * dim);
      for (let i = 0; i < dim; i++) {
        const draws = i < wells ? well.sample(foldIn(key, i), n) : normal(foldIn(key, i), n);
        for (let s = 0; s < n; s++) out[s * dim + i] = draws[s];
      }
      return out;
    },
  };
}

function wellDensity(delta: number): GibbsDensity {
  return gibbsDensity({
    value: (x) => (x * x - delta) ** 2,
    derivative: (x) => 4 * x * (x * x - delta),
    text: `(x^2 - ${delta})^2`,
  });
}

function logDensity(dim: number, wells: number, delta: number, x: Float64Array): Float64Array {
  const n = checkPoints("x", x, dim);
  return Float64Array.from({ length: n }, (_, s) => {
    let energy = 0;
    for (let i = 0; i < wells; i++) energy += (x[s * dim + i] ** 2 - delta) ** 2;
    for (let i = wells; i < dim; i++) energy += x[s * dim + i] ** 2 / 2;
    return -energy;
  });
}

function score(dim: number, wells: number, delta: number, x: Float64Array): Float64Array {
  checkPoints("x", x, dim);
  return x.map((value, at) => (at % dim < wells ? 4 * value * (delta - value * value) : -value));
}

/** One formula for both kinds of coordinates, with constants a row: no slices, no joints. */
function tensorOps(dim: number, wells: number, delta: number): TensorOps {
  const perCoordinate = (well: number, gaussian: number): Float32Array =>
    Float32Array.from({ length: dim }, (_, i) => (i < wells ? well : gaussian));
  const column = (values: Float32Array) => tf().tensor2d(values, [dim, 1]);
  const row = (values: Float32Array) => tf().tensor1d(values);
  const mixed = wells < dim;
  return {
    logDensity(x) {
      const square = x.square();
      const energy = square
        .sub(delta)
        .square()
        .matMul(column(perCoordinate(-1, 0)));
      const both = mixed ? energy.add(square.matMul(column(perCoordinate(0, -0.5)))) : energy;
      return both.squeeze([1]);
    },
    score(x) {
      const square = x.square();
      if (!mixed)
        return square
          .mul(-4)
          .add(4 * delta)
          .mul(x);
      return square
        .mul(row(perCoordinate(-4, 0)))
        .add(row(perCoordinate(4 * delta, -1)))
        .mul(x);
    },
  };
}
