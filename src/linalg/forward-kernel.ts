import { within, type Block } from "./block.js";
import { addProduct } from "./product-kernel.js";

/** Columns solved at once: small enough that most of the work is in the product kernel. */
export const PANEL = 16;

/**
 * Solve X Lᵀ = B in place of X: forward substitution in every row of X, that is x_j := (x_j - Σ_{l<j} x_l L_jl) / L_jj.
 *
 * X is rows·n, L lower triangular of n·n.
 */
export function forwardRows(x: Block, rows: number, l: Block, n: number): void {
  for (let j = 0; j < n; j += PANEL) {
    const width = Math.min(PANEL, n - j);
    const panel = within(x, 0, j);
    addProduct({ c: panel, a: x, b: within(l, j, 0), m: rows, n: width, k: j, sign: -1 });
    forwardPanel(panel, rows, within(l, j, j), width);
  }
}

/** The same for a triangle of at most PANEL columns. */
export function forwardPanel(x: Block, rows: number, l: Block, width: number): void {
  let i = 0;
  for (; i + 3 < rows; i += 4) forwardFour(within(x, i, 0), l, width);
  for (; i < rows; i++) forwardOne(within(x, i, 0), l, width);
}

function forwardFour({ data: x, offset: p0, stride }: Block, l: Block, width: number): void {
  const t = l.data;
  const p1 = p0 + stride;
  const p2 = p1 + stride;
  const p3 = p2 + stride;
  for (let j = 0; j < width; j++) {
    const row = l.offset + j * l.stride;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let k = 0; k < j; k++) {
      const y = t[row + k];
      s0 += x[p0 + k] * y;
      s1 += x[p1 + k] * y;
      s2 += x[p2 + k] * y;
      s3 += x[p3 + k] * y;
    }
    const pivot = t[row + j];
    x[p0 + j] = (x[p0 + j] - s0) / pivot;
    x[p1 + j] = (x[p1 + j] - s1) / pivot;
    x[p2 + j] = (x[p2 + j] - s2) / pivot;
    x[p3 + j] = (x[p3 + j] - s3) / pivot;
  }
}

function forwardOne({ data: x, offset: p }: Block, l: Block, width: number): void {
  for (let j = 0; j < width; j++) {
    const row = l.offset + j * l.stride;
    let sum = 0;
    for (let k = 0; k < j; k++) sum += x[p + k] * l.data[row + k];
    x[p + j] = (x[p + j] - sum) / l.data[row + j];
  }
}
