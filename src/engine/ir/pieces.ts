import { sizeOf } from "../../onnx/graph.js";
import { expand, reshape } from "./layout.js";
import { number, operand } from "./materialise.js";
import type { Scope } from "./scope.js";
import { sameShape } from "./shapes.js";
import { isUniform, type Value } from "./value.js";

/** Values one behind another along an axis. */
export function concatenate(scope: Scope, values: readonly Value[], axis: number): Value {
  const present = values.filter((value) => sizeOf(value.shape) > 0);
  if (present.length === 0) return values[0];
  if (present.length === 1) return present[0];
  const length = present.reduce((sum, value) => sum + value.shape[axis], 0);
  const shape = present[0].shape.map((size, i) => (i === axis ? length : size));
  const operands = present.map((value) => operand(scope, value));
  return scope.emit("Concat", operands, present[0].type, shape, { axis });
}

/** `size` entries from `begin` on along every axis. */
export function slice(scope: Scope, value: Value, begin: readonly number[], size: readonly number[]): Value {
  if (sameShape(size, value.shape)) return value;
  if (value.kind === "uniform") return { ...value, shape: size };
  if (value.kind === "scaled") return { ...value, shape: size, of: slice(scope, value.of, begin, size) };
  if (value.kind === "expanded") return sliceRepeated(scope, value, begin, size);
  const steps = value.shape.map(() => 1);
  return strided(
    scope,
    value,
    begin,
    begin.map((first, axis) => first + size[axis]),
    steps,
    size,
  );
}

function sliceRepeated(
  scope: Scope,
  value: Value & { readonly kind: "expanded" },
  begin: readonly number[],
  size: readonly number[],
): Value {
  const front = value.shape.length - value.of.shape.length;
  const first = value.of.shape.map((extent, axis) => (extent === 1 ? 0 : begin[axis + front]));
  const length = value.of.shape.map((extent, axis) => (extent === 1 ? 1 : size[axis + front]));
  return expand(slice(scope, value.of, first, length), size);
}

/** Entries from `begin` to before `end`, `step` apart; `shape` is that of the result. */
export function strided(
  scope: Scope,
  value: Value,
  begin: readonly number[],
  end: readonly number[],
  step: readonly number[],
  shape: readonly number[],
): Value {
  if (value.kind === "uniform") return { ...value, shape };
  const all = value.shape.map((_, axis) => axis);
  const axes = all.filter((axis) => begin[axis] !== 0 || end[axis] !== value.shape[axis] || step[axis] !== 1);
  if (axes.length === 0) return value;
  const chosen = (list: readonly number[]) => scope.integers(axes.map((axis) => list[axis]));
  const operands = [operand(scope, value), chosen(begin), chosen(end), scope.integers(axes)];
  if (axes.some((axis) => step[axis] !== 1)) operands.push(chosen(step));
  return scope.emit("Slice", operands, value.type, shape);
}

/** Pieces of the given lengths along an axis. */
export function split(scope: Scope, value: Value, lengths: readonly number[], axis: number): Value[] {
  if (lengths.length === 1) return [value];
  const shapes = lengths.map((length) => value.shape.map((size, i) => (i === axis ? length : size)));
  if (value.kind !== "named" && value.kind !== "constant" && value.kind !== "reshaped") {
    let first = 0;
    return shapes.map((shape) => {
      const begin = shape.map((_, i) => (i === axis ? first : 0));
      first += shape[axis];
      return slice(scope, value, begin, shape);
    });
  }
  const operands = [operand(scope, value), scope.integers(lengths)];
  return [...scope.emitMany("Split", operands, value.type, shapes, { axis })];
}

/** Entries of one number around a value. */
export function pad(
  scope: Scope,
  value: Value,
  paddings: readonly (readonly number[])[],
  filler: number,
): Value {
  const shape = value.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
  if (sameShape(shape, value.shape)) return value;
  if (isUniform(value, filler)) return { ...value, shape };
  const amounts = [...paddings.map((pair) => pair[0]), ...paddings.map((pair) => pair[1])];
  const operands = [operand(scope, value), scope.integers(amounts), number(scope, filler, value.type)];
  return scope.emit("Pad", operands, value.type, shape);
}

/** The value repeated as a whole along its axes. */
export function tile(value: Value, repeats: readonly number[]): Value {
  const shape = value.shape.map((size, axis) => size * repeats[axis]);
  if (repeats.every((count, axis) => count === 1 || value.shape[axis] === 1)) return expand(value, shape);
  const interleaved = value.shape.flatMap((size) => [1, size]);
  return reshape(
    expand(
      reshape(value, interleaved),
      value.shape.flatMap((size, axis) => [repeats[axis], size]),
    ),
    shape,
  );
}
