import { GraphBuilder } from "./builder.js";

/** Which factors of a product are given transposed. */
export interface GemmForm {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Whether a matrix is added to the product. */
  readonly plus?: boolean;
}

/**
 * Model of the float64 product c = op(a) op(b) (+ plus) for all sizes: inputs "a", "b" and, where asked for, "plus", output "c",
 * op the transpose where asked for. Shapes: a [m, k] (transposed [k, m]), b [k, n] (transposed [n, k]), c and plus [m, n].
 */
export function gemm64({ transposeA = false, transposeB = false, plus = false }: GemmForm = {}): Uint8Array {
  const builder = new GraphBuilder();
  const a = builder.input("a", "float64", transposeA ? ["k", "m"] : ["m", "k"]);
  const b = builder.input("b", "float64", transposeB ? ["n", "k"] : ["k", "n"]);
  const added = plus ? [builder.input("plus", "float64", ["m", "n"])] : [];
  const product = builder.node("Gemm", [a, b, ...added], {
    transA: Number(transposeA),
    transB: Number(transposeB),
  });
  builder.output("c", product, "float64", ["m", "n"]);
  return builder.model();
}
