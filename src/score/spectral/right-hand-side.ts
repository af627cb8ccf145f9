import type { SitePair } from "./clusters.js";
import type { Level } from "./level-tables.js";
import { dictionary, functions, one, pairOf } from "./moment-plan.js";

/** g_{j,i} = E[D_j φ_i] at one time for the constant and all one-body functions, 1 + n·dim numbers. */
export function baseSlopes(level: Level, j: number): Float64Array {
  const { dim, n, plan } = level.problem;
  const out = new Float64Array(1 + n * dim);
  const means = plan.find(dictionary(j), one);
  out[0] = slopeMoment(level, j, 0, means.offset, means.stride);
  for (let k = 0; k < dim; k++) {
    for (let a = 1; a <= n; a++) {
      if (k === j) {
        out[k * n + a] = slopeMoment(level, j, a, means.offset, means.stride);
      } else {
        const { offset, stride } = plan.find(dictionary(j), functions(k));
        out[k * n + a] = level.sites[k].decay[a - 1] * slopeMoment(level, j, 0, offset + a - 1, stride);
      }
    }
  }
  return out;
}

/** The same for the functions of a pair, n² numbers. A pair without j meets D φ_0 (x_j), which is β V' in residual form. */
export function pairSlopes(level: Level, j: number, [k, l]: SitePair): Float64Array {
  const { problem, sites } = level;
  const { n, plan } = problem;
  const value = (a: number, b: number): number => {
    if (k === j) {
      const { offset, stride } = plan.find(dictionary(j), functions(l));
      return sites[l].decay[b] * slopeMoment(level, j, a + 1, offset + b, stride);
    }
    if (l === j) {
      const { offset, stride } = plan.find(dictionary(j), functions(k));
      return sites[k].decay[a] * slopeMoment(level, j, b + 1, offset + a, stride);
    }
    if (!plan.withForce) return 0;
    const { offset, stride } = plan.find(dictionary(j), pairOf(k, l));
    return sites[k].decay[a] * sites[l].decay[b] * slopeMoment(level, j, 0, offset + a * n + b, stride);
  };
  return Float64Array.from({ length: n * n }, (_, ab) => value(Math.floor(ab / n), ab % n));
}

/** Σ_m E[D φ_a|ψ_m(x_j)] times a column of moments of ψ_m(x_j). */
function slopeMoment(
  { sites, moments }: Level,
  j: number,
  a: number,
  offset: number,
  stride: number,
): number {
  const { slopes, size } = sites[j];
  let sum = 0;
  for (let m = 0; m < size; m++) sum += slopes[a * size + m] * moments[offset + m * stride];
  return sum;
}
