import type { ProductLaw } from "./law.js";
import { posterior, type TabulatedFactor } from "./factor.js";
import type { PosteriorMean, Tilt } from "./tilt.js";

/** Places x at which the posterior mean of a coordinate is tabulated: from -SPAN to SPAN. */
const SPAN = 8;
const POINTS = 1601;
const WIDTH = (2 * SPAN) / (POINTS - 1);

/** Means of y | x and their slopes at the places, one after the other. */
export type MeanTable = Float64Array;

/** d E[y | x]/dx = slope Var[y | x]. */
export function tabulateMean(factor: TabulatedFactor, tilt: Tilt): MeanTable {
  const table = new Float64Array(2 * POINTS);
  for (let i = 0; i < POINTS; i++) {
    const [mean, variance] = posterior(factor, tilt, i * WIDTH - SPAN);
    table[i] = mean;
    table[POINTS + i] = tilt.slope * variance;
  }
  return table;
}

/** Numbers in one table. */
export const TABLE_LENGTH: number = 2 * POINTS;

/**
 * E[y | x] coordinate by coordinate: closed for Gaussian factors, by cubic Hermite interpolation of exact means and slopes for others.
 *
 * @param tables one for each factor that is not Gaussian
 */
export function productMean(
  law: ProductLaw,
  tilt: Tilt,
  tables: readonly (MeanTable | undefined)[],
): PosteriorMean {
  const means = law.factors.map((factor, f) => {
    const table = tables[f];
    if (factor.kind === "gaussian") {
      const stiffness = 1 / factor.variance;
      return (x: number) => (factor.mean * stiffness + tilt.slope * x) / (stiffness + tilt.precision);
    }
    return (x: number) => lookUp(table as MeanTable, x);
  });
  const { dim } = law;
  const of = Array.from(law.which, (f) => means[f]);
  return (x, out) => {
    for (let row = 0; row < x.length; row += dim) {
      for (let i = 0; i < dim; i++) out[row + i] = of[i](x[row + i]);
    }
  };
}

/** Cubic inside of the table, beyond it on along the end's slope. */
function lookUp(table: MeanTable, x: number): number {
  const place = (x + SPAN) / WIDTH;
  if (!(place > 0)) return table[0] + (x + SPAN) * table[POINTS];
  if (place >= POINTS - 1) return table[POINTS - 1] + (x - SPAN) * table[2 * POINTS - 1];
  const i = Math.floor(place);
  const t = place - i;
  const u = 1 - t;
  const ends = table[i] * u * u * (1 + 2 * t) + table[i + 1] * t * t * (3 - 2 * t);
  return ends + WIDTH * t * u * (table[POINTS + i] * u - table[POINTS + i + 1] * t);
}
