import { ArgumentError } from "../../../core/errors.js";
import type { Funnel, GaussianMixture, GibbsTarget, ManyWell, Target } from "../../../targets/index.js";
import { gaussianFactor, wellFactor, type Factor } from "./factor.js";

/** A target in numbers alone, as it travels to the pool's threads. */
export type Law = MixtureLaw | FunnelLaw | ProductLaw;

export interface MixtureLaw {
  readonly kind: "mixture";
  readonly dim: number;
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly weights: Float64Array;
}

export interface FunnelLaw {
  readonly kind: "funnel";
  readonly dim: number;
  readonly scale: number;
}

/** Independent coordinates; coordinate i has the law factors[which[i]]. */
export interface ProductLaw {
  readonly kind: "product";
  readonly dim: number;
  readonly factors: readonly Factor[];
  readonly which: Int32Array;
}

type Known = GaussianMixture | Funnel | ManyWell;

/** @throws ArgumentError for a target whose optimal controls are not known in closed form or by quadrature */
export function lawOf(target: Target): Law {
  if ("marginals" in target) return gibbsLaw(target as GibbsTarget);
  const known = target as Known;
  const { dim } = target;
  switch (known.kind) {
    case "gaussian-mixture": {
      const { means, variances, weights } = known;
      return { kind: "mixture", dim, means, variances, weights };
    }
    case "funnel":
      return { kind: "funnel", dim, scale: known.scale };
    case "many-well": {
      const which = Int32Array.from({ length: dim }, (_, i) => (i < known.wells ? 0 : 1));
      return { kind: "product", dim, factors: [wellFactor(known.well), gaussianFactor(0, 1)], which };
    }
    default:
      throw new ArgumentError(
        "target",
        target,
        "a Gaussian mixture, a funnel, many wells or a separable Gibbs law",
      );
  }
}

function gibbsLaw({ dim, marginals }: GibbsTarget): ProductLaw {
  const different = [...new Set(marginals)];
  const which = Int32Array.from(marginals, (marginal) => different.indexOf(marginal));
  return { kind: "product", dim, factors: different.map(wellFactor), which };
}
