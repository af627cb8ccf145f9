import { scaled } from "../ir/algebra.js";
import { cast, reshape } from "../ir/layout.js";
import { operand } from "../ir/materialise.js";
import { concatenate, slice } from "../ir/pieces.js";
import { multiply } from "../ir/algebra.js";
import { reduce } from "../ir/reductions.js";
import type { Scope } from "../ir/scope.js";
import { normalAxes, normalAxis } from "../ir/shapes.js";
import { uniform, type Value } from "../ir/value.js";
import { sizeOf } from "../../onnx/graph.js";
import type { Lowering, Lowerings } from "./lowering.js";

interface ReductionAttributes {
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

const over =
  (op: "ReduceSum" | "ReduceMax" | "ReduceMin" | "ReduceProd"): Lowering =>
  (s, { x }, a: ReductionAttributes) => {
    const axes = normalAxes(a.reductionIndices ?? a.axis, x.shape.length);
    const numbers = x.type === "bool" ? cast(s, x, "int32") : x;
    return reduce(s, op, numbers, axes, a.keepDims === true);
  };

const extremum =
  (op: "ArgMax" | "ArgMin"): Lowering =>
  (s, { x }, a: { axis: number }) => {
    const axis = normalAxis(a.axis, x.shape.length);
    const shape = x.shape.filter((_, i) => i !== axis);
    const place = s.emit(op, [operand(s, x)], "int32", shape, { axis, keepdims: 0 });
    return s.emit("Cast", [place], "int32", shape, { to: 6 });
  };

interface CumulativeAttributes {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Reductions along axes, and cumulative ones. */
export const reductions: Lowerings = {
  ArgMax: extremum("ArgMax"),
  ArgMin: extremum("ArgMin"),
  Cumprod: (s, { x }, a: CumulativeAttributes) => cumulativeProduct(s, x, a),
  Cumsum: (s, { x }, a: CumulativeAttributes) => {
    const axis = s.constant(BigInt64Array.of(BigInt(normalAxis(a.axis, x.shape.length))), [], "int64");
    const attributes = { exclusive: Number(a.exclusive), reverse: Number(a.reverse) };
    return s.emit("CumSum", [operand(s, x), axis], x.type, x.shape, attributes);
  },
  Max: over("ReduceMax"),
  Mean: (s, { x }, a: ReductionAttributes) => {
    const axes = normalAxes(a.axis, x.shape.length);
    const count = sizeOf(axes.map((axis) => x.shape[axis]));
    return scaled(reduce(s, "ReduceSum", cast(s, x, "float32"), axes, a.keepDims === true), 1 / count);
  },
  Min: over("ReduceMin"),
  Prod: over("ReduceProd"),
  Softmax: (s, { logits }, a: { dim: number }) => {
    const axis = normalAxis(a.dim, logits.shape.length);
    return s.emit("Softmax", [operand(s, logits)], "float32", logits.shape, { axis });
  },
  Sum: over("ReduceSum"),
};

/** Products of 2, 4, 8, … neighbours: after log2(n) rounds every entry has all those before it. Source: Hillis and Steele 1986. */
function cumulativeProduct(
  scope: Scope,
  x: Value,
  { axis: counted, exclusive, reverse }: CumulativeAttributes,
): Value {
  const axis = normalAxis(counted, x.shape.length);
  const size = x.shape[axis];
  let result = exclusive ? shifted(scope, x, axis, 1, reverse) : x;
  for (let step = 1; step < size; step *= 2) {
    result = multiply(scope, result, shifted(scope, result, axis, step, reverse));
  }
  return reshape(result, x.shape);
}

/** Entries moved `step` places along the axis, ones moving in. */
function shifted(scope: Scope, x: Value, axis: number, step: number, backwards: boolean): Value {
  const length = (n: number): number[] => x.shape.map((size, i) => (i === axis ? n : size));
  const begin = x.shape.map((_, i) => (i === axis && backwards ? step : 0));
  const rest = slice(scope, x, begin, length(x.shape[axis] - step));
  const ones = uniform(1, length(step), x.type);
  return concatenate(scope, backwards ? [rest, ones] : [ones, rest], axis);
}
