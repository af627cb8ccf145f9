import { sizeOf } from "../../onnx/graph.js";
import type { Operand, Scope } from "./scope.js";
import { sameShape } from "./shapes.js";
import { filled, named, type Value } from "./value.js";

/** Uniform values up to this many entries become constants of the model, larger ones are expanded when it runs. */
const SMALL = 256;

/** The name under which a value is available in full, with the operations that this takes. */
export function operand(scope: Scope, value: Value): Operand {
  switch (value.kind) {
    case "named":
      return value;
    case "constant":
      return scope.constant(value.data, value.shape, value.type);
    case "uniform":
      return uniformOperand(scope, value.value, value);
    case "reshaped":
      return scope.emit(
        "Reshape",
        [operand(scope, value.of), scope.integers(value.shape)],
        value.type,
        value.shape,
      );
    case "expanded":
      return scope.emit(
        "Expand",
        [operand(scope, value.of), scope.integers(value.shape)],
        value.type,
        value.shape,
      );
    case "scaled":
      return scope.emit(
        "Mul",
        [operand(scope, value.of), number(scope, value.factor)],
        value.type,
        value.shape,
      );
  }
}

/** A value for an operation that broadcasts, where the other operand already has the shape of the result. */
export function broadcastOperand(
  scope: Scope,
  value: Value,
  other: Value,
  shape: readonly number[],
): Operand {
  if (sameShape(other.shape, shape)) {
    if (value.kind === "uniform") return number(scope, value.value, value.type);
    if (value.kind === "expanded") return operand(scope, value.of);
  }
  return operand(scope, value);
}

/** A value whose factor is multiplied in here and now: whatever uses it finds the same entries. */
export function settled(scope: Scope, value: Value): Value {
  if (value.kind !== "scaled") return value;
  const { name, depth } = operand(scope, value);
  return named(name, value.type, value.shape, depth);
}

/** A scalar constant. */
export function number(scope: Scope, value: number, type: Value["type"] = "float32"): Operand {
  return scope.constant(filled(value, 1, type), [], type);
}

function uniformOperand(scope: Scope, entry: number, { type, shape }: Value): Operand {
  const size = sizeOf(shape);
  if (size <= SMALL) return scope.constant(filled(entry, size, type), shape, type);
  return scope.emit("Expand", [number(scope, entry, type), scope.integers(shape)], type, shape);
}
