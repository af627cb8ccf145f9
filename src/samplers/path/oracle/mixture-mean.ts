import type { MixtureLaw } from "./law.js";
import type { PosteriorMean, Tilt } from "./tilt.js";

/**
 * E[y | x] of a mixture: component k becomes N(m_kj', 1/P_kj) with P = 1/v + precision, m' = (m/v + slope x)/P, and the weight
 *
 *   w_k Π_j (v P)^{-1/2} exp(½ P m'² - ½ m²/v)
 */
export function mixtureMean(law: MixtureLaw, { precision, slope }: Tilt): PosteriorMean {
  const { dim, means, variances, weights } = law;
  const count = weights.length;
  const pulls = means.map((mean, at) => mean / variances[at]);
  const widths = variances.map((variance) => 1 / (1 / variance + precision));
  const heights = weights.map((weight, k) => {
    let log = Math.log(weight);
    for (let at = k * dim; at < (k + 1) * dim; at++) {
      log -= Math.log(variances[at] / widths[at]) / 2 + (means[at] * pulls[at]) / 2;
    }
    return log;
  });
  const logs = new Float64Array(count);
  return (x, out) => {
    for (let row = 0; row < x.length; row += dim) {
      let top = -Infinity;
      for (let k = 0; k < count; k++) {
        let log = heights[k];
        for (let j = 0; j < dim; j++)
          log += ((pulls[k * dim + j] + slope * x[row + j]) ** 2 * widths[k * dim + j]) / 2;
        logs[k] = log;
        if (log > top) top = log;
      }
      average(logs, top);
      for (let j = 0; j < dim; j++) {
        let mean = 0;
        for (let k = 0; k < count; k++)
          mean += logs[k] * (pulls[k * dim + j] + slope * x[row + j]) * widths[k * dim + j];
        out[row + j] = mean;
      }
    }
  };
}

/** Log weights into shares that sum to one. */
function average(logs: Float64Array, top: number): void {
  let sum = 0;
  for (let k = 0; k < logs.length; k++) sum += logs[k] = Math.exp(logs[k] - top);
  for (let k = 0; k < logs.length; k++) logs[k] /= sum;
}
