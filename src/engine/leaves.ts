import type { Tensor } from "@tensorflow/tfjs";
import { ArgumentError } from "../core/errors.js";
import { sizeOf } from "../onnx/graph.js";
import type { ValueData, ValueType } from "./ir/value.js";
import { sameShape } from "./ir/shapes.js";
import { tf } from "./tfjs.js";
import type { InputSpec } from "./trace/trace.js";
import type { ExampleLeaf } from "./types.js";

export const LEAF = "a tensor, a typed array, a number, or { shape, dtype }";
export const INPUT_LEAF = "a tensor, a typed array or a number";

/** Whether a node of a tree of inputs is a leaf. */
export function isInputLeaf(value: unknown): value is ExampleLeaf {
  return typeof value === "number" || ArrayBuffer.isView(value) || value instanceof tf().Tensor;
}

/** Whether a node of an example is a leaf; type and shape alone are one, too. */
export function isExampleLeaf(value: unknown): value is ExampleLeaf {
  if (isInputLeaf(value)) return true;
  const shape = (value as { shape?: unknown } | null)?.shape;
  return Array.isArray(shape) && shape.every((size) => typeof size === "number");
}

/** Type and shape of a leaf. @throws ArgumentError for a type that programs do not have, or a shape that is none */
export function specOf(path: string, leaf: ExampleLeaf): InputSpec {
  if (typeof leaf === "number") return { type: "float32", shape: [] };
  if (ArrayBuffer.isView(leaf)) return { type: arrayType(path, leaf), shape: [leaf.length] };
  const { shape, dtype = "float32" } = leaf;
  if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") {
    throw new ArgumentError(path, dtype, "a tensor of type float32, int32 or bool");
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ArgumentError(
      `${path}.shape`,
      `[${shape.join(", ")}]`,
      "whole numbers, none of them negative or unknown",
    );
  }
  return { type: dtype, shape: [...shape] };
}

function arrayType(path: string, array: ArrayBufferView): ValueType {
  if (array instanceof Float32Array || array instanceof Float64Array) return "float32";
  if (array instanceof Int32Array) return "int32";
  if (array instanceof Uint8Array) return "bool";
  throw new ArgumentError(path, array, "a Float32Array, Float64Array, Int32Array or Uint8Array");
}

/**
 * The spec of an input for a place in a program: a tensor of the example's type and rank, or entries of its shape.
 * @throws ArgumentError with the path, what is expected and what is given
 */
export function fit(path: string, leaf: ExampleLeaf, expected: InputSpec): InputSpec {
  const what = `${expected.type} of shape [${expected.shape.join(", ")}]`;
  if (leaf instanceof tf().Tensor) {
    if (leaf.dtype === expected.type && leaf.rank === expected.shape.length) return specOf(path, leaf);
    throw new ArgumentError(path, `${leaf.dtype} of shape [${leaf.shape.join(", ")}]`, what);
  }
  const given = specOf(path, leaf);
  if (given.type === expected.type && sizeOf(given.shape) === sizeOf(expected.shape)) return expected;
  throw new ArgumentError(path, leaf, `${sizeOf(expected.shape)} entries of ${what}`);
}

/** Entries of an input. */
export function entriesOf(leaf: ExampleLeaf): ValueData {
  if (typeof leaf === "number") return Float32Array.of(leaf);
  if (leaf instanceof Float64Array) return Float32Array.from(leaf);
  return leaf instanceof tf().Tensor ? leaf.dataSync<"float32" | "int32" | "bool">() : (leaf as ValueData);
}

/** Whether specs are the same. */
export function sameSpecs(a: readonly InputSpec[], b: readonly InputSpec[]): boolean {
  return (
    a.length === b.length &&
    a.every((spec, i) => spec.type === b[i].type && sameShape(spec.shape, b[i].shape))
  );
}

/** A tensor of given entries. */
export function tensorOf(data: ValueData, { type, shape }: InputSpec): Tensor {
  return tf().tensor(data, [...shape], type);
}
