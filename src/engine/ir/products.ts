import { sizeOf } from "../../onnx/graph.js";
import { scaled, unscaled } from "./algebra.js";
import { expand, reshape, transpose } from "./layout.js";
import { operand, settled } from "./materialise.js";
import type { Scope } from "./scope.js";
import { broadcastShape } from "./shapes.js";
import { uniform, type Value } from "./value.js";

/** A factor of a matrix product as [rows, columns] behind its batch, and whether it is to be transposed. */
interface Factor {
  readonly value: Value;
  readonly transposed: boolean;
}

const rowsOf = ({ value, transposed }: Factor): number => value.shape.at(transposed ? -1 : -2)!;
const columnsOf = ({ value, transposed }: Factor): number => value.shape.at(transposed ? -2 : -1)!;
const batchOf = (value: Value): readonly number[] => value.shape.slice(0, -2);

/** op(a) op(b) over the last two axes, the others broadcast. */
export function product(scope: Scope, a: Value, b: Value, transposeA = false, transposeB = false): Value {
  const shape = [
    ...broadcastShape(batchOf(a), batchOf(b)),
    rowsOf({ value: a, transposed: transposeA }),
    columnsOf({ value: b, transposed: transposeB }),
  ];
  if ([a, b].some((factor) => factor.kind === "uniform" && factor.value === 0)) return uniform(0, shape);
  const [[left, f], [right, g]] = [unscaled(a), unscaled(b)];
  const factors = { a: { value: left, transposed: transposeA }, b: { value: right, transposed: transposeB } };
  return (
    asMatrices(scope, factors.a, factors.b, shape, f * g) ??
    batched(scope, factors.a, factors.b, shape, f * g)
  );
}

/** A number goes to the right-hand matrix where that is smaller than the result: usually weights. */
function placeFactor(
  scope: Scope,
  a: Value,
  b: Value,
  factor: number,
  size: number,
): { a: Value; b: Value; rest: number } {
  if (factor === 1 || sizeOf(b.shape) >= size) return { a, b, rest: factor };
  return { a, b: settled(scope, scaled(b, factor)), rest: 1 };
}

/** A product that is one of two matrices, which takes the factor along; undefined where it is not. */
function asMatrices(
  scope: Scope,
  a: Factor,
  b: Factor,
  shape: readonly number[],
  factor: number,
): Value | undefined {
  const single = sizeOf(batchOf(b.value)) === 1;
  if (single && sizeOf(batchOf(a.value)) === 1)
    return reshape(matrixProduct(scope, matrix(a), matrix(b), factor), shape);
  // One right-hand matrix for a whole batch: all rows of the batch in one product.
  if (single && !a.transposed) {
    const rows = reshape(a.value, [sizeOf(a.value.shape.slice(0, -1)), columnsOf(a)]);
    return reshape(matrixProduct(scope, { value: rows, transposed: false }, matrix(b), factor), shape);
  }
  return undefined;
}

function batched(scope: Scope, a: Factor, b: Factor, shape: readonly number[], factor: number): Value {
  const plain = ({ value, transposed }: Factor): Value =>
    transposed ? transpose(scope, value, swapLast(value)) : value;
  const factors = placeFactor(scope, plain(a), plain(b), factor, sizeOf(shape));
  const operands = [operand(scope, factors.a), operand(scope, factors.b)];
  return scaled(scope.emit("MatMul", operands, "float32", shape), factors.rest);
}

function matrix({ value, transposed }: Factor): Factor {
  return { value: reshape(value, value.shape.slice(-2)), transposed };
}

function swapLast(value: Value): number[] {
  const axes = value.shape.map((_, axis) => axis);
  return [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
}

function matrixProduct(scope: Scope, left: Factor, right: Factor, factor: number): Value {
  const [a, b] = [untransposed(left), untransposed(right)];
  const shape = [rowsOf(a), columnsOf(b)];
  // Equal rows on the left give equal rows.
  if (!a.transposed && a.value.kind === "expanded" && repeatsRows(a.value)) {
    const row = reshape(a.value.of, [1, columnsOf(a)]);
    return expand(matrixProduct(scope, { value: row, transposed: false }, b, factor), shape);
  }
  const operands = [operand(scope, a.value), operand(scope, b.value)];
  const attributes = {
    alpha: { float: factor },
    transA: Number(a.transposed),
    transB: Number(b.transposed),
  };
  return scope.emit("Gemm", operands, "float32", shape, attributes);
}

function repeatsRows(value: Value & { readonly kind: "expanded" }): boolean {
  return sizeOf(value.of.shape) === value.shape[1] && (value.of.shape.at(-1) ?? 1) === value.shape[1];
}

/** A product can read a transposed factor as it is. */
function untransposed({ value, transposed }: Factor): Factor {
  if (value.kind !== "named" || value.transposed === undefined) return { value, transposed };
  const { of } = value.transposed;
  return of.kind === "scaled" ? { value, transposed } : { value: of, transposed: !transposed };
}
