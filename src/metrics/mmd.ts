import { checkInteger, checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { inOrder } from "../linalg/in-order.js";
import { pool } from "../onnx/index.js";
import type { KernelSumTask } from "./mmd-task.js";

const TASK = new URL("./mmd-task.js", import.meta.url).href;
const BLOCK = 1024;

/** Options of `maximumMeanDiscrepancy`. */
export interface MmdOptions {
  /** Standard deviations of the Gaussian kernels that are averaged. */
  readonly bandwidths: readonly number[];
}

/**
 * Squared maximum mean discrepancy E k(X, X') + E k(Y, Y') - 2 E k(X, Y) for a mean of Gaussian kernels, by all pairs of different
 * points: without bias, so it may come out below zero (A. Gretton et al., 2012, eq. 3).
 *
 * @param x n·dim numbers, n ≥ 2
 * @param y m·dim numbers, m ≥ 2
 * @throws ArgumentError for ragged or non-finite points, fewer than two in a set, or bandwidths that are none or not positive
 */
export async function maximumMeanDiscrepancy(
  x: Float64Array,
  y: Float64Array,
  dim: number,
  options: MmdOptions,
): Promise<number> {
  checkKeys("options", options, ["bandwidths"]);
  checkInteger("dim", dim, { min: 1 });
  const { bandwidths } = options;
  if (bandwidths.length === 0) throw new ArgumentError("bandwidths", bandwidths, "at least one number");
  bandwidths.forEach((h, k) => checkPositive(`bandwidths[${k}]`, h));
  const n = checkPoints("x", x, dim);
  const m = checkPoints("y", y, dim);
  if (n < 2) throw new ArgumentError("x", x, "at least two points");
  if (m < 2) throw new ArgumentError("y", y, "at least two points");
  const variances = Float64Array.from(bandwidths, (h) => h * h);
  const sum = (a: Float64Array, b: Float64Array): Promise<number> => kernelSum(a, b, dim, variances);
  const within = async (a: Float64Array, count: number): Promise<number> =>
    ((await sum(a, a)) - count) / (count * (count - 1));
  return (await within(x, n)) + (await within(y, m)) - (2 * (await sum(x, y))) / (n * m);
}

async function kernelSum(
  a: Float64Array,
  b: Float64Array,
  dim: number,
  variances: Float64Array,
): Promise<number> {
  const size = BLOCK * dim;
  const [rows, columns] = [Math.ceil(a.length / size), Math.ceil(b.length / size)];
  let total = 0;
  await inOrder(
    rows * columns,
    2 * pool().size,
    (task) => {
      const [i, j] = [Math.floor(task / columns), task % columns];
      const args: KernelSumTask = {
        a: a.slice(i * size, (i + 1) * size),
        b: b.slice(j * size, (j + 1) * size),
        dim,
        variances,
      };
      return pool().run<number>({ module: TASK, name: "sumOfKernels", args });
    },
    (part) => (total += part),
  );
  return total;
}
