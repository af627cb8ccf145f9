import type { Key } from "../../../random/index.js";
import { systematic } from "../../smc/resample.js";

/**
 * Places drawn by importance weights e^{-RND}, as many as there are paths: systematic resampling, weights cut at sqrt(n) times their
 * mean. Lost paths have no weight. Source: Ionides 2008 (truncated importance sampling).
 */
export function resample(rnd: Float32Array, lost: readonly number[], key: Key): Uint32Array {
  const n = rnd.length;
  const logWeights = Float64Array.from(rnd, (value) => -value);
  for (const i of lost) logWeights[i] = -Infinity;
  const most = logWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logWeights.map((value) => Math.exp(value - most));
  const cap = weights.reduce((sum, w) => sum + w, 0) / Math.sqrt(n);
  const cut = weights.map((w) => Math.min(cap, w));
  const total = cut.reduce((sum, w) => sum + w, 0);
  return systematic(
    key,
    cut.map((w) => w / total),
  );
}
