import { ArgumentError } from "../../core/errors.js";
import { effectiveSampleSize, logMeanExp } from "../../metrics/index.js";
import type { Paths } from "./simulate.js";

/** What paths say about the normaliser. */
export interface PathSummary {
  /** mean of -RND, of schemes that are not exact without the stochastic integral: the lower bound of log Z. */
  readonly elbo: number;
  /** log mean exp(-RND): reweighted. */
  readonly logNormConst: number;
  /** (Σ w)² / (n Σ w²) with w = exp(-RND), from 0 to 1. */
  readonly ess: number;
  /** Paths whose RND is not finite: left out of all three. */
  readonly excluded: number;
}

/**
 * Lower bound, reweighted log Z and effective sample size of paths; those whose RND is not finite are counted and left out.
 *
 * @param exact whether the scheme's RND is an exact ratio of discrete path densities, as its `exact` says
 * @throws ArgumentError where no path is finite
 */
export function summarise({ rnd, ito }: Pick<Paths, "rnd" | "ito">, exact: boolean): PathSummary {
  const kept = rnd.filter(Number.isFinite);
  if (kept.length === 0) throw new ArgumentError("rnd", rnd, "at least one finite number");
  let sum = 0;
  rnd.forEach((value, p) => {
    if (Number.isFinite(value)) sum += (exact ? 0 : ito[p]) - value;
  });
  const logWeights = kept.map((value) => -value);
  return {
    elbo: sum / kept.length,
    logNormConst: logMeanExp(logWeights),
    ess: effectiveSampleSize(logWeights),
    excluded: rnd.length - kept.length,
  };
}
