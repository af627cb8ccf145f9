/** How RNDs become the weights of a regression. */
export interface ResidualOptions {
  /** RNDs at or above count as lost; default 1e8. */
  readonly limit?: number;
  /** Residuals are cut to this in the weights; default unlimited. */
  readonly clip?: number;
  /** Paths that share a first point, one after the other: variances are taken within them; default all together. */
  readonly group?: number;
}

/** What a batch of RNDs says. */
export interface Residuals {
  /** Sample variance of RND (mean of the groups'), without the lost paths. */
  readonly variance: number;
  /** d variance / d RND_i: 2 (RND_i - mean)/(n - 1), 0 for lost paths. */
  readonly weights: Float32Array;
  /** Places of paths whose RND is not finite or beyond the limit. */
  readonly lost: readonly number[];
}

/**
 * The sample variance of RND and its gradient, path by path. Paths that are not finite are left out before means are taken.
 */
export function residuals(rnd: Float32Array | Float64Array, options: ResidualOptions = {}): Residuals {
  const { limit = 1e8, clip = Infinity, group = rnd.length } = options;
  const weights = new Float32Array(rnd.length);
  const lost: number[] = [];
  const numGroups = rnd.length / group;
  let variance = 0;
  for (let g = 0; g < numGroups; g++) {
    const places = [];
    for (let i = g * group; i < (g + 1) * group; i++) {
      if (Number.isFinite(rnd[i]) && rnd[i] < limit) places.push(i);
      else lost.push(i);
    }
    variance += weigh(rnd, places, clip, weights, numGroups) / numGroups;
  }
  return { variance, weights, lost };
}

function weigh(
  rnd: ArrayLike<number>,
  places: readonly number[],
  clip: number,
  weights: Float32Array,
  numGroups: number,
): number {
  const n = places.length;
  if (n < 2) return n === 0 ? NaN : 0;
  const mean = places.reduce((sum, i) => sum + rnd[i], 0) / n;
  let square = 0;
  for (const i of places) {
    const residual = rnd[i] - mean;
    square += residual * residual;
    weights[i] = (2 * Math.min(clip, Math.max(-clip, residual))) / ((n - 1) * numGroups);
  }
  return square / (n - 1);
}
