import { checkInteger, checkKeys, checkNumber, checkPositive } from "../../core/checks.js";
import { cholesky } from "../../linalg/index.js";
import { foldIn, normal, type Key } from "../../random/index.js";
import { fieldsFrom, type Fields } from "./draws.js";

/** Options of the exponential kernel. */
export interface ExponentialKernelOptions {
  readonly dim: 1 | 2;
  /** Points an axis. */
  readonly size: number;
  /** s: the kernel is exp(-|x - y|/(2 s²)), of correlation length 2 s². */
  readonly scale: number;
  /** ε² is added to the variance; default 1e-3. */
  readonly nugget?: number;
}

/**
 * The covariance matrix exp(-|x - y|/(2s²)) + ε² I at the points j/size of the unit cube, called "RBF" by the authors; the distance is
 * not squared, so it is the Matérn kernel of smoothness ½. @throws ArgumentError
 */
export function exponentialKernel(options: ExponentialKernelOptions): Float64Array {
  checkKeys("options", options, ["dim", "size", "scale", "nugget"]);
  const { size, scale, nugget = 1e-3 } = options;
  const dim = checkInteger("dim", options.dim, { min: 1, max: 2 });
  checkInteger("size", size, { min: 1 });
  checkPositive("scale", scale);
  checkNumber("nugget", nugget, { min: 0 });
  const points = size ** dim;
  const matrix = new Float64Array(points * points);
  for (let p = 0; p < points; p++) {
    for (let q = 0; q < points; q++) {
      const across = (p % size) - (q % size);
      const down = Math.floor(p / size) - Math.floor(q / size);
      const distance = Math.hypot(across, down) / size;
      matrix[p * points + q] = Math.exp(-distance / (2 * scale * scale)) + (p === q ? nugget * nugget : 0);
    }
  }
  return matrix;
}

/** Draws of the field with that kernel, by a dense Cholesky factor. @throws ArgumentError */
export async function exponentialFields(
  key: Key,
  count: number,
  options: ExponentialKernelOptions,
): Promise<Fields> {
  checkInteger("count", count, { min: 1 });
  const points = options.size ** options.dim;
  const factor = await cholesky(exponentialKernel(options), points);
  const out = new Float64Array(count * points);
  for (let field = 0; field < count; field++) {
    const z = normal(foldIn(key, field), points);
    for (let p = 0; p < points; p++) {
      let sum = 0;
      for (let q = 0; q <= p; q++) sum += factor[p * points + q] * z[q];
      out[field * points + p] = sum;
    }
  }
  return fieldsFrom(out, options.size, options.dim);
}
