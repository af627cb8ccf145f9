import { ArgumentError } from "../core/errors.js";
import { checkInteger } from "../core/checks.js";
import type { GemmTask } from "./gemm-task.js";
import { pool, type WorkerPool } from "./pool.js";

const TASK = new URL("./gemm-task.js", import.meta.url).href;

/**
 * c = op(a) op(b) in float64 by ONNX Runtime in one thread of the pool.
 * @param task row-major arrays; memory that is not shared is copied on its way to the thread
 * @returns c, m·n numbers (an empty array where `task.out` takes them)
 * @throws ArgumentError where a length is not that of the named shape
 */
export async function gemmOnPool(task: GemmTask, on: WorkerPool = pool()): Promise<Float64Array> {
  const { a, b, m, n, k, out } = task;
  for (const [name, value] of Object.entries({ m, n, k })) checkInteger(name, value, { min: 1 });
  checkLength("a", a, m * k);
  checkLength("b", b, k * n);
  if (out !== undefined) {
    checkLength("out", out, m * n);
    if (!(out.buffer instanceof SharedArrayBuffer)) {
      throw new ArgumentError("out", out, "a view on a SharedArrayBuffer");
    }
  }
  const left = compact(a);
  const right = compact(b);
  const copies = [left, right].filter((values) => values !== a && values !== b);
  return on.run<Float64Array>({
    module: TASK,
    name: "gemm",
    args: { ...task, a: left, b: right },
    transfer: copies.map((values) => values.buffer as ArrayBuffer),
  });
}

function checkLength(argument: string, values: Float64Array, length: number): void {
  if (!(values instanceof Float64Array) || values.length !== length) {
    throw new ArgumentError(argument, values, `a Float64Array of length ${length}`);
  }
}

/** Structured clone copies the whole buffer under a view: pass on no more than the view. */
function compact(values: Float64Array): Float64Array {
  const partial = values.byteLength < values.buffer.byteLength;
  return partial && !(values.buffer instanceof SharedArrayBuffer) ? values.slice() : values;
}
