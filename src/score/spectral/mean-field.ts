import { checkInteger, checkKeys, checkPositive, checkPoints } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import type { Potential } from "../../targets/index.js";
import type { SpectralBasis1d } from "./basis.js";
import { maximumEntropy } from "./max-entropy.js";
import { potentialBasis } from "./potential-basis.js";

export interface MeanFieldOptions {
  /** Functions 0..n make scores (default 4). */
  readonly n?: number;
  /** Functions 0..extended carry products (default 4n). */
  readonly extended?: number;
  /** Number of moments, even (default 4). */
  readonly order?: number;
  /** Inverse temperature β (default 1): β V is fitted, so β only sets the unit of time. */
  readonly beta?: number;
}

/** Samples this many standard deviations apart from the mean are still within the fitted density's interval. */
const MARGIN = 1.5;
const LEAST_RADIUS = 9;

/**
 * The mean-field basis of one coordinate: eigenfunctions for the potential exp(-β V) of greatest entropy with the data's moments.
 *
 * @param data values of the coordinate
 * @throws ArgumentError for values that are not finite, all alike, or fewer than the moments need
 */
export function meanField(data: Float64Array, options: MeanFieldOptions = {}): SpectralBasis1d {
  checkKeys("options", options, ["n", "extended", "order", "beta"]);
  const { n = 4, extended, order = 4, beta = 1 } = options;
  checkPositive("beta", beta);
  const { center, scale, radius, moments } = standardMoments(data, order);
  const { potential, domain } = maximumEntropy(moments, { center, scale, radius });
  return potentialBasis({ potential: divided(potential, beta), n, extended, beta, domain });
}

interface StandardMoments {
  readonly center: number;
  readonly scale: number;
  readonly radius: number;
  /** E[z^1..z^order] of z = (x - center)/scale. */
  readonly moments: Float64Array;
}

function standardMoments(data: Float64Array, order: number): StandardMoments {
  checkInteger("order", order, { min: 2, max: 12 });
  const count = checkPoints("data", data, 1);
  if (count <= order) throw new ArgumentError("data", data, `more than ${order} values for ${order} moments`);
  const center = data.reduce((sum, x) => sum + x, 0) / count;
  const scale = Math.sqrt(data.reduce((sum, x) => sum + (x - center) ** 2, 0) / count);
  if (!(scale > 1e-12 * Math.abs(center)))
    throw new ArgumentError("data", data, "values that are not all alike");
  const moments = new Float64Array(order);
  let farthest = 0;
  for (const x of data) {
    const z = (x - center) / scale;
    let power = 1;
    for (let j = 0; j < order; j++) moments[j] += (power *= z) / count;
    farthest = Math.max(farthest, Math.abs(z));
  }
  return { center, scale, radius: Math.max(LEAST_RADIUS, MARGIN * farthest), moments };
}

function divided(potential: Potential, beta: number): Potential {
  if (beta === 1) return potential;
  return {
    value: (x) => potential.value(x) / beta,
    derivative: (x) => potential.derivative(x) / beta,
    text: `(${potential.text}) / ${beta}`,
  };
}
