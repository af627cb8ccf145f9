import { ArgumentError } from "../core/errors.js";

/** A rectangle inside a row-major array: entry (i, j) is `data[offset + i * stride + j]`. */
export interface Block {
  readonly data: Float64Array;
  readonly offset: number;
  readonly stride: number;
}

/** The part of `block` from row i and column j on. */
export function within({ data, offset, stride }: Block, i: number, j: number): Block {
  return { data, offset: offset + i * stride + j, stride };
}

/** A Float64Array with `rows`·`cols` entries. @throws ArgumentError */
export function checkMatrix(argument: string, a: Float64Array, rows: number, cols: number): void {
  if (!(a instanceof Float64Array) || a.length !== rows * cols) {
    throw new ArgumentError(argument, a, `a Float64Array of length ${rows} x ${cols} = ${rows * cols}`);
  }
}
