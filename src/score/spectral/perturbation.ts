import { checkKeys, checkInteger, checkNumber, checkPoints, checkPositive } from "../../core/checks.js";
import type { ScoreForm, SpectralBasis1d } from "./basis.js";
import { buildBases, type BasisName } from "./build-bases.js";
import { allPairs, layOut, oneBody, type Clusters, type SitePair } from "./clusters.js";
import { dataMoments } from "./data-moments.js";
import { dictionary, functions, one } from "./moment-plan.js";
import { problemOf, type Problem } from "./problem.js";

export interface PerturbationOptions {
  /** Dimension d of a point. */
  readonly dim: number;
  /** As in `fit` (default "hermite"). */
  readonly basis?: BasisName | SpectralBasis1d | readonly SpectralBasis1d[];
  readonly n?: number;
  readonly harmonics?: number;
  readonly beta?: number;
  /** Which pairs take part (default `allPairs()`); a window's pairs all do. */
  readonly clusters?: Clusters;
  readonly signal?: AbortSignal;
}

/**
 * The law at time t by its expansion, ρ_t = ρ_∞ (1 + q), q = Σ_{a≠0} M_a e^{λ_a t} φ_a, without a linear system. Truncated to the one- and
 * two-body functions; points are row by row.
 */
export interface Perturbation {
  /** First order in the distance from equilibrium: s = -β V' + ∇q. */
  readonly firstOrder: (t: number, x: Float64Array) => Promise<Float64Array>;
  /** s = -β V' + ∇q / (1 + q): exact in one dimension as n → ∞; unusable from samples in many, where 1 + q changes sign. */
  readonly quotient: (t: number, x: Float64Array) => Promise<Float64Array>;
  /** 1 + q at each point. */
  readonly densityRatio: (t: number, x: Float64Array) => Promise<Float64Array>;
}

/** Points between two turns of the event loop. */
const TURN = 128;

/**
 * The perturbative closed form of the score, from the moments M_a = E[φ_a] of the data alone.
 *
 * @param data N·dim numbers, row by row
 * @throws ArgumentError as `fit`
 * Source: Y. Khoo, M. Oster, Y. Peng, "Optimization-free diffusion model: a perturbation theory approach", 2025, arXiv:2505.23652.
 */
export async function perturbation(data: Float64Array, options: PerturbationOptions): Promise<Perturbation> {
  checkKeys("options", options, ["dim", "basis", "n", "harmonics", "beta", "clusters", "signal"]);
  const { dim, clusters = allPairs(), beta, signal } = options;
  checkInteger("dim", dim, { min: 1 });
  checkPoints("data", data, dim);
  if (beta !== undefined) checkPositive("beta", beta);
  const { pairs } = layOut(clusters, dim);
  const bases = await buildBases(data, { ...options, basis: options.basis ?? "hermite" });
  const form: ScoreForm = "score";
  const problem = problemOf({ bases: bases.map((basis) => basis.state), clusters: oneBody(), form }, bases);
  return expansionOf(problem, pairs, await dataMoments(problem, data, { signal }));
}

/** The closed form from given moments of a problem with one-body clusters, whose plan holds those of all pairs. */
export function expansionOf(
  problem: Problem,
  pairs: readonly SitePair[],
  moments: Float64Array,
): Perturbation {
  const { dim } = problem;
  const run = async (
    t: number,
    x: Float64Array,
    width: number,
    write: (sums: PointSums, out: Float64Array, at: number) => void,
  ): Promise<Float64Array> => {
    checkNumber("t", t, { min: 0 });
    const count = checkPoints("x", x, dim);
    const decayed = decayedMoments(problem, pairs, moments, t);
    const out = new Float64Array(count * width);
    for (let start = 0; start < count; start += TURN) {
      if (start > 0) await new Promise((resolve) => setImmediate(resolve));
      const part = x.subarray(start * dim, (start + TURN) * dim);
      const sites = siteValues(problem, part);
      for (let i = 0; i < part.length / dim; i++) {
        write(sumsAt(problem, pairs, decayed, sites, i), out, (start + i) * width);
      }
    }
    return out;
  };
  const score = (t: number, x: Float64Array, divide: boolean): Promise<Float64Array> =>
    run(t, x, dim, ({ q, gradient }, out, at) => {
      problem.bases.forEach(({ beta, potentialGradient }, k) => {
        out[at + k] = gradient[k] / (divide ? 1 + q : 1) - beta * potentialGradient(x[at + k]);
      });
    });
  return {
    firstOrder: (t, x) => score(t, x, false),
    quotient: (t, x) => score(t, x, true),
    densityRatio: (t, x) => run(t, x, 1, ({ q }, out, at) => (out[at] = 1 + q)),
  };
}

