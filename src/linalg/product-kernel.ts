import type { Block } from "./block.js";

/** C := C ± A Bᵀ with C of m·n, A of m·k and B of n·k entries. */
export interface Product {
  readonly c: Block;
  readonly a: Block;
  readonly b: Block;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly sign: 1 | -1;
}

/**
 * Add a product to C or take it away; four by two sums are held in registers.
 *
 * Every sum runs over k in order, so an entry's value does not depend on how the matrices were cut into blocks of rows.
 */
export function addProduct(product: Product): void {
  const { m } = product;
  const wholeRows = m - (m % 4);
  for (let i = 0; i < wholeRows; i += 4) fourRows(product, i);
  for (let i = wholeRows; i < m; i++) oneRow(product, i);
}

function fourRows({ c, a, b, n, k, sign }: Product, i: number): void {
  const x = a.data;
  const y = b.data;
  const z = c.data;
  const p0 = a.offset + i * a.stride;
  const p1 = p0 + a.stride;
  const p2 = p1 + a.stride;
  const p3 = p2 + a.stride;
  let out = c.offset + i * c.stride;
  let q0 = b.offset;
  let j = 0;
  for (; j + 1 < n; j += 2) {
    const q1 = q0 + b.stride;
    let s00 = 0;
    let s01 = 0;
    let s10 = 0;
    let s11 = 0;
    let s20 = 0;
    let s21 = 0;
    let s30 = 0;
    let s31 = 0;
    for (let l = 0; l < k; l++) {
      const y0 = y[q0 + l];
      const y1 = y[q1 + l];
      const x0 = x[p0 + l];
      const x1 = x[p1 + l];
      const x2 = x[p2 + l];
      const x3 = x[p3 + l];
      s00 += x0 * y0;
      s01 += x0 * y1;
      s10 += x1 * y0;
      s11 += x1 * y1;
      s20 += x2 * y0;
      s21 += x2 * y1;
      s30 += x3 * y0;
      s31 += x3 * y1;
    }
    z[out] += sign * s00;
    z[out + 1] += sign * s01;
    z[out + c.stride] += sign * s10;
    z[out + c.stride + 1] += sign * s11;
    z[out + 2 * c.stride] += sign * s20;
    z[out + 2 * c.stride + 1] += sign * s21;
    z[out + 3 * c.stride] += sign * s30;
    z[out + 3 * c.stride + 1] += sign * s31;
    q0 = q1 + b.stride;
    out += 2;
  }
  if (j === n) return;
  for (let r = 0; r < 4; r++) z[out + r * c.stride] += sign * dot(x, p0 + r * a.stride, y, q0, k);
}

function oneRow({ c, a, b, n, k, sign }: Product, i: number): void {
  const p = a.offset + i * a.stride;
  const out = c.offset + i * c.stride;
  for (let j = 0; j < n; j++) c.data[out + j] += sign * dot(a.data, p, b.data, b.offset + j * b.stride, k);
}

function dot(x: Float64Array, p: number, y: Float64Array, q: number, k: number): number {
  let sum = 0;
  for (let l = 0; l < k; l++) sum += x[p + l] * y[q + l];
  return sum;
}
