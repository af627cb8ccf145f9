import type { Key } from "../../../random/index.js";
import { systematic } from "../../smc/resample.js";

/**
 * Places drawn by importance weights e^{-RND}: systematic resampling of n weights, cut at sqrt(n) times their mean. An RND of
 * Infinity has no weight. Source: Ionides 2008 (truncated importance sampling).
 */
export function resample(rnd: Float32Array, draws: number, key: Key): Uint32Array {
  const least = rnd.reduce((a, b) => Math.min(a, b), Infinity);
  const weights = Float64Array.from(rnd, (value) => Math.exp(least - value));
  const cap = weights.reduce((sum, w) => sum + w, 0) / Math.sqrt(rnd.length);
  const cut = weights.map((w) => Math.min(cap, w));
  const total = cut.reduce((sum, w) => sum + w, 0);
  return systematic(
    key,
    cut.map((w) => w / total),
    draws,
  );
}
