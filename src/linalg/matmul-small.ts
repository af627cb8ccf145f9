import type { MatmulOptions } from "./matmul.js";
import { addProduct } from "./product-kernel.js";
import { transpose } from "./transpose.js";

/** c = op(a) op(b) on the calling thread; every sum runs over k in order. */
export function matmulSmall(a: Float64Array, b: Float64Array, options: MatmulOptions): Float64Array {
  const { m, n, k, transposeA = false, transposeB = false } = options;
  const left = transposeA ? transpose(a, k, m) : a;
  const right = transposeB ? b : transpose(b, k, n);
  const c = new Float64Array(m * n);
  addProduct({
    c: { data: c, offset: 0, stride: n },
    a: { data: left, offset: 0, stride: k },
    b: { data: right, offset: 0, stride: k },
    m,
    n,
    k,
    sign: 1,
  });
  return c;
}
