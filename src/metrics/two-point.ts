import { checkFinite } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** Options of `twoPoint`. */
export interface TwoPointOptions {
  /** Distances are taken round a ring; false unless told. */
  readonly periodic?: boolean;
}

/**
 * Two-point function of a chain from its second moment: g_r = mean of M_{i,i+r} over the sites i where i + r is one.
 * @param moment M = E[x xᵀ], dim·dim numbers, as `secondMoment` or a target gives it
 * @returns g_0..g_{dim-1}
 * @throws ArgumentError for a matrix that is not square, or entries that are not finite
 */
export function twoPoint(moment: Float64Array, { periodic = false }: TwoPointOptions = {}): Float64Array {
  const dim = Math.sqrt(moment.length);
  if (!Number.isInteger(dim) || dim === 0) {
    throw new ArgumentError("moment", moment, "a square matrix, row by row");
  }
  checkFinite("moment", moment);
  return Float64Array.from({ length: dim }, (_, r) => {
    const sites = periodic ? dim : dim - r;
    let sum = 0;
    for (let i = 0; i < sites; i++) sum += moment[i * dim + ((i + r) % dim)];
    return sum / sites;
  });
}
