import { ArgumentError } from "../../core/errors.js";
import type { BasisState, Dictionary, ScoreForm, SpectralBasis1d } from "./basis.js";
import { layOut, type ClusterLayout, type Clusters } from "./clusters.js";
import { MomentPlan } from "./moment-plan.js";
import { restoreBasis } from "./restore.js";

/** What a fit is about, as plain data that threads exchange. */
export interface ProblemState {
  readonly bases: readonly BasisState[];
  readonly clusters: Clusters;
  readonly form: ScoreForm;
}

/** A problem with everything that follows from it. */
export interface Problem {
  readonly state: ProblemState;
  readonly dim: number;
  /** Functions of a site, the same for all. */
  readonly n: number;
  /** Inverse temperature, the same for all. */
  readonly beta: number;
  readonly bases: readonly SpectralBasis1d[];
  readonly dictionaries: readonly Dictionary[];
  readonly layout: ClusterLayout;
  readonly plan: MomentPlan;
}

/** @throws ArgumentError for bases that differ in n or β */
export function problemOf(
  state: ProblemState,
  bases: readonly SpectralBasis1d[] = state.bases.map(restoreBasis),
): Problem {
  const [{ n, beta }] = bases;
  const odd = bases.findIndex((basis) => basis.n !== n || basis.beta !== beta);
  if (odd >= 0) {
    const given = `n = ${bases[odd].n}, beta = ${bases[odd].beta}`;
    throw new ArgumentError(`basis[${odd}]`, given, `n = ${n}, beta = ${beta}, as in basis[0]`);
  }
  const dim = bases.length;
  const layout = layOut(state.clusters, dim);
  const dictionaries = bases.map((basis) => basis.dictionary(state.form));
  const withForce = dictionaries.some(({ slopes, size }) =>
    slopes.subarray(0, size).some((value) => value !== 0),
  );
  const sizes = dictionaries.map(({ size }) => size);
  return {
    state,
    dim,
    n,
    beta,
    bases,
    dictionaries,
    layout,
    plan: new MomentPlan(layout, n, sizes, withForce),
  };
}
