import { sizeOf } from "../../onnx/graph.js";

/** Element types that programs are made of: those of tfjs's tensors. */
export type ValueType = "float32" | "int32" | "bool";

export type ValueData = Float32Array | Int32Array | Uint8Array;

interface Common {
  readonly type: ValueType;
  readonly shape: readonly number[];
}

/** An input, a constant of the model, or the result of a node; `depth` is that of the scope that defines it. */
export interface NamedValue extends Common {
  readonly kind: "named";
  readonly name: string;
  readonly depth: number;
  /** What it is the transpose of, if it is one. */
  readonly transposed?: { readonly of: Value; readonly permutation: readonly number[] };
}

/**
 * What is known about a tensor while a program is traced. All but `named` are promises: they cost nothing until an
 * operation needs them as they are, and most operations can use what they are made of instead.
 */
export type Value =
  | NamedValue
  /** Every entry is the same number. */
  | (Common & { readonly kind: "uniform"; readonly value: number })
  | (Common & { readonly kind: "constant"; readonly data: ValueData })
  /** The same entries in another shape. */
  | (Common & { readonly kind: "reshaped"; readonly of: Value })
  /** Repeated along axes of size one or new axes in front. */
  | (Common & { readonly kind: "expanded"; readonly of: Value })
  /** float32 only. */
  | (Common & { readonly kind: "scaled"; readonly of: Value; readonly factor: number });

export function named(name: string, type: ValueType, shape: readonly number[], depth: number): NamedValue {
  return { kind: "named", name, type, shape, depth };
}

/** Every entry `value`, rounded as its type rounds. */
export function uniform(value: number, shape: readonly number[], type: ValueType = "float32"): Value {
  return { kind: "uniform", value: type === "float32" ? Math.fround(value) : value, shape, type };
}

/** Known entries; recognised as uniform where they are. */
export function constant(data: ValueData, shape: readonly number[], type: ValueType): Value {
  if (data.length > 0 && data.every((x) => Object.is(x, data[0]))) {
    return uniform(data[0], shape, type);
  }
  return { kind: "constant", data, shape, type };
}

/** Entries of a constant or uniform value; undefined where they are known only when the program runs. */
export function knownData(value: Value): ValueData | undefined {
  if (value.kind === "constant") return value.data;
  if (value.kind === "reshaped") return knownData(value.of);
  return value.kind === "uniform" ? filled(value.value, sizeOf(value.shape), value.type) : undefined;
}

/** An array of one number. */
export function filled(value: number, length: number, type: ValueType): ValueData {
  if (type === "float32") return new Float32Array(length).fill(value);
  return type === "int32" ? new Int32Array(length).fill(value) : new Uint8Array(length).fill(value);
}

/** Whether every entry is known to be this float32 number. */
export function isUniform(value: Value, number: number): boolean {
  return value.kind === "uniform" && value.type === "float32" && value.value === number;
}
