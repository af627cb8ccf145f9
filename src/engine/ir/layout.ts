import { sizeOf } from "../../onnx/graph.js";
import { operand } from "./materialise.js";
import type { Scope } from "./scope.js";
import { broadcastShape, sameShape } from "./shapes.js";
import { constant, uniform, type Value } from "./value.js";

/** The same entries in another shape. */
export function reshape(value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value;
  switch (value.kind) {
    case "uniform":
      return { ...value, shape };
    case "constant":
      return { ...value, shape };
    case "scaled":
      return { ...value, shape, of: reshape(value.of, shape) };
    case "reshaped":
      return reshape(value.of, shape);
    case "expanded":
      return reshapeExpanded(value, shape);
    case "named":
      return { kind: "reshaped", type: value.type, shape, of: value };
  }
}

/** Repetition along axes in front survives a reshape that only adds or drops axes of size one. */
function reshapeExpanded(value: Value & { kind: "expanded" }, shape: readonly number[]): Value {
  const inner = squeezed(value.shape);
  if (!sameShape(inner.sizes, squeezed(shape).sizes)) {
    return { kind: "reshaped", type: value.type, shape, of: value };
  }
  const source = [...Array<number>(value.shape.length - value.of.shape.length).fill(1), ...value.of.shape];
  const kept = inner.axes.map((axis) => source[axis]);
  let next = 0;
  const target = shape.map((size) => (size === 1 ? 1 : kept[next++]));
  return expand(reshape(value.of, target), shape);
}

function squeezed(shape: readonly number[]): { sizes: number[]; axes: number[] } {
  const axes = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1);
  return { sizes: axes.map((axis) => shape[axis]), axes };
}

/** Repeated to a shape that it broadcasts to. */
export function expand(value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value;
  if (value.kind === "uniform") return { ...value, shape };
  if (value.kind === "scaled") return { ...value, shape, of: expand(value.of, shape) };
  const of =
    value.kind === "expanded" && sameShape(broadcastShape(value.of.shape, shape), shape) ? value.of : value;
  return { kind: "expanded", type: value.type, shape, of };
}

/** Axes in another order. */
export function transpose(scope: Scope, value: Value, permutation: readonly number[]): Value {
  const shape = permutation.map((axis) => value.shape[axis]);
  if (value.kind === "uniform") return { ...value, shape };
  if (value.kind === "scaled") return { ...value, shape, of: transpose(scope, value.of, permutation) };
  // Moving axes of size one about leaves the entries where they are.
  const moved = permutation.filter((axis) => value.shape[axis] !== 1);
  if (moved.every((axis, i) => i === 0 || axis > moved[i - 1])) return reshape(value, shape);
  if (value.kind === "constant" && sizeOf(shape) <= 4096)
    return transposedConstant(value, permutation, shape);
  if (value.kind === "named" && value.transposed !== undefined) {
    const { of, permutation: before } = value.transposed;
    return transpose(
      scope,
      of,
      permutation.map((axis) => before[axis]),
    );
  }
  const perm = [...permutation];
  const result = scope.emit("Transpose", [operand(scope, value)], value.type, shape, { perm });
  return { ...result, transposed: { of: value, permutation: perm } };
}

function transposedConstant(
  value: Value & { kind: "constant" },
  permutation: readonly number[],
  shape: number[],
): Value {
  const strides = value.shape.map((_, axis) => sizeOf(value.shape.slice(axis + 1)));
  const data = value.data.slice();
  const index = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = value.data[index.reduce((sum, at, axis) => sum + at * strides[permutation[axis]], 0)];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return constant(data, shape, value.type);
}

/** Entries as another type; truth is one. */
export function cast(scope: Scope, value: Value, type: Value["type"]): Value {
  if (value.type === type) return value;
  const convert = (x: number): number =>
    type === "bool" ? Number(x !== 0) : type === "int32" ? Math.trunc(x) : x;
  switch (value.kind) {
    case "uniform":
      return uniform(convert(value.value), value.shape, type);
    case "constant":
      return constant(typed(Array.from(value.data, convert), type), value.shape, type);
    case "expanded":
      return expand(cast(scope, value.of, type), value.shape);
    case "reshaped":
      return reshape(cast(scope, value.of, type), value.shape);
    case "named":
    case "scaled":
      return scope.emit("Cast", [operand(scope, value)], type, value.shape, { to: CODES[type] });
  }
}

const CODES = { float32: 1, int32: 6, bool: 9 } as const;

function typed(values: number[], type: Value["type"]): Float32Array | Int32Array | Uint8Array {
  if (type === "float32") return Float32Array.from(values);
  return type === "int32" ? Int32Array.from(values) : Uint8Array.from(values);
}
