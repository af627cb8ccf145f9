import { add, binary, divide, multiply, negate, subtract } from "../ir/algebra.js";
import { choose, power, unary } from "../ir/functions.js";
import { cast } from "../ir/layout.js";
import { uniform, type Value } from "../ir/value.js";
import type { Scope } from "../ir/scope.js";
import type { Lowerings } from "./lowering.js";

const zero = uniform(0, []);

/** Sums, products, quotients and powers of entries. */
export const arithmetic: Lowerings = {
  Add: (s, { a, b }) => add(s, a, b),
  AddN: (s, inputs) => Object.values(inputs).reduce((sum, term) => add(s, sum, term)),
  Atan2: (s, { a, b }) => arctangent(s, a, b),
  // An int32 tensor also for real operands, as on tfjs's cpu.
  FloorDiv: (s, { a, b }) => {
    const quotient = divide(s, cast(s, a, "float32"), cast(s, b, "float32"));
    return cast(s, unary(s, "Floor", quotient), "int32");
  },
  Maximum: (s, { a, b }) => binary(s, "Max", a, b),
  Minimum: (s, { a, b }) => binary(s, "Min", a, b),
  Mod: (s, { a, b }) => modulus(s, a, b),
  Multiply: (s, { a, b }) => multiply(s, a, b),
  Neg: (s, { x }) => negate(s, x),
  Pow: (s, { a, b }) => power(s, a, b),
  RealDiv: (s, { a, b }) => divide(s, a, b),
  SquaredDifference: (s, { a, b }) => square(s, subtract(s, a, b)),
  Square: (s, { x }) => square(s, x),
  Sub: (s, { a, b }) => subtract(s, a, b),
};

function square(scope: Scope, x: Value): Value {
  return multiply(scope, x, x);
}

/** The remainder with the sign of the divisor. */
function modulus(scope: Scope, a: Value, b: Value): Value {
  const [dividend, divisor] = [cast(scope, a, "float32"), cast(scope, b, "float32")];
  const count = unary(scope, "Floor", divide(scope, dividend, divisor));
  return cast(scope, subtract(scope, dividend, multiply(scope, count, divisor)), a.type);
}

/** The angle of (b, a): the arctangent of a / b, half a turn further where b is negative; 0 at the origin. */
function arctangent(scope: Scope, a: Value, b: Value): Value {
  const angle = unary(scope, "Atan", binary(scope, "Div", a, b));
  const turn = choose(
    scope,
    binary(scope, "Less", a, zero, "bool"),
    uniform(-Math.PI, []),
    uniform(Math.PI, []),
  );
  const offset = choose(scope, binary(scope, "Less", b, zero, "bool"), turn, zero);
  const isOrigin = binary(
    scope,
    "And",
    binary(scope, "Equal", a, zero, "bool"),
    binary(scope, "Equal", b, zero, "bool"),
  );
  return choose(scope, isOrigin, zero, add(scope, angle, offset));
}
