import { checkFinite, checkPoints, checkPositive } from "../core/checks.js";

/** Options of `kernelDensity`. */
export interface KernelDensityOptions {
  /** Standard deviation of the kernel; by default Silverman's rule, 0.9 min(s, IQR/1.34) n^(-1/5). */
  readonly bandwidth?: number;
}

/** Beyond so many bandwidths the kernel is below 1e-14 of its height. */
const REACH = 8;

/**
 * Kernel density estimate of samples on the line, p(x) = (1/n) Σ_s N(x; x_s, b²), at the points of a grid (Silverman 1986, eq. 3.31).
 * @returns as many numbers as the grid has
 * @throws ArgumentError for no samples, samples that are all equal without a bandwidth, or numbers that are not finite
 */
export function kernelDensity(
  samples: Float64Array,
  grid: Float64Array,
  options: KernelDensityOptions = {},
): Float64Array {
  const n = checkPoints("samples", samples, 1);
  checkFinite("grid", grid);
  const sorted = samples.slice().sort();
  const bandwidth = checkPositive("bandwidth", options.bandwidth ?? silverman(sorted));
  const scale = 1 / (n * bandwidth * Math.sqrt(2 * Math.PI));
  return grid.map((x) => {
    let sum = 0;
    for (let s = firstFrom(sorted, x - REACH * bandwidth); s < n; s++) {
      const z = (sorted[s] - x) / bandwidth;
      if (z > REACH) break;
      sum += Math.exp((-z * z) / 2);
    }
    return scale * sum;
  });
}

function silverman(sorted: Float64Array): number {
  const n = sorted.length;
  const mean = sorted.reduce((sum, x) => sum + x, 0) / n;
  const deviation = Math.sqrt(sorted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  const middleHalf = (sorted[Math.floor(0.75 * (n - 1))] - sorted[Math.floor(0.25 * (n - 1))]) / 1.34;
  const spread = middleHalf > 0 ? Math.min(deviation, middleHalf) : deviation;
  return 0.9 * spread * n ** -0.2;
}

/** Index of the first sorted value of at least x. */
function firstFrom(sorted: Float64Array, x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
