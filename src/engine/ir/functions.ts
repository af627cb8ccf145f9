import { sizeOf, type Attribute } from "../../onnx/graph.js";
import { binary, multiply } from "./algebra.js";
import { expand } from "./layout.js";
import { operand } from "./materialise.js";
import type { Scope } from "./scope.js";
import { broadcastShape, sameShape } from "./shapes.js";
import { uniform, type Value, type ValueType } from "./value.js";

const FOLDED: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Cos: Math.cos,
  Exp: Math.exp,
  Floor: Math.floor,
  Log: Math.log,
  Not: (x) => 1 - x,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(0, x),
  Sign: Math.sign,
  Sin: Math.sin,
  Sqrt: Math.sqrt,
  Tanh: Math.tanh,
};

/** An entrywise function of one value. */
export function unary(
  scope: Scope,
  op: string,
  value: Value,
  type: ValueType = value.type,
  attributes: Readonly<Record<string, Attribute>> = {},
): Value {
  if (value.kind === "uniform" && op in FOLDED) return uniform(FOLDED[op](value.value), value.shape, type);
  if (value.kind === "expanded") return expand(unary(scope, op, value.of, type, attributes), value.shape);
  return scope.emit(op, [operand(scope, value)], type, value.shape, attributes);
}

/** x^p; small whole powers, roots and reciprocals by cheaper operations. */
export function power(scope: Scope, base: Value, exponent: Value): Value {
  const shape = broadcastShape(base.shape, exponent.shape);
  if (base.type === "float32" && exponent.kind === "uniform") {
    const known = knownPower(scope, base, exponent.value);
    if (known !== undefined) return expand(known, shape);
  }
  return binary(scope, "Pow", base, exponent);
}

function knownPower(scope: Scope, x: Value, p: number): Value | undefined {
  switch (p) {
    case 0:
      return uniform(1, x.shape);
    case 1:
      return x;
    case 2:
      return multiply(scope, x, x);
    case 3:
      return multiply(scope, multiply(scope, x, x), x);
    case 0.5:
      return unary(scope, "Sqrt", x);
    case -0.5:
      return unary(scope, "Reciprocal", unary(scope, "Sqrt", x));
    case -1:
      return unary(scope, "Reciprocal", x);
    default:
      return undefined;
  }
}

/** condition ? a : b, entry by entry. */
export function choose(scope: Scope, condition: Value, a: Value, b: Value): Value {
  const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
  if (condition.kind === "uniform") return expand(condition.value !== 0 ? a : b, shape);
  if (a.kind === "uniform" && b.kind === "uniform" && a.value === b.value) return expand(a, shape);
  const compact = (v: Value): Value =>
    v.kind === "uniform" ? uniform(v.value, [], v.type) : shrink(v, condition);
  const operands = [shrink(condition, a.kind === "uniform" ? b : a), compact(a), compact(b)];
  const covered = operands.map((v) => v.shape).reduce(broadcastShape);
  const used = sameShape(covered, shape) ? operands : [condition, a, b];
  const names = used.map((value) => operand(scope, value));
  return scope.emit("Where", names, a.type, shape);
}

/** What a repeated value is made of, where another operand has the full shape. */
function shrink(value: Value, other: Value): Value {
  const full =
    value.kind === "expanded" && sizeOf(other.shape) === sizeOf(value.shape) && other.kind !== "expanded";
  return full ? value.of : value;
}
