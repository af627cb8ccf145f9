import { checkInteger, checkKeys } from "../../core/checks.js";
import { normal, randint, split, type Key } from "../../random/index.js";

/** Options of a kernel model's `sample`. */
export interface SampleOptions {
  /** Equally many draws a kernel, up to one, in the order of the kernels (default false: kernels drawn at random). */
  readonly stratified?: boolean;
}

/** Kernels in the form that drawing from them needs. */
export interface KernelAxes {
  readonly dim: number;
  readonly centres: Float64Array;
  readonly variances: Float64Array;
  readonly axes: Float64Array;
}

/**
 * Draws of a mixture of Gaussian kernels without any SDE: i uniform, x = Z_i + Σ_j sqrt(v_ij) ξ_j u_ij along the kernel's axes.
 *
 * @returns n·d numbers
 * @throws ArgumentError
 */
export function sampleKernels(
  { dim, centres, variances, axes }: KernelAxes,
  key: Key,
  n: number,
  options: SampleOptions = {},
): Float64Array {
  checkKeys("options", options, ["stratified"]);
  checkInteger("n", n, { min: 1 });
  const count = centres.length / dim;
  const [choice, noise] = split(key);
  const chosen =
    options.stratified === true
      ? Int32Array.from({ length: n }, (_, k) => Math.floor((k * count) / n))
      : randint(choice, n, 0, count);
  const xi = normal(noise, n * dim);
  const out = new Float64Array(n * dim);
  chosen.forEach((i, k) => {
    for (let c = 0; c < dim; c++) {
      let sum = centres[i * dim + c];
      for (let j = 0; j < dim; j++) {
        sum += Math.sqrt(variances[i * dim + j]) * xi[k * dim + j] * axes[i * dim * dim + c * dim + j];
      }
      out[k * dim + c] = sum;
    }
  });
  return out;
}
