import { GraphBuilder } from "../../onnx/index.js";
import { triangleSize } from "./precision.js";

/**
 * Model of the implicit loss of a batch and of what its gradient needs, in float64. With φ(x) = (1, x, tri x xᵀ), where tri takes
 * the lower triangle row by row, and, for kernel i,
 *
 *   λ_i = (½ log det Γ - ½ zᵀΓz, Γz, -½ tri' Γ),   κ_i = (|Γz|² - tr Γ, -2 Γ²z, tri' Γ²),   tri': entries beside the diagonal twice,
 *
 * the exponents are l_i = φ·λ_i and |a_i|² - tr Γ_i is c_i = φ·κ_i, so everything is a product of matrices:
 *
 *   w = softmax(l),  s = -Σ w_i a_i,  g_i = 2 c_i + 2 s·a_i,  gl_i = w_i (g_i - Σ_j w_j g_j),  J = 2 Σ w_i c_i - |s|²
 *
 * Inputs: "x" [b, d], "lambda" [n, f] and "table" [n, 2f+1] of rows (κ, λ, 1), f = 1 + d + d(d+1)/2; with `leaveOneOut` also "own"
 * [b, 1], the kernel that a sample must not see. Outputs: "loss" [b]; the moments "weighted" = Σ_x w (φ, ψ) [n, 2f] with
 * ψ = -(0, s, tri (s xᵀ + x sᵀ)), and "tilted" = Σ_x gl φ [n, f].
 */
export function pairModel(dim: number, numKernels: number, leaveOneOut: boolean): Uint8Array {
  const b = new GraphBuilder();
  const f = 1 + dim + triangleSize(dim);
  const x = b.input("x", "float64", ["b", dim]);
  const lambda = b.input("lambda", "float64", [numKernels, f]);
  const table = b.input("table", "float64", [numKernels, 2 * f + 1]);
  const { features, direction, unfold } = quadratic(b, x, dim);

  let exponents = b.node("Gemm", [features, lambda], { transB: 1 });
  if (leaveOneOut) exponents = maskOwn(b, exponents, numKernels);
  const w = b.node("Softmax", [exponents], { axis: 1 });

  // Σ w λ = (·, Σ w Γz, -½ tri' Σ w Γ), so s = Σ w Γz - (Σ w Γ) x
  const mixed = b.node("Gemm", [w, table]);
  const pull = columns(b, mixed, f + 1, f + 1 + dim);
  const s = b.node("Add", [pull, unfold(columns(b, mixed, f + 1 + dim, 2 * f))]);

  // s·a_i = ψ·λ_i, and Σ w g is the same form of Σ w κ and Σ w λ; the table's last column takes it off
  const both = b.node("Concat", [features, direction(s)], { axis: 1 });
  const terms = b.node("Mul", [both, columns(b, mixed, 0, 2 * f)]);
  const half = b.node("ReduceSum", [terms, b.integers([1])], { keepdims: 1 });
  const row = b.node("Concat", [both, b.node("Neg", [half])], { axis: 1 });
  const centred = b.node("Gemm", [row, table], { transB: 1, alpha: { float: 2 } });
  const gl = b.node("Mul", [w, centred]);

  // Σ w g = 2 Σ w c + 2 s·Σ w a = 2 Σ w c - 2 |s|², so J = Σ w g + |s|²
  const square = b.node("ReduceSum", [b.node("Mul", [s, s]), b.integers([1])], { keepdims: 1 });
  const loss = b.node("Add", [b.node("Add", [half, half]), square]);
  b.output("loss", b.node("Reshape", [loss, b.integers([-1])]), "float64", ["b"]);
  b.output("weighted", b.node("Gemm", [w, both], { transA: 1 }), "float64", [numKernels, 2 * f]);
  b.output("tilted", b.node("Gemm", [gl, features], { transA: 1 }), "float64", [numKernels, f]);
  return b.model();
}

interface Quadratic {
  /** φ(x) */
  readonly features: string;
  /** ψ for the scores s [b, d]. */
  readonly direction: (s: string) => string;
  /** -Mx for -½ tri' M, M symmetric. */
  readonly unfold: (triangle: string) => string;
}

/** Quadratic forms in x by triangles of matrices; constant matrices take those apart and together. */
function quadratic(b: GraphBuilder, x: string, dim: number): Quadratic {
  const { lower, pairs } = triangleMaps(b, dim);
  const outer = (u: string): string => {
    const column = b.node("Reshape", [u, b.integers([-1, dim, 1])]);
    const row = b.node("Reshape", [x, b.integers([-1, 1, dim])]);
    return b.node("Reshape", [b.node("Mul", [column, row]), b.integers([-1, dim * dim])]);
  };
  const zero = b.node("Mul", [columns(b, x, 0, 1), b.constant(Float64Array.of(0), [])]);
  const one = b.node("Add", [zero, b.constant(Float64Array.of(1), [])]);
  return {
    features: b.node("Concat", [one, x, b.node("Gemm", [outer(x), lower])], { axis: 1 }),
    direction: (s) => {
      const products = b.node("Gemm", [outer(s), pairs], { transB: 1, alpha: { float: -1 } });
      return b.node("Concat", [zero, b.node("Neg", [s]), products], { axis: 1 });
    },
    unfold: (triangle) => {
      const matrix = b.node("Reshape", [b.node("Gemm", [triangle, pairs]), b.integers([-1, dim, dim])]);
      const column = b.node("Reshape", [x, b.integers([-1, dim, 1])]);
      return b.node("Reshape", [b.node("MatMul", [matrix, column]), b.integers([-1, dim])]);
    },
  };
}

/** `lower` [d², d(d+1)/2] takes a matrix's lower triangle; `pairs` [d(d+1)/2, d²] puts each entry of one in both its places. */
function triangleMaps(b: GraphBuilder, dim: number): { lower: string; pairs: string } {
  const [size, square] = [triangleSize(dim), dim * dim];
  const lower = new Float64Array(square * size);
  const pairs = new Float64Array(size * square);
  for (let j = 0, at = 0; j < dim; j++) {
    for (let k = 0; k <= j; k++, at++) {
      lower[(j * dim + k) * size + at] = 1;
      pairs[at * square + j * dim + k]++;
      pairs[at * square + k * dim + j]++;
    }
  }
  return { lower: b.constant(lower, [square, size]), pairs: b.constant(pairs, [size, square]) };
}

function columns(b: GraphBuilder, value: string, from: number, to: number): string {
  return b.node("Slice", [value, b.integers([from]), b.integers([to]), b.integers([1])]);
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
