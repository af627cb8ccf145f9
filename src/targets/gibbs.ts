import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { tf } from "../engine/index.js";
import { foldIn, type Key } from "../random/index.js";
import { gibbsDensity, type GibbsDensity, type Potential } from "../sde/index.js";
import { listPotentials } from "../sde/potential.js";
import type { Target, TensorOps } from "./target.js";

/** Options of `gibbs`. */
export interface GibbsOptions {
  /** One potential for each coordinate, or one that all `dim` coordinates share. */
  readonly potentials: Potential | readonly Potential[];
  /** Number of coordinates where one potential is given; 1 by default. */
  readonly dim?: number;
  /** Inverse temperature, 1 by default. */
  readonly beta?: number;
}

/** A separable Gibbs law with everything known. */
export interface GibbsTarget extends Target {
  readonly logNormConst: number;
  /** The law of each coordinate. */
  readonly marginals: readonly GibbsDensity[];
  mean(): Float64Array;
  std(): Float64Array;
  sample(key: Key, n: number): Float64Array;
}

/**
 * The separable Gibbs law of potentials on the line: log ρ(x) = -β Σ_i V_i(x_i) - log Z, with exact quantities by quadrature.
 *
 * Draw s of coordinate i depends on the key, i and s alone.
 *
 * @throws ArgumentError for no potential, one that does not confine, or an inverse temperature that is not positive
 */
export function gibbs(options: GibbsOptions): GibbsTarget {
  checkKeys("options", options, ["potentials", "dim", "beta"]);
  const { beta = 1 } = options;
  checkPositive("beta", beta);
  const potentials = listPotentials(options.potentials, options.dim);
  const dim = potentials.length;
  const densities = new Map<Potential, GibbsDensity>();
  for (const potential of new Set(potentials)) densities.set(potential, gibbsDensity(potential, { beta }));
  const marginals = potentials.map((potential) => densities.get(potential) as GibbsDensity);
  return {
    dim,
    marginals,
    logNormConst: marginals.reduce((sum, marginal) => sum + marginal.logNormConst, 0),
    logDensity(x) {
      const out = new Float64Array(checkPoints("x", x, dim));
      for (let at = 0; at < x.length; at++)
        out[Math.floor(at / dim)] -= beta * potentials[at % dim].value(x[at]);
      return out;
    },
    ...tensorForm(potentials, beta),
    score(x) {
      checkPoints("x", x, dim);
      return x.map((value, at) => -beta * potentials[at % dim].derivative(value));
    },
    mean: () => Float64Array.from(marginals, (marginal) => marginal.mean),
    std: () => Float64Array.from(marginals, (marginal) => Math.sqrt(marginal.variance)),
    sample(key, n) {
      checkInteger("n", n, { min: 1 });
      const out = new Float64Array(n * dim);
      for (let i = 0; i < dim; i++) {
        const draws = marginals[i].sample(foldIn(key, i), n);
        for (let s = 0; s < n; s++) out[s * dim + i] = draws[s];
      }
      return out;
    },
  };
}

/** The tensor form, where every potential has one; coordinates with the same potential are taken together. */
function tensorForm(potentials: readonly Potential[], beta: number): { readonly ops?: TensorOps } {
  const groups = [...new Set(potentials)].flatMap(({ ops }, g, all) =>
    ops === undefined ? [] : [{ ops, of: all[g] }],
  );
  if (groups.length < new Set(potentials).size) return {};
  const own = groups.map(({ ops, of }) => {
    const mask = Float32Array.from(potentials, (potential) => (potential === of ? -beta : 0));
    return { ops, mask };
  });
  const sum = (x: Tensor, form: "value" | "derivative"): Tensor =>
    own
      .map(({ ops, mask }) =>
        own.length === 1 ? ops[form](x).mul(-beta) : ops[form](x).mul(tf().tensor1d(mask)),
      )
      .reduce((total, part) => total.add(part));
  return { ops: { logDensity: (x) => sum(x, "value").sum(1), score: (x) => sum(x, "derivative") } };
}
