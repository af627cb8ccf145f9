import { add } from "../ir/algebra.js";
import { unary } from "../ir/functions.js";
import { operand } from "../ir/materialise.js";
import { product } from "../ir/products.js";
import type { Scope } from "../ir/scope.js";
import type { Value } from "../ir/value.js";
import { ArgumentError } from "../../core/errors.js";
import { clip } from "./functions.js";
import type { Lowerings } from "./lowering.js";

interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

interface FusedAttributes extends ProductAttributes {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Matrix products. */
export const products: Lowerings = {
  BatchMatMul: (s, { a, b }, t: ProductAttributes) => product(s, a, b, t.transposeA, t.transposeB),
  Einsum: (s, inputs, a: { equation: string }) => einsum(s, Object.values(inputs), a.equation),
  _FusedMatMul: (s, { a, b, bias }, t: FusedAttributes) => {
    const plain = product(s, a, b, t.transposeA, t.transposeB);
    const biased = bias === undefined ? plain : add(s, plain, bias);
    return activate(s, biased, t.activation ?? "linear", t.leakyreluAlpha ?? 0);
  },
};

export function activate(scope: Scope, x: Value, activation: string, alpha: number): Value {
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return unary(scope, "Relu", x);
    case "relu6":
      return clip(scope, x, 0, 6);
    case "elu":
      return unary(scope, "Elu", x);
    case "sigmoid":
      return unary(scope, "Sigmoid", x);
    case "leakyrelu":
      return unary(scope, "LeakyRelu", x, x.type, { alpha: { float: alpha } });
    default:
      throw new ArgumentError("activation", activation, "linear, relu, relu6, elu, sigmoid or leakyrelu");
  }
}

function einsum(scope: Scope, values: readonly Value[], equation: string): Value {
  const [left, right] = equation.replaceAll(" ", "").split("->");
  const sizes = new Map<string, number>();
  left.split(",").forEach((letters, i) => {
    [...letters].forEach((letter, axis) => sizes.set(letter, values[i].shape[axis]));
  });
  const shape = [...right].map((letter) => sizes.get(letter)!);
  const operands = values.map((value) => operand(scope, value));
  return scope.emit("Einsum", operands, "float32", shape, { equation: `${left}->${right}` });
}
