import { uniform, type Key } from "../../random/index.js";

/**
 * Systematic resampling: with one uniform U, point i is chosen once for every (j + U)/m, j < m, in its share of [0, 1), so m w_i times
 * up to one.
 *
 * @param weights n numbers that sum to one
 * @param draws m, by default n
 * @returns m indices, in order. Source: Carpenter, Clifford and Fearnhead 1999
 */
export function systematic(key: Key, weights: Float64Array, draws: number = weights.length): Uint32Array {
  const n = weights.length;
  const [u] = uniform(key, 1);
  const out = new Uint32Array(draws);
  let [i, sum] = [0, weights[0]];
  for (let j = 0; j < draws; j++) {
    const place = (j + u) / draws;
    while (sum <= place && i < n - 1) sum += weights[++i];
    out[j] = i;
  }
  return out;
}