/** M_a e^{λ_a t}: n numbers a site, n² a pair. */
interface DecayedMoments {
  readonly sites: readonly Float64Array[];
  readonly pairs: readonly Float64Array[];
}

function decayedMoments(
  { bases, n, plan }: Problem,
  pairs: readonly SitePair[],
  moments: Float64Array,
  t: number,
): DecayedMoments {
  const decay = bases.map(({ eigenvalues }) => eigenvalues.map((rate) => Math.exp(rate * t)));
  const sites = bases.map((_, k) => {
    const { offset, stride } = plan.find(dictionary(k), one);
    return Float64Array.from({ length: n }, (_, a) => decay[k][a + 1] * moments[offset + (a + 1) * stride]);
  });
  const blocks = pairs.map(([k, l]) => {
    const { offset, stride } = plan.find(dictionary(k), functions(l));
    return Float64Array.from({ length: n * n }, (_, ab) => {
      const [a, b] = [Math.floor(ab / n), ab % n];
      return decay[k][a + 1] * decay[l][b + 1] * moments[offset + (a + 1) * stride + b];
    });
  });
  return { sites, pairs: blocks };
}

/** φ_a and φ_a' for a = 1..n of each coordinate, a row for each point. */
interface SiteValues {
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

function siteValues({ bases, dim, n }: Problem, x: Float64Array): SiteValues[] {
  const count = x.length / dim;
  return bases.map(({ evaluate, derivatives, extended }, k) => {
    const size = extended + 1;
    const all = evaluate(Float64Array.from({ length: count }, (_, i) => x[i * dim + k]));
    const values = new Float64Array(count * n);
    const slopes = new Float64Array(count * n);
    for (let i = 0; i < count; i++) {
      for (let a = 0; a < n; a++) {
        values[i * n + a] = all[i * size + a + 1];
        for (let m = 0; m < size; m++)
          slopes[i * n + a] += derivatives[(a + 1) * size + m] * all[i * size + m];
      }
    }
    return { values, slopes };
  });
}

/** q and ∇q at one point. */
interface PointSums {
  readonly q: number;
  readonly gradient: Float64Array;
}

function sumsAt(
  { n, dim }: Problem,
  pairs: readonly SitePair[],
  moments: DecayedMoments,
  sites: readonly SiteValues[],
  i: number,
): PointSums {
  const gradient = new Float64Array(dim);
  let q = 0;
  for (let k = 0; k < dim; k++) {
    for (let a = 0; a < n; a++) {
      q += moments.sites[k][a] * sites[k].values[i * n + a];
      gradient[k] += moments.sites[k][a] * sites[k].slopes[i * n + a];
    }
  }
  pairs.forEach(([k, l], p) => {
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        const factor = moments.pairs[p][a * n + b];
        const [left, right] = [sites[k].values[i * n + a], sites[l].values[i * n + b]];
        q += factor * left * right;
        gradient[k] += factor * sites[k].slopes[i * n + a] * right;
        gradient[l] += factor * left * sites[l].slopes[i * n + b];
      }
    }
  });
  return { q, gradient };
}
