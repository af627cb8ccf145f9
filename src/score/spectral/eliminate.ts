import type { Block } from "../../linalg/block.js";
import { forwardRows } from "../../linalg/forward-kernel.js";
import { solveTriangular } from "../../linalg/index.js";
import { addProduct } from "../../linalg/product-kernel.js";
import { gemm } from "../../onnx/gemm-task.js";

/** Multiplications above which ONNX Runtime's product beats the plain kernel, its call and copies included. */
const LARGE = 1e6;

/** Y = B L⁻ᵀ: L⁻¹ applied to every row of B (count·width numbers). B may be overwritten. */
export async function solveRows(
  b: Float64Array,
  count: number,
  factor: Float64Array,
  width: number,
): Promise<Float64Array> {
  if (count < 2 * width || count * width * width < LARGE) {
    const rows = { data: b, offset: 0, stride: width };
    forwardRows(rows, count, { data: factor, offset: 0, stride: width }, width);
    return b;
  }
  const identity = new Float64Array(width * width);
  for (let i = 0; i < width; i++) identity[i * width + i] = 1;
  const inverse = solveTriangular(factor, width, identity);
  return gemm({ a: b, b: inverse, m: count, n: width, k: width, transposeB: true });
}

/** c -= Y_p Y_qᵀ, where Y_p holds rows p·block to (p+1)·block of Y. */
export async function subtractOuter(
  c: Float64Array,
  y: Float64Array,
  p: number,
  q: number,
  block: number,
  width: number,
): Promise<void> {
  if (block * block * width < LARGE) {
    const rowsOf = (pair: number): Block => ({ data: y, offset: pair * block * width, stride: width });
    const target = { data: c, offset: 0, stride: block };
    addProduct({ c: target, a: rowsOf(p), b: rowsOf(q), m: block, n: block, k: width, sign: -1 });
    return;
  }
  const rowsOf = (pair: number): Float64Array => y.subarray(pair * block * width, (pair + 1) * block * width);
  const product = await gemm({ a: rowsOf(p), b: rowsOf(q), m: block, n: block, k: width, transposeB: true });
  for (let i = 0; i < c.length; i++) c[i] -= product[i];
}
