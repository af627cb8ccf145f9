import { pool } from "../onnx/index.js";
import { inOrder } from "./in-order.js";

/** How points are handed to a function of a fixed number of rows. */
export interface RowCalls {
  /** Numbers of a point. */
  readonly width: number;
  /** Rows of a call. */
  readonly rows: number;
}

/**
 * Apply a function of a fixed number of rows, such as a compiled net, to any number of points: twice as many calls at a time as the pool
 * has threads, the last one's rows filled up with zeros.
 *
 * @param x n·width numbers
 * @param call of rows·width numbers, and of the number of the first row; its result has as many numbers for every row
 * @param out the results of the n points, in their order
 */
export async function inRows<T extends Float32Array | Float64Array>(
  x: Float32Array | Float64Array,
  { width, rows }: RowCalls,
  call: (part: Float32Array, first: number) => Promise<Float32Array>,
  out: T,
): Promise<T> {
  const size = rows * width;
  await inOrder(
    Math.ceil(x.length / size),
    2 * pool().size,
    (i) => {
      const part = new Float32Array(size);
      part.set(x.subarray(i * size, (i + 1) * size));
      return call(part, i * rows);
    },
    (found, i) =>
      out.set(found.subarray(0, Math.min(found.length, out.length - i * found.length)), i * found.length),
  );
  return out;
}
