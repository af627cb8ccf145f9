import { checkInteger, checkKeys, checkPoints } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { normal, type Key } from "../../random/index.js";
import { checkProcess } from "../neural/noise-levels.js";
import type { LinearDiffusion, TimeScore } from "../../sde/index.js";

/** Options of `loss`. */
export interface LossOptions {
  readonly dim: number;
  readonly process: LinearDiffusion;
  readonly t: number;
  readonly key: Key;
}

/** A mean over independent draws. */
export interface LossEstimate {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly standardError: number;
}

/**
 * The denoising loss of a score at one time, E |√v s(t, X_t) + ξ|² with one draw of ξ for every data point.
 *
 * For data N(μ, Σ) its least value is tr[m² Σ (m² Σ + v I)^{-1}].
 * @param data n·dim numbers, n ≥ 2
 * @throws ArgumentError
 */
export async function loss(
  score: TimeScore,
  data: Float64Array,
  options: LossOptions,
): Promise<LossEstimate> {
  checkKeys("options", options, ["dim", "process", "t", "key"]);
  const { dim, process, t, key } = options;
  checkInteger("dim", dim, { min: 1 });
  checkProcess(process);
  const n = checkPoints("data", data, dim);
  if (n < 2) throw new ArgumentError("data", data, "at least two points");
  const { factor, variance } = process.marginal(t);
  const std = Math.sqrt(variance);
  const noise = normal(key, data.length);
  const s = await score(
    t,
    data.map((value, k) => factor * value + std * noise[k]),
  );
  const terms = new Float64Array(n);
  s.forEach((value, k) => (terms[Math.floor(k / dim)] += (std * value + noise[k]) ** 2));
  const mean = terms.reduce((sum, term) => sum + term, 0) / n;
  const spread = terms.reduce((sum, term) => sum + (term - mean) ** 2, 0) / (n - 1);
  return { mean, standardError: Math.sqrt(spread / n) };
}
