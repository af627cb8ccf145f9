import { constant, uniform, type ValueType } from "../ir/value.js";
import type { Lowerings } from "./lowering.js";

/** Tensors of known entries. */
export const creation: Lowerings = {
  Fill: (_, __, a: { shape: number[]; value: number; dtype?: ValueType }) =>
    uniform(a.value, a.shape, a.dtype ?? "float32"),
  LinSpace: (_, __, a: { start: number; stop: number; num: number }) => {
    return constant(
      progression(a.start, (a.stop - a.start) / (a.num - 1), new Float32Array(a.num)),
      [a.num],
      "float32",
    );
  },
  OnesLike: (_, { x }) => uniform(1, x.shape, x.type),
  Range: (_, __, a: { start: number; stop: number; step: number; dtype?: ValueType }) => {
    const length = Math.max(0, Math.ceil((a.stop - a.start) / a.step));
    const type = a.dtype === "int32" ? "int32" : "float32";
    const values = type === "int32" ? new Int32Array(length) : new Float32Array(length);
    return constant(progression(a.start, a.step, values), [length], type);
  },
  ZerosLike: (_, { x }) => uniform(0, x.shape, x.type),
};

/** Each entry the one before and a step, rounded as tfjs rounds them. */
function progression<T extends Float32Array | Int32Array>(start: number, step: number, values: T): T {
  values.forEach((_, i) => (values[i] = i === 0 ? start : values[i - 1] + step));
  return values;
}
