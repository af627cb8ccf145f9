import { sizeOf } from "../../onnx/graph.js";
import { expand } from "./layout.js";
import { broadcastOperand, operand } from "./materialise.js";
import type { Scope } from "./scope.js";
import { broadcastShape } from "./shapes.js";
import { isUniform, uniform, type Value, type ValueType } from "./value.js";

const FOLDED: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Pow: Math.pow,
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};

/** An entrywise operation of two values, broadcast, without any algebra but that of known numbers. */
export function binary(scope: Scope, op: string, a: Value, b: Value, type: ValueType = a.type): Value {
  const shape = broadcastShape(a.shape, b.shape);
  if (a.kind === "uniform" && b.kind === "uniform" && op in FOLDED) {
    return uniform(FOLDED[op](a.value, b.value), shape, type);
  }
  const common = commonSource(a, b);
  if (common !== undefined) return expand(binary(scope, op, common[0], common[1], type), shape);
  return scope.emit(
    op,
    [broadcastOperand(scope, a, b, shape), broadcastOperand(scope, b, a, shape)],
    type,
    shape,
  );
}

/** Operands that are both repeated: what they are made of, where that is smaller than the result. */
function commonSource(a: Value, b: Value): [Value, Value] | undefined {
  const source = (v: Value): Value => (v.kind === "expanded" ? v.of : v);
  const single = (v: Value): boolean => v.kind === "uniform" || sizeOf(v.shape) === 1;
  const repeated = a.kind === "expanded" || b.kind === "expanded";
  const both = (a.kind === "expanded" || single(a)) && (b.kind === "expanded" || single(b));
  if (!repeated || !both) return undefined;
  const [p, q] = [source(a), source(b)].map((v) => (v.kind === "uniform" ? uniform(v.value, [], v.type) : v));
  const full = sizeOf(broadcastShape(a.shape, b.shape));
  return sizeOf(broadcastShape(p.shape, q.shape)) < full ? [p, q] : undefined;
}

/** factor · x, put off: whatever uses it may pass it on. */
export function scaled(value: Value, factor: number): Value {
  if (factor === 1) return value;
  if (value.kind === "uniform") return uniform(value.value * factor, value.shape);
  if (value.kind === "scaled") return scaled(value.of, value.factor * factor);
  return { kind: "scaled", type: "float32", shape: value.shape, of: value, factor };
}

/** A value without its factor, and the factor. */
export function unscaled(value: Value): [Value, number] {
  return value.kind === "scaled" ? [value.of, value.factor] : [value, 1];
}

export function negate(scope: Scope, value: Value): Value {
  if (value.type === "float32") return scaled(value, -1);
  return scope.emit("Neg", [operand(scope, value)], value.type, value.shape);
}

/** a b. Zero times anything is zero, infinities included. */
export function multiply(scope: Scope, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  if (a.type === "bool") return binary(scope, "And", a, b);
  if (a.type !== "float32") return binary(scope, "Mul", a, b);
  if (a.kind === "uniform") return timesNumber(b, a.value, shape);
  if (b.kind === "uniform") return timesNumber(a, b.value, shape);
  const [[p, f], [q, g]] = [unscaled(a), unscaled(b)];
  const [first, second] = inOrder(p, q);
  return scaled(binary(scope, "Mul", first, second), f * g);
}

function timesNumber(value: Value, factor: number, shape: readonly number[]): Value {
  return factor === 0 ? uniform(0, shape) : scaled(expand(value, shape), factor);
}

/** One order for the factors of a product, so that equal products are recognised. */
function inOrder(a: Value, b: Value): [Value, Value] {
  const key = (v: Value): string => (v.kind === "named" ? v.name : "");
  return key(a) > key(b) ? [b, a] : [a, b];
}

export function add(scope: Scope, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  if (isUniform(b, 0)) return expand(a, shape);
  if (isUniform(a, 0)) return expand(b, shape);
  const [[p, f], [q, g]] = [unscaled(a), unscaled(b)];
  if (f === g && f !== 1) return scaled(add(scope, p, q), f);
  if (f === -1) return subtract(scope, b, p);
  if (g === -1) return subtract(scope, a, q);
  return binary(scope, "Add", a, b);
}

export function subtract(scope: Scope, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  if (isUniform(b, 0)) return expand(a, shape);
  if (isUniform(a, 0)) return scaled(expand(b, shape), -1);
  const [[p, f], [q, g]] = [unscaled(a), unscaled(b)];
  if (f === g && f !== 1) return scaled(subtract(scope, p, q), f);
  if (g === -1) return add(scope, a, q);
  return binary(scope, "Sub", a, b);
}

export function divide(scope: Scope, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  if (b.kind === "uniform") return scaled(expand(a, shape), 1 / b.value);
  if (isUniform(a, 0)) return uniform(0, shape);
  const [[p, f], [q, g]] = [unscaled(a), unscaled(b)];
  if (f !== 1 || g !== 1) return scaled(divide(scope, p, q), f / g);
  return binary(scope, "Div", a, b);
}
