import { gemm } from "../onnx/gemm-task.js";
import type { AttentionPart } from "./attention-chunk.js";
import { DEPTH, exponential } from "./exponential.js";
import { borrow, giveBack } from "./spare-arrays.js";
import { squaredNorms } from "./squared-norms.js";

/** A block of points that queries look at. */
export interface PointBlock {
  /** m·dim numbers; not in shared memory, of which the runtime would make a copy for every product. */
  readonly z: Float64Array;
  readonly bias: Float64Array | undefined;
  /** |z_j|², m numbers, where they are known already. */
  readonly squares: Float64Array | undefined;
}

/**
 * Sums of Gaussian attention over blocks of points that stream past, by two products of matrices a block: exponents from
 * |x|² - 2 x·z + |z|², and sums of z by their terms. All sums are relative to the greatest exponent so far.
 */
export class ProductSums {
  private readonly x: Float64Array;
  private readonly dim: number;
  private readonly variance: number;
  private readonly count: number;
  private readonly peak: Float64Array;
  private readonly sum: Float64Array;
  /** Σ (b_j - l_ij) exp(l_ij - peak), without the query's own square. */
  private readonly fall: Float64Array;
  private first: Float64Array;

  /** @param x n·dim numbers */
  constructor(x: Float64Array, dim: number, variance: number, means: boolean) {
    this.x = x;
    this.dim = dim;
    this.variance = variance;
    this.count = x.length / dim;
    const size = means ? x.length : 0;
    this.peak = new Float64Array(this.count).fill(-Infinity);
    this.sum = new Float64Array(this.count);
    this.fall = new Float64Array(this.count);
    this.first = new Float64Array(size);
  }

  /** Add the sums over a block. */
  async add({ z, bias = new Float64Array(z.length / this.dim), squares }: PointBlock): Promise<void> {
    const { x, dim, count, variance } = this;
    const m = z.length / dim;
    const exponents = borrow(count * m);
    await gemm({ a: x, b: z, m: count, n: m, k: dim, transposeB: true, out: exponents });
    const shift = (squares ?? squaredNorms(z, dim)).map((square, j) => bias[j] - square / (2 * variance));
    let left = 0;
    for (let i = 0; i < count; i++) {
      const row = exponents.subarray(i * m, (i + 1) * m);
      this.raise(i, finishRow(row, shift, 1 / variance));
      const terms = exponentiate(row, bias, this.peak[i]);
      this.sum[i] += terms.sum;
      this.fall[i] += terms.fall;
      left += terms.left;
    }
    if (this.first.length > 0 && left > 0) await this.addPoints(exponents, z, left);
    giveBack(exponents);
  }

  /** The sums over all blocks so far. */
  part(): AttentionPart {
    const { peak, sum, fall, first, variance } = this;
    const own = squaredNorms(this.x, this.dim);
    return {
      peak: peak.map((value, i) => value - own[i] / (2 * variance)),
      sum,
      first,
      second: fall.map((value, i) => 2 * variance * value + own[i] * sum[i]),
    };
  }

  /** Sums relative to a greater exponent, if this is one. */
  private raise(i: number, peak: number): void {
    if (!(peak > this.peak[i])) return;
    const keep = Math.exp(this.peak[i] - peak);
    this.peak[i] = peak;
    this.sum[i] *= keep;
    this.fall[i] *= keep;
    if (this.first.length === 0) return;
    for (let k = i * this.dim; k < (i + 1) * this.dim; k++) this.first[k] *= keep;
  }

  /** first += terms·z, over those points only that some query gives a weight to. */
  private async addPoints(terms: Float64Array, z: Float64Array, left: number): Promise<void> {
    const { count, dim, first } = this;
    const m = z.length / dim;
    const used = 2 * left > count * m ? undefined : usedColumns(terms, count, m);
    const [a, b, k] =
      used === undefined || 2 * used.length > m
        ? [terms, z, m]
        : [...compact(terms, z, used, count, dim), used.length];
    this.first = borrow(first.length);
    await gemm({ a, b, m: count, n: dim, k, plus: first, out: this.first });
    giveBack(first);
  }
}

/** Exponents from products; returns the greatest. */
function finishRow(row: Float64Array, shift: Float64Array, scale: number): number {
  let peak = -Infinity;
  for (let j = 0; j < row.length; j++) {
    row[j] = row[j] * scale + shift[j];
    if (row[j] > peak) peak = row[j];
  }
  return peak;
}

/** Replace exponents l by terms exp(l - peak); returns the sums of the terms and of (bias - l) times them, and how many are left. */
function exponentiate(
  row: Float64Array,
  bias: Float64Array,
  peak: number,
): { sum: number; fall: number; left: number } {
  let sum = 0;
  let fall = 0;
  let left = 0;
  const least = peak === -Infinity ? Infinity : peak - DEPTH;
  for (let j = 0; j < row.length; j++) {
    const exponent = row[j];
    if (exponent < least) {
      row[j] = 0;
      continue;
    }
    const term = exponential(exponent - peak);
    row[j] = term;
    sum += term;
    fall += term * (bias[j] - exponent);
    left++;
  }
  return { sum, fall, left };
}

function usedColumns(terms: Float64Array, n: number, m: number): number[] {
  const used = new Uint8Array(m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) if (terms[i * m + j] > 0) used[j] = 1;
  const out: number[] = [];
  used.forEach((flag, j) => {
    if (flag === 1) out.push(j);
  });
  return out;
}

/** Columns of the terms and the points that belong to them. */
function compact(
  terms: Float64Array,
  z: Float64Array,
  used: readonly number[],
  n: number,
  dim: number,
): [some: Float64Array, rows: Float64Array] {
  const m = z.length / dim;
  const some = new Float64Array(n * used.length);
  const rows = new Float64Array(used.length * dim);
  used.forEach((j, k) => {
    rows.set(z.subarray(j * dim, (j + 1) * dim), k * dim);
    for (let i = 0; i < n; i++) some[i * used.length + k] = terms[i * m + j];
  });
  return [some, rows];
}
