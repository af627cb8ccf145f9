import { uniform, type Key } from "../../../random/index.js";

/**
 * Places drawn by importance weights e^{-RND}, as many as there are paths: one uniform number for all (systematic), weights cut at
 * sqrt(n) times their mean, so that no path takes more than about a share 1/sqrt(n). Lost paths have no weight.
 * Source: Ionides 2008 (truncated importance sampling); Kitagawa 1996 (systematic resampling).
 */
export function resample(rnd: Float32Array, lost: readonly number[], key: Key): Int32Array {
  const n = rnd.length;
  const usable = new Uint8Array(n).fill(1);
  for (const i of lost) usable[i] = 0;
  let least = Infinity;
  for (let i = 0; i < n; i++) if (usable[i] === 1) least = Math.min(least, rnd[i]);
  const weights = Float64Array.from(rnd, (value, i) => (usable[i] === 1 ? Math.exp(least - value) : 0));
  const cap = (Math.sqrt(n) * weights.reduce((sum, w) => sum + w, 0)) / n;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i] = Math.min(cap, weights[i]);
  const places = new Int32Array(n);
  const offset = uniform(key, 1)[0];
  for (let i = 0, at = 0, reached = weights[0]; i < n; i++) {
    const wanted = ((i + offset) / n) * total;
    while (reached < wanted && at < n - 1) reached += weights[++at];
    places[i] = at;
  }
  return places;
}
