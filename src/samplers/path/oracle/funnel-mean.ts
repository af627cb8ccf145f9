import type { FunnelLaw } from "./law.js";
import type { PosteriorMean, Tilt } from "./tilt.js";

/**
 * Nodes reach so many standard deviations of the Gaussian part to both sides. Their distance is at most CLOSE of these, and of the
 * sqrt(2/(dim - 1)) that the widths can say about the neck: the trapezoidal rule is then right to about 1e-10.
 */
const REACH = 8.5;
const CLOSE = 0.6;

/**
 * E[y | x] of the funnel by one integral over its neck y_1. Given y_1 the others are Gaussian, y_i | x ~ N(slope x_i/(e^{-y_1} + p), ·) with
 * p the precision; with P = 1/scale² + p, m = slope x_1/P and r = Σ_{i>1} x_i² the neck has the density
 *
 *   N(y_1; m, 1/P) (1 + p e^{y_1})^{-(dim - 1)/2} exp(½ slope² r e^{y_1}/(1 + p e^{y_1}))
 */
export function funnelMean({ dim, scale }: FunnelLaw, { precision, slope }: Tilt): PosteriorMean {
  const stiffness = 1 / scale ** 2 + precision;
  const spread = 1 / Math.sqrt(stiffness);
  const step = CLOSE * Math.min(spread, Math.sqrt(2 / (dim - 1)));
  const count = 1 + 2 * Math.ceil((REACH * spread) / step);
  const z = Float64Array.from({ length: count }, (_, j) => REACH * ((2 * j) / (count - 1) - 1));
  const shifts = z.map((value) => spread * value);
  const factors = shifts.map(Math.exp);
  const logs = z.map((value) => (-value * value) / 2);
  const half = (dim - 1) / 2;
  return (x, out) => {
    for (let row = 0; row < x.length; row += dim) {
      let square = 0;
      for (let i = 1; i < dim; i++) square += x[row + i] ** 2;
      const pull = (slope * slope * square) / 2;
      const centre = (slope * x[row]) / stiffness;
      const open = Math.exp(centre);
      // The share e^{y}/(1 + p e^{y}) rises with y: measured from its greatest value no exponent overflows.
      const last = (open * factors[count - 1]) / (1 + precision * open * factors[count - 1]);
      let [mass, first, share] = [0, 0, 0];
      for (let j = 0; j < count; j++) {
        const width = open * factors[j];
        const narrowed = width / (1 + precision * width);
        const weight = Math.exp(logs[j] - half * Math.log(1 + precision * width) + pull * (narrowed - last));
        mass += weight;
        first += weight * shifts[j];
        share += weight * narrowed;
      }
      out[row] = centre + first / mass;
      for (let i = 1; i < dim; i++) out[row + i] = (slope * x[row + i] * share) / mass;
    }
  };
}
