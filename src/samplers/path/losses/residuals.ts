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
  /** How many residuals were cut. */
  readonly cut: number;
}

/**
 * The sample variance of RND and its gradient, path by path. Paths that are not finite are left out before means are taken.
 */
export function residuals(rnd: Float32Array | Float64Array, options: ResidualOptions = {}): Residuals {
  const { limit = 1e8, clip = Infinity, group = rnd.length } = options;
  const weights = new Float32Array(rnd.length);
  const lost: number[] = [];
  const numGroups = rnd.length / group;
  let [variance, cut] = [0, 0];
  for (let g = 0; g < numGroups; g++) {
    const places = [];
    for (let i = g * group; i < (g + 1) * group; i++) {
      if (Number.isFinite(rnd[i]) && rnd[i] < limit) places.push(i);
      else lost.push(i);
    }
    const found = weigh(rnd, places, clip, weights, numGroups);
    variance += found.variance / numGroups;
    cut += found.cut;
  }
  return { variance, weights, lost, cut };
}

function weigh(
  rnd: ArrayLike<number>,
  places: readonly number[],
  clip: number,
  weights: Float32Array,
  numGroups: number,
): Pick<Residuals, "variance" | "cut"> {
  const n = places.length;
  if (n < 2) return { variance: n === 0 ? NaN : 0, cut: 0 };
  const mean = places.reduce((sum, i) => sum + rnd[i], 0) / n;
  let [square, cut] = [0, 0];
  for (const i of places) {
    const residual = rnd[i] - mean;
    square += residual * residual;
    if (Math.abs(residual) > clip) cut++;
    weights[i] = (2 * Math.min(clip, Math.max(-clip, residual))) / ((n - 1) * numGroups);
  }
  return { variance: square / (n - 1), cut };
}
