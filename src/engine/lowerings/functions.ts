import { add, binary, divide, multiply, scaled, subtract } from "../ir/algebra.js";
import { choose, unary } from "../ir/functions.js";
import { number, operand, settled } from "../ir/materialise.js";
import type { Scope } from "../ir/scope.js";
import { uniform, type Value } from "../ir/value.js";
import type { Lowering, Lowerings } from "./lowering.js";

const one = uniform(1, []);
const zero = uniform(0, []);

/** A tfjs function that ONNX has, by the name that ONNX gives it. */
const same =
  (op: string): Lowering =>
  (s, { x }) =>
    unary(s, op, x);

/** Entrywise functions of one tensor. */
export const functions: Lowerings = {
  Abs: same("Abs"),
  Acos: same("Acos"),
  Acosh: same("Acosh"),
  Asin: same("Asin"),
  Asinh: same("Asinh"),
  Atan: same("Atan"),
  Atanh: same("Atanh"),
  Ceil: same("Ceil"),
  ClipByValue: (s, { x }, a: { clipValueMin: number; clipValueMax: number }) =>
    clip(s, x, a.clipValueMin, a.clipValueMax),
  Cos: same("Cos"),
  Cosh: same("Cosh"),
  Elu: same("Elu"),
  EluGrad: (s, { dy, y }) => multiply(s, dy, choose(s, positive(s, y), one, add(s, y, one))),
  Erf: same("Erf"),
  Exp: same("Exp"),
  Expm1: (s, { x }) => expm1(s, x),
  Floor: same("Floor"),
  Gelu: same("Gelu"),
  Identity: (_, { x }) => x,
  IsFinite: (s, { x }) => binary(s, "Less", unary(s, "Abs", x), uniform(Infinity, []), "bool"),
  IsInf: (s, { x }) => unary(s, "IsInf", x, "bool"),
  IsNan: (s, { x }) => unary(s, "IsNaN", x, "bool"),
  LeakyRelu: (s, { x }, a: { alpha: number }) =>
    unary(s, "LeakyRelu", x, x.type, { alpha: { float: a.alpha } }),
  Log: same("Log"),
  Log1p: (s, { x }) => log1p(s, x),
  Prelu: (s, { x, alpha }) => choose(s, positive(s, x), x, multiply(s, x, alpha)),
  Reciprocal: same("Reciprocal"),
  Relu: same("Relu"),
  Relu6: (s, { x }) => clip(s, x, 0, 6),
  Round: same("Round"),
  Rsqrt: (s, { x }) => unary(s, "Reciprocal", unary(s, "Sqrt", x)),
  Selu: same("Selu"),
  Settle: (s, { x }) => settled(s, x),
  Sigmoid: same("Sigmoid"),
  Sign: same("Sign"),
  Sin: same("Sin"),
  Sinh: same("Sinh"),
  Softplus: same("Softplus"),
  Sqrt: same("Sqrt"),
  Step: (s, { x }, a: { alpha?: number }) => choose(s, positive(s, x), one, uniform(a.alpha ?? 0, [])),
  Tan: same("Tan"),
  Tanh: same("Tanh"),
};

export function clip(scope: Scope, x: Value, min: number, max: number): Value {
  const bounds = [number(scope, min, x.type), number(scope, max, x.type)];
  return scope.emit("Clip", [operand(scope, x), ...bounds], x.type, x.shape);
}

function positive(scope: Scope, x: Value): Value {
  return binary(scope, "Greater", x, zero, "bool");
}

/** log(1 + x) without loss for small x: with u = 1 + x as rounded, log(u) x / (u - 1). Source: Kahan. */
function log1p(scope: Scope, x: Value): Value {
  const u = add(scope, x, one);
  const excess = subtract(scope, u, one);
  const exact = binary(scope, "Equal", excess, zero, "bool");
  const ratio = divide(scope, x, choose(scope, exact, one, excess));
  const scaledLog = multiply(scope, unary(scope, "Log", u), ratio);
  const isHuge = binary(scope, "Greater", u, uniform(1e30, []), "bool");
  return choose(scope, exact, x, choose(scope, isHuge, unary(scope, "Log", u), scaledLog));
}

/** exp(x) - 1 without loss for small x: 2 t / (1 - t) with t = tanh(x / 2). */
function expm1(scope: Scope, x: Value): Value {
  const t = unary(scope, "Tanh", scaled(x, 0.5));
  const near = divide(scope, scaled(t, 2), subtract(scope, one, t));
  const far = subtract(scope, unary(scope, "Exp", x), one);
  const isNear = binary(scope, "Less", unary(scope, "Abs", x), uniform(0.5, []), "bool");
  return choose(scope, isNear, near, far);
}
