import { ArgumentError } from "../core/errors.js";

/**
 * Relative L² error sqrt(Σ w (u - v)² / Σ w v²) of u against the exact v; w are quadrature weights or densities, 1 unless told; values
 * where the weight is 0 do not count, whatever they are.
 * @throws ArgumentError for lengths that differ, or an exact answer that is zero
 */
export function relativeL2(found: Float64Array, exact: Float64Array, weights?: Float64Array): number {
  for (const [name, values] of Object.entries({ found, weights })) {
    if (values !== undefined && values.length !== exact.length) {
      throw new ArgumentError(name, values, `${exact.length} numbers, as in exact`);
    }
  }
  let [error, norm] = [0, 0];
  for (let i = 0; i < exact.length; i++) {
    const weight = weights === undefined ? 1 : weights[i];
    if (weight === 0) continue;
    error += weight * (found[i] - exact[i]) ** 2;
    norm += weight * exact[i] ** 2;
  }
  if (norm === 0) throw new ArgumentError("exact", exact, "values that are not all zero");
  return Math.sqrt(error / norm);
}
