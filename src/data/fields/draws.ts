import { checkInteger } from "../../core/checks.js";
import type { Key } from "../../random/index.js";
import { drawModes, fieldsOf, type FieldCovariance } from "../../targets/fields/index.js";
import type { RowSource } from "../row-source.js";

/** Random fields on a grid: points are the values at the grid points, row by row. */
export interface Fields extends RowSource {
  readonly size: number;
  /** count·size^dim numbers. */
  readonly values: Float64Array;
}

/** Options of `gaussianFields`. */
export interface GaussianFieldsOptions {
  readonly covariance: FieldCovariance;
  readonly count: number;
  /** Points an axis, a power of two. */
  readonly size: number;
}

/**
 * Draws of a centred Gaussian field by Karhunen and Loève; with one key on two grids the same fields, which agree at shared points up
 * to the modes that only the finer one has. @throws ArgumentError
 */
export function gaussianFields(key: Key, { covariance, count, size }: GaussianFieldsOptions): Fields {
  checkInteger("count", count, { min: 1 });
  return fieldsFrom(
    fieldsOf(drawModes(covariance, key, count, size), covariance, size),
    size,
    covariance.dim,
  );
}

/** Values as a source of rows. */
export function fieldsFrom(values: Float64Array, size: number, axes: number): Fields {
  const dim = size ** axes;
  return {
    size,
    values,
    dim,
    count: values.length / dim,
    rows: (from, to) => values.subarray(from * dim, to * dim),
  };
}
