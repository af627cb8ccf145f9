/** Weights and the two running moments of their gradient. */
export interface AdamState {
  readonly weights: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * One step of Adam in place (D. P. Kingma and J. Ba, 2015):
 *
 *   m ← 0.9 m + 0.1 g,  v ← 0.999 v + 0.001 g²,  w ← w - h m/(1 - 0.9^t) / (sqrt(v/(1 - 0.999^t)) + 1e-8)
 *
 * @param count t, from 1
 */
export function adamStep(state: AdamState, gradient: Float64Array, count: number, stepSize: number): void {
  const { weights, mean, square } = state;
  const first = stepSize / (1 - BETA1 ** count);
  const second = 1 / (1 - BETA2 ** count);
  for (let k = 0; k < gradient.length; k++) {
    const g = gradient[k];
    mean[k] = BETA1 * mean[k] + (1 - BETA1) * g;
    square[k] = BETA2 * square[k] + (1 - BETA2) * g * g;
    weights[k] -= (first * mean[k]) / (Math.sqrt(square[k] * second) + EPSILON);
  }
}
