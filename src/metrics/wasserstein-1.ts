import { checkPoints } from "../core/checks.js";

/**
 * The Wasserstein-1 distance of two sets of numbers, W_1 = ∫ |F^{-1}(p) - G^{-1}(p)| dp by their order statistics.
 *
 * @param x n numbers
 * @param y m numbers
 * @throws ArgumentError
 */
export function wasserstein1(x: Float64Array, y: Float64Array): number {
  const n = checkPoints("x", x, 1);
  const m = checkPoints("y", y, 1);
  const [a, b] = [x.slice().sort(), y.slice().sort()];
  let [i, j, from, total] = [0, 0, 0, 0];
  while (i < n && j < m) {
    const until = Math.min((i + 1) / n, (j + 1) / m);
    total += (until - from) * Math.abs(a[i] - b[j]);
    from = until;
    // compared as whole numbers: quantiles of equal steps end together
    const step = (i + 1) * m - (j + 1) * n;
    if (step <= 0) i++;
    if (step >= 0) j++;
  }
  return total;
}
