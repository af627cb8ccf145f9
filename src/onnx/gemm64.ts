import { GraphBuilder } from "./builder.js";

/** Which factors of a product are given transposed. */
export interface GemmForm {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Model of the float64 product c = op(a) op(b) for all sizes: inputs "a" and "b", output "c", op the transpose where asked for.
 * Shapes: a [m, k] (transposed [k, m]), b [k, n] (transposed [n, k]), c [m, n].
 */
export function gemm64({ transposeA = false, transposeB = false }: GemmForm = {}): Uint8Array {
  const builder = new GraphBuilder();
  const a = builder.input("a", "float64", transposeA ? ["k", "m"] : ["m", "k"]);
  const b = builder.input("b", "float64", transposeB ? ["n", "k"] : ["k", "n"]);
  const product = builder.node("Gemm", [a, b], { transA: Number(transposeA), transB: Number(transposeB) });
  builder.output("c", product, "float64", ["m", "n"]);
  return builder.model();
}
