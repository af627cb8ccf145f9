import { ArgumentError } from "../../core/errors.js";
import { checkPositive } from "../../core/checks.js";

/** A mixture of Gaussian laws of coefficients that are independent within a component. */
export interface MixtureModes {
  readonly weights: Float64Array;
  /** A component each. */
  readonly means: readonly Float64Array[];
  readonly variances: readonly Float64Array[];
}

/**
 * The residual E[u | u + ξ = w] - w of a mixture, ξ ~ N(0, σ² diag(noise)); where noise and variance vanish, so does the residual.
 *
 * @param w n·dim numbers
 * @param noise dim eigenvalues of C
 * @returns n·dim numbers
 * @throws ArgumentError
 */
export function mixtureResidual(
  mixture: MixtureModes,
  w: Float64Array,
  sigma: number,
  noise: Float64Array,
): Float64Array {
  const { means, variances } = mixture;
  const dim = noise.length;
  checkPositive("sigma", sigma);
  if (means[0].length !== dim) throw new ArgumentError("noise", noise, `${means[0].length} eigenvalues`);
  if (w.length % dim !== 0) throw new ArgumentError("w", w, `a multiple of ${dim} numbers`);
  const totals = variances.map((v) => v.map((value, k) => value + sigma * sigma * noise[k]));
  const precisions = totals.map((t) => t.map((value) => (value > 0 ? 1 / value : 0)));
  const offsets = totals.map((t) => t.reduce((sum, value) => sum - (value > 0 ? Math.log(value) / 2 : 0), 0));
  const out = new Float64Array(w.length);
  const logs = new Float64Array(means.length);
  for (let at = 0; at < w.length; at += dim) {
    for (let i = 0; i < means.length; i++) {
      logs[i] = Math.log(mixture.weights[i]) + offsets[i] - square(w, at, means[i], precisions[i]) / 2;
    }
    softmax(logs);
    for (let i = 0; i < means.length; i++) {
      const [mean, precision, share] = [means[i], precisions[i], logs[i] * sigma * sigma];
      for (let k = 0; k < dim; k++) out[at + k] -= share * noise[k] * precision[k] * (w[at + k] - mean[k]);
    }
  }
  return out;
}

function square(w: Float64Array, at: number, mean: Float64Array, precision: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < mean.length; k++) {
    const gap = w[at + k] - mean[k];
    sum += precision[k] * gap * gap;
  }
  return sum;
}

/** Probabilities from their logarithms, in place. */
function softmax(logs: Float64Array): void {
  const most = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += logs[i] = Math.exp(logs[i] - most);
  for (let i = 0; i < logs.length; i++) logs[i] /= sum;
}
