import { binary } from "../ir/algebra.js";
import { choose, unary } from "../ir/functions.js";
import { cast, reshape } from "../ir/layout.js";
import { normalAxes } from "../ir/shapes.js";
import { reduce } from "../ir/reductions.js";
import type { Lowering, Lowerings } from "./lowering.js";

/** ONNX compares numbers only. */
const compare =
  (op: string): Lowering =>
  (s, { a, b }) => {
    const number = (v: typeof a): typeof a => (v.type === "bool" ? cast(s, v, "int32") : v);
    return binary(s, op, number(a), number(b), "bool");
  };

const over =
  (op: "ReduceMin" | "ReduceMax"): Lowering =>
  (s, { x }, a: { axis: number | number[]; keepDims: boolean }) => {
    const axes = normalAxes(a.axis, x.shape.length);
    return cast(s, reduce(s, op, cast(s, x, "int32"), axes, a.keepDims), "bool");
  };

/** Comparisons, logic, and the choice between two tensors. */
export const comparison: Lowerings = {
  All: over("ReduceMin"),
  Any: over("ReduceMax"),
  Equal: compare("Equal"),
  Greater: compare("Greater"),
  GreaterEqual: compare("GreaterOrEqual"),
  Less: compare("Less"),
  LessEqual: compare("LessOrEqual"),
  LogicalAnd: (s, { a, b }) => binary(s, "And", a, b),
  LogicalNot: (s, { x }) => unary(s, "Not", x),
  LogicalOr: (s, { a, b }) => binary(s, "Or", a, b),
  NotEqual: (s, inputs) =>
    unary(s, "Not", compare("Equal")(s, inputs, {} as never, undefined as never) as never),
  Select: (s, { condition, t, e }) => {
    const ones = t.shape.slice(condition.shape.length).map(() => 1);
    const chosen = reshape(condition, [...condition.shape, ...ones]);
    if (t.type !== "bool") return choose(s, chosen, t, e);
    return cast(s, choose(s, chosen, cast(s, t, "int32"), cast(s, e, "int32")), "bool");
  },
};
