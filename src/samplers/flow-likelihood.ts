import { checkInteger, checkKeys, checkNumber, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { bits, foldIn, type Key } from "../random/index.js";
import {
  dormandPrince,
  type DormandPrinceOptions,
  type LinearDiffusion,
  type System,
  type TimeScore,
} from "../sde/index.js";

/** div s(t, x), n numbers. */
export type TimeDivergence = (t: number, x: Float64Array) => Promise<Float64Array>;

/** Options of `flowLogLikelihood`. */
export interface FlowLikelihoodOptions {
  readonly dim: number;
  /** The time whose law's density is wanted: that of the data with this little noise. */
  readonly tMin: number;
  /** div s: `differences` (default) or `hutchinson` of the score, or a formula of one's own. */
  readonly divergence?: TimeDivergence;
  /** log density at the horizon, n numbers; N(0, variance(T) I) by default. */
  readonly prior?: (x: Float64Array) => Float64Array;
  readonly tolerance?: Pick<DormandPrinceOptions, "relativeTolerance" | "absoluteTolerance">;
  readonly signal?: AbortSignal;
}

/**
 * Log density of points by the probability flow from tMin to T (Song et al. 2021, eq. 39):
 *
 *   dx = f dt,  f = a x - ½ g² s,   log p_tMin(x) = log p_T(x_T) + ∫ div f dt,  div f = a d - ½ g² div s
 *
 * Points and integrals march together with the adaptive pair of orders 5 and 4.
 *
 * @param x n·dim numbers
 * @returns n numbers
 * @throws ArgumentError
 */
export async function flowLogLikelihood(
  process: LinearDiffusion,
  score: TimeScore,
  x: Float64Array,
  options: FlowLikelihoodOptions,
): Promise<Float64Array> {
  checkKeys("options", options, ["dim", "tMin", "divergence", "prior", "tolerance", "signal"]);
  const { dim, tMin, tolerance = {}, signal } = options;
  const { divergence = differences(score, dim), prior = gaussianPrior(process, dim) } = options;
  checkInteger("dim", dim, { min: 1 });
  const n = checkPoints("x", x, dim);
  checkNumber("tMin", tMin, { min: 0, max: process.horizon });
  const start = new Float64Array(n * (dim + 1));
  start.set(x);
  const system: System = {
    async drift(t, state, out) {
      const points = state.slice(0, n * dim);
      const [s, div] = [await score(t, points), await divergence(t, points)];
      const [a, g2] = [process.rate(t), process.diffusion(t) ** 2];
      for (let k = 0; k < n * dim; k++) out[k] = a * points[k] - 0.5 * g2 * s[k];
      for (let i = 0; i < n; i++) out[n * dim + i] = a * dim - 0.5 * g2 * div[i];
    },
    diffusion: 0,
  };
  const { y } = await dormandPrince(system, start, tMin, process.horizon, {
    ...tolerance,
    ...(signal && { signal }),
  });
  const ends = prior(y.slice(0, n * dim));
  return ends.map((log, i) => log + y[n * dim + i]);
}

/** log N(x; 0, variance(T) I) */
function gaussianPrior(process: LinearDiffusion, dim: number): (x: Float64Array) => Float64Array {
  const { variance } = process.marginal(process.horizon);
  return (x) => {
    const out = new Float64Array(x.length / dim).fill((-dim / 2) * Math.log(2 * Math.PI * variance));
    x.forEach((value, k) => (out[Math.floor(k / dim)] -= (value * value) / (2 * variance)));
    return out;
  };
}

/**
 * The divergence of a score by central differences in every coordinate: Σ_k [s_k(x + h e_k) - s_k(x - h e_k)] / 2h.
 *
 * @param h step, default 1e-4; the error is of order h² and of rounding over h
 * @throws ArgumentError
 */
export function differences(score: TimeScore, dim: number, h: number = 1e-4): TimeDivergence {
  checkInteger("dim", dim, { min: 1 });
  checkPositive("h", h);
  return async (t, x) => {
    const out = new Float64Array(x.length / dim);
    for (let c = 0; c < dim; c++) {
      for (const sign of [1, -1]) {
        const moved = x.map((value, k) => (k % dim === c ? value + sign * h : value));
        const s = await score(t, moved);
        for (let i = 0; i < out.length; i++) out[i] += (sign * s[i * dim + c]) / (2 * h);
      }
    }
    return out;
  };
}

/** Options of `hutchinson`. */
export interface HutchinsonOptions {
  readonly dim: number;
  readonly key: Key;
  /** Random directions, default 1; the same at every time, so that the flow stays smooth. */
  readonly probes?: number;
  /** Step of the differences, default 1e-4. */
  readonly h?: number;
}

/**
 * An unbiased estimate of the divergence of a score along random signs v: E vᵀ [s(x + h v) - s(x - h v)] / 2h (M. F. Hutchinson, 1989).
 *
 * @throws ArgumentError
 */
export function hutchinson(score: TimeScore, options: HutchinsonOptions): TimeDivergence {
  checkKeys("options", options, ["dim", "key", "probes", "h"]);
  const { dim, key, probes = 1, h = 1e-4 } = options;
  checkInteger("dim", dim, { min: 1 });
  checkInteger("probes", probes, { min: 1 });
  if (!(h > 0)) throw new ArgumentError("h", h, "a positive number");
  return async (t, x) => {
    const out = new Float64Array(x.length / dim);
    for (let p = 0; p < probes; p++) {
      const v = Float64Array.from(bits(foldIn(key, p), x.length), (word) => (word % 2 === 0 ? 1 : -1));
      for (const sign of [1, -1]) {
        const s = await score(
          t,
          x.map((value, k) => value + sign * h * v[k]),
        );
        s.forEach((value, k) => (out[Math.floor(k / dim)] += (sign * v[k] * value) / (2 * h * probes)));
      }
    }
    return out;
  };
}
