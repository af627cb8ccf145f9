import type { Target } from "../../../targets/index.js";
import type { ScoreControl } from "../simulate.js";
import type { Scheme } from "../schemes/scheme.js";
import { funnelMean } from "./funnel-mean.js";
import { lawOf, type Law } from "./law.js";
import { mixtureMean } from "./mixture-mean.js";
import { productMean, tabulateMean, type MeanTable } from "./product-mean.js";
import { tiltOf, type PosteriorMean, type Tilt } from "./tilt.js";

/** Tables of step k, one for each factor of a product that is not Gaussian. */
export type TablesOf = (k: number, tilt: Tilt) => readonly (MeanTable | undefined)[];

/**
 * The optimal control of a scheme in continuous time, in score units, by closed form or quadrature: under it RND is constant but
 * for the time steps. It knows everything about the target, so no training may use it.
 *
 * @throws ArgumentError for a target whose control is not known
 */
export function optimalControl(target: Target, scheme: Scheme): ScoreControl {
  return controlOf(lawOf(target), scheme);
}

/** The same from a law in numbers; tables are made where they are not given. */
export function controlOf(law: Law, scheme: Scheme, tables?: TablesOf): ScoreControl {
  return (k, x) => {
    const tilt = tiltOf(scheme, k);
    const out = new Float64Array(x.length);
    posteriorMean(law, tilt, () => tables?.(k, tilt) ?? tabulate(law, tilt))(x, out);
    for (let i = 0; i < x.length; i++) out[i] = tilt.slope * out[i] - tilt.pull * x[i];
    return out;
  };
}

function posteriorMean(
  law: Law,
  tilt: Tilt,
  tables: () => readonly (MeanTable | undefined)[],
): PosteriorMean {
  if (law.kind === "mixture") return mixtureMean(law, tilt);
  return law.kind === "funnel" ? funnelMean(law, tilt) : productMean(law, tilt, tables());
}

/** The tables of one tilt. */
export function tabulate(law: Law, tilt: Tilt): readonly (MeanTable | undefined)[] {
  if (law.kind !== "product") return [];
  return law.factors.map((factor) => (factor.kind === "tabulated" ? tabulateMean(factor, tilt) : undefined));
}
