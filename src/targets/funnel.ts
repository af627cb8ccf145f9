import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { tf } from "../engine/index.js";
import { normal } from "../random/index.js";
import type { ExactTarget, TensorOps } from "./target.js";

/** Options of `funnel`. */
export interface FunnelOptions {
  /** At least 2; 10 by default. */
  readonly dim?: number;
  /** Standard deviation of the first coordinate; 3 by default. */
  readonly scale?: number;
}

/** Neal's funnel with everything known. */
export interface Funnel extends ExactTarget {
  readonly kind: "funnel";
  readonly scale: number;
}

const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * Neal's funnel, normalised: x_1 ~ N(0, scale²), and x_i given x_1 ~ N(0, exp(x_1)) for i = 2, …, dim.
 *
 * The standard deviation of x_i is exp(scale²/4): 9.4877 for scale 3, from rare draws of large x_1. Source: Neal 2003, section 8.
 *
 * @throws ArgumentError for a dimension below 2 or a scale that is not positive
 */
export function funnel(options: FunnelOptions = {}): Funnel {
  checkKeys("options", options, ["dim", "scale"]);
  const { dim = 10, scale = 3 } = options;
  checkInteger("dim", dim, { min: 2 });
  checkPositive("scale", scale);
  return {
    kind: "funnel",
    dim,
    scale,
    logNormConst: 0,
    logDensity: (x) => logDensity(dim, scale, x),
    score: (x) => score(dim, scale, x),
    ops: tensorOps(dim, scale),
    mean: () => new Float64Array(dim),
    std: () => Float64Array.from({ length: dim }, (_, i) => (i === 0 ? scale : Math.exp(scale ** 2 / 4))),
    sample(key, n) {
      checkInteger("n", n, { min: 1 });
      const out = normal(key, n * dim);
      for (let row = 0; row < out.length; row += dim) {
        out[row] *= scale;
        const width = Math.exp(out[row] / 2);
        for (let i = 1; i < dim; i++) out[row + i] *= width;
      }
      return out;
    },
  };
}

/** Sum of squares of all coordinates of a row but the first. */
function radiusSquared(x: Float64Array, row: number, dim: number): number {
  let sum = 0;
  for (let i = 1; i < dim; i++) sum += x[row + i] ** 2;
  return sum;
}

/** Σ log N without the squares: the part that does not depend on x. */
function constant(dim: number, scale: number): number {
  return -Math.log(scale) - (dim * LOG_TWO_PI) / 2;
}

function logDensity(dim: number, scale: number, x: Float64Array): Float64Array {
  const n = checkPoints("x", x, dim);
  return Float64Array.from({ length: n }, (_, s) => {
    const neck = x[s * dim];
    const spread = radiusSquared(x, s * dim, dim) * Math.exp(-neck);
    return constant(dim, scale) - (neck / scale) ** 2 / 2 - ((dim - 1) * neck + spread) / 2;
  });
}

function score(dim: number, scale: number, x: Float64Array): Float64Array {
  checkPoints("x", x, dim);
  const out = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += dim) {
    const precision = Math.exp(-x[row]);
    out[row] = -x[row] / scale ** 2 - (dim - 1) / 2 + (precision * radiusSquared(x, row, dim)) / 2;
    for (let i = 1; i < dim; i++) out[row + i] = -x[row + i] * precision;
  }
  return out;
}

function tensorOps(dim: number, scale: number): TensorOps {
  const cut = (x: Tensor): { neck: Tensor; rest: Tensor; precision: Tensor } => {
    const neck = x.slice([0, 0], [x.shape[0], 1]);
    return { neck, rest: x.slice([0, 1], [x.shape[0], dim - 1]), precision: neck.neg().exp() };
  };
  return {
    logDensity(x) {
      const { neck, rest, precision } = cut(x);
      const spread = rest.square().sum(1, true).mul(precision);
      const prior = neck.square().mul(-1 / (2 * scale ** 2));
      const both = neck
        .mul(dim - 1)
        .add(spread)
        .mul(-0.5);
      return prior.add(both).add(constant(dim, scale)).squeeze([1]);
    },
    score(x) {
      const { neck, rest, precision } = cut(x);
      const spread = rest.square().sum(1, true).mul(precision).mul(0.5);
      const first = neck
        .mul(-1 / scale ** 2)
        .add(spread)
        .sub((dim - 1) / 2);
      return tf().concat([first, rest.neg().mul(precision)], 1);
    },
  };
}
