import { checkKeys, checkOneOf } from "../core/checks.js";
import { pool } from "../onnx/pool.js";
import { checkGridSize, checkRows } from "./fft-plan.js";
import { inOrder } from "./in-order.js";
import { TRANSFORMS, transformed, type Transform, type TransformTask } from "./transform-task.js";
import type { Basis } from "./modes.js";

const TASK = new URL("./transform-task.js", import.meta.url).href;

/** Numbers below which the calling thread does all of it. */
const SMALL = 2 ** 18;
/** Numbers in one task, about. */
const TASK_NUMBERS = 2 ** 20;

/** Options of `transformBatch`. */
export interface TransformBatchOptions {
  /** Points an axis, a power of two. */
  readonly size: number;
  /** Of `toModes` and `fromModes`; default "fourier". */
  readonly basis?: Basis;
  /** Of `toModes` and `fromModes`; default 1. */
  readonly dim?: 1 | 2;
}

/**
 * One of the transforms of this folder for many fields, shared out among the threads of the pool.
 *
 * Stretches hold an even number of fields, so pairs are packed as on one thread and the bits are the same for any number of them.
 *
 * @throws ArgumentError
 */
export async function transformBatch(
  transform: Transform,
  values: Float64Array,
  options: TransformBatchOptions,
): Promise<Float64Array> {
  checkKeys("options", options, ["size", "basis", "dim"]);
  checkOneOf("transform", transform, TRANSFORMS);
  const { size, basis = "fourier", dim = 1 } = options;
  checkGridSize("size", size);
  const [input, output] = lengths(transform, size, dim);
  const count = checkRows("values", values, input);
  const task = (part: Float64Array): TransformTask => ({ transform, values: part, size, basis, dim });
  if (values.length < SMALL) return transformed(task(values));
  const stretch = 2 * Math.max(1, Math.floor(TASK_NUMBERS / (2 * input)));
  const out = new Float64Array(count * output);
  const start = (i: number): Promise<Float64Array> => {
    const part = values.slice(i * stretch * input, (i + 1) * stretch * input);
    return pool().run({ module: TASK, name: "transformed", args: task(part), transfer: [part.buffer] });
  };
  await inOrder(Math.ceil(count / stretch), 2 * pool().size, start, (part, i) =>
    out.set(part, i * stretch * output),
  );
  return out;
}

/** Numbers a field before and after. */
function lengths(transform: Transform, n: number, dim: number): readonly [number, number] {
  if (transform === "rfft") return [n, n + 2];
  if (transform === "irfft") return [n + 2, n];
  if (transform === "rfft2") return [n * n, n * (n + 2)];
  if (transform === "irfft2") return [n * (n + 2), n * n];
  const field = transform === "toModes" || transform === "fromModes" ? n ** dim : n;
  return [field, field];
}
