import { GraphBuilder } from "../../onnx/index.js";

/**
 * Model of the implicit loss of a batch and of what its gradient needs, in float64. With φ(x) = (1, x, vec x xᵀ) and, for kernel i,
 *
 *   λ_i = (½ log det Γ - ½ zᵀΓz, Γz, -½ vec Γ),   κ_i = (|Γz|² - tr Γ, -2 Γ²z, vec Γ²),
 *
 * the exponents are l_i = φ·λ_i and |a_i|² - tr Γ_i is c_i = φ·κ_i, so everything is a product of matrices:
 *
 *   w = softmax(l),  s = -Σ w_i a_i,  g_i = 2 c_i + 2 s·a_i,  gl_i = w_i (g_i - Σ_j w_j g_j),  J = 2 Σ w_i c_i - |s|²
 *
 * Inputs: "x" [b, d], "lambda" and "kappa" [n, 1+d+d²]; with `leaveOneOut` also "own" [b, 1], the kernel that a sample must not see.
 * Outputs: "loss" [b]; the moments "first" = Σ_x w φ, "second" = Σ_x gl φ [n, 1+d+d²] and "third" = Σ_x w (s, vec s xᵀ) [n, d+d²].
 */
export function pairModel(dim: number, numKernels: number, leaveOneOut: boolean): Uint8Array {
  const b = new GraphBuilder();
  const width = 1 + dim + dim * dim;
  const x = b.input("x", "float64", ["b", dim]);
  const lambda = b.input("lambda", "float64", [numKernels, width]);
  const kappa = b.input("kappa", "float64", [numKernels, width]);
  const scalar = (value: number): string => b.constant(Float64Array.of(value), []);
  const outer = (u: string): string => {
    const column = b.node("Reshape", [u, b.integers([-1, dim, 1])]);
    const row = b.node("Reshape", [x, b.integers([-1, 1, dim])]);
    return b.node("Reshape", [b.node("Mul", [column, row]), b.integers([-1, dim * dim])]);
  };
  const one = b.node("Add", [b.node("Mul", [b.node("Slice", [x, ...range(b, 0, 1)]), scalar(0)]), scalar(1)]);
  const features = b.node("Concat", [one, x, outer(x)], { axis: 1 });

  let exponents = b.node("Gemm", [features, lambda], { transB: 1 });
  if (leaveOneOut) exponents = maskOwn(b, exponents, numKernels);
  const w = b.node("Softmax", [exponents], { axis: 1 });

  // Σ w λ = (·, Σ w Γz, -½ Σ w Γ), so s = Σ w Γz + 2 (-½ Σ w Γ) x
  const mixed = b.node("Gemm", [w, lambda]);
  const matrix = b.node("Reshape", [
    b.node("Slice", [mixed, ...range(b, 1 + dim, width)]),
    b.integers([-1, dim, dim]),
  ]);
  const column = b.node("Reshape", [x, b.integers([-1, dim, 1])]);
  const pull = b.node("Reshape", [b.node("MatMul", [matrix, column]), b.integers([-1, dim])]);
  const s = b.node("Add", [
    b.node("Slice", [mixed, ...range(b, 1, 1 + dim)]),
    b.node("Mul", [pull, scalar(2)]),
  ]);

  const c = b.node("Gemm", [features, kappa], { transB: 1 });
  // s·a_i = sᵀΓx - s·Γz = (0, -s, -2 vec s xᵀ)·λ_i
  const direction = b.node(
    "Concat",
    [b.node("Mul", [one, scalar(0)]), b.node("Neg", [s]), b.node("Mul", [outer(s), scalar(-2)])],
    { axis: 1 },
  );
  const along = b.node("Gemm", [direction, lambda], { transB: 1 });
  const g = b.node("Mul", [b.node("Add", [c, along]), scalar(2)]);
  const mean = b.node("ReduceSum", [b.node("Mul", [w, g]), b.integers([1])], { keepdims: 1 });
  const gl = b.node("Mul", [w, b.node("Sub", [g, mean])]);

  // Σ w g = 2 Σ w c + 2 s·Σ w a = 2 Σ w c - 2 |s|², so J = Σ w g + |s|²
  const square = b.node("ReduceSum", [b.node("Mul", [s, s]), b.integers([1])], { keepdims: 1 });
  const loss = b.node("Reshape", [b.node("Add", [mean, square]), b.integers([-1])]);
  b.output("loss", loss, "float64", ["b"]);
  const moment = (name: string, left: string, right: string, columns: number): void =>
    b.output(name, b.node("Gemm", [left, right], { transA: 1 }), "float64", [numKernels, columns]);
  moment("first", w, features, width);
  moment("second", gl, features, width);
  moment("third", w, b.node("Concat", [s, outer(s)], { axis: 1 }), width - 1);
  return b.model();
}

/** Starts, ends and axes that make Slice take some columns. */
function range(b: GraphBuilder, from: number, to: number): [string, string, string] {
  return [b.integers([from]), b.integers([to]), b.integers([1])];
}

/** Exponents so low that a sample's own kernel gets weight zero. */
function maskOwn(b: GraphBuilder, exponents: string, numKernels: number): string {
  const own = b.input("own", "int64", ["b", 1]);
  const all = b.constant(
    BigInt64Array.from({ length: numKernels }, (_, i) => BigInt(i)),
    [1, numKernels],
  );
  const never = b.constant(Float64Array.of(-1e300), []);
  return b.node("Where", [b.node("Equal", [own, all]), never, exponents]);
}
