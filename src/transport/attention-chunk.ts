// Runs in a pool thread, or on the calling one for small problems.
import { gemm } from "../onnx/gemm-task.js";

/** A stretch of weighted points that all queries look at. */
export interface AttentionChunk {
  /** n·dim numbers */
  readonly x: Float64Array;
  /** m·dim numbers */
  readonly z: Float64Array;
  /** m numbers, absent where all are 0. */
  readonly bias: Float64Array | undefined;
  /** |z_j|², m numbers, where they are known already. */
  readonly squares?: Float64Array | undefined;
  readonly dim: number;
  readonly variance: number;
  /** Whether weighted sums of z are wanted. */
  readonly means: boolean;
}

/** Sums over a stretch, relative to its greatest exponent: Σ_j exp(l_ij - peak_i) and the same with z_j as a factor. */
export interface AttentionPart {
  readonly peak: Float64Array;
  readonly sum: Float64Array;
  /** n·dim numbers, or none. */
  readonly first: Float64Array;
  /** The same with |x_i - z_j|² as a factor. */
  readonly second: Float64Array;
}

/** Above this dimension products are faster than differences, and rounding of |x|² - 2 x·z + |z|² is no worse than the data's. */
export const DIRECT_DIM = 12;
/** Terms below exp(-45) of the greatest are left out: 10⁵ of them change a sum by less than its rounding. */
const DEPTH = 45;
/** Queries and numbers of points at once: a block of 3 MB stays in the cache for both of its products. */
const QUERIES = 256;
const BLOCK = 512 * 784;

/** Sums over the stretch, by ONNX Runtime's products where the dimension is large. */
export async function attendChunk(chunk: AttentionChunk): Promise<AttentionPart> {
  const { x, z, dim, bias, squares, means } = chunk;
  if (dim <= DIRECT_DIM) return attendDirectly(chunk);
  const total = emptyPart(x.length / dim, means ? dim : 0);
  const m = z.length / dim;
  const size = Math.min(m, Math.max(64, Math.floor(BLOCK / dim)));
  const room = new Float64Array(size * dim); // the runtime would copy shared memory anew for every product
  for (let from = 0; from < m; from += size) {
    const to = Math.min(m, from + size);
    const block = room.subarray(0, (to - from) * dim);
    block.set(z.subarray(from * dim, to * dim));
    await attendBlock(total, {
      ...chunk,
      z: block,
      bias: bias?.subarray(from, to),
      squares: squares?.subarray(from, to),
    });
  }
  return total;
}

/** Add the sums over a block, some queries after the others. */
async function attendBlock(total: AttentionPart, block: AttentionChunk): Promise<void> {
  const { x, dim, means } = block;
  const n = x.length / dim;
  for (let from = 0; from < n; from += QUERIES) {
    const some = x.slice(from * dim, (from + QUERIES) * dim);
    addPart(total, await attendByProducts({ ...block, x: some }), means ? dim : 0, from);
  }
}

/** Sums over the stretch by differences x_i - z_j. */
export function attendDirectly({ x, z, bias, dim, variance, means }: AttentionChunk): AttentionPart {
  const n = x.length / dim;
  const m = z.length / dim;
  const part = emptyPart(n, means ? dim : 0);
  const exponents = new Float64Array(m);
  const scale = -0.5 / variance;
  for (let i = 0; i < n; i++) {
    part.peak[i] = fillExponents(exponents, x, i * dim, z, dim, scale, bias);
    if (part.peak[i] === -Infinity) continue;
    const floor = part.peak[i] - DEPTH;
    let sum = 0;
    let second = 0;
    for (let j = 0; j < m; j++) {
      if (exponents[j] < floor) continue;
      const term = Math.exp(exponents[j] - part.peak[i]);
      sum += term;
      second += term * ((bias === undefined ? 0 : bias[j]) - exponents[j]);
      if (means) for (let c = 0; c < dim; c++) part.first[i * dim + c] += term * z[j * dim + c];
    }
    part.sum[i] = sum;
    part.second[i] = 2 * variance * second;
  }
  return part;
}

/** Sums over no points, for n queries. */
export function emptyPart(n: number, dim: number): AttentionPart {
  const vector = (length: number): Float64Array => new Float64Array(length);
  return { peak: vector(n).fill(-Infinity), sum: vector(n), first: vector(n * dim), second: vector(n) };
}

/** Add a part's sums to those of `total` from query `at` on, both relative to the greater peak from then on. */
export function addPart(total: AttentionPart, found: AttentionPart, dim: number, at = 0): void {
  for (let i = 0; i < found.peak.length; i++) {
    const query = at + i;
    const peak = Math.max(total.peak[query], found.peak[i]);
    if (peak === -Infinity) continue;
    const keep = Math.exp(total.peak[query] - peak);
    const gain = Math.exp(found.peak[i] - peak);
    total.peak[query] = peak;
    total.sum[query] = keep * total.sum[query] + gain * found.sum[i];
    total.second[query] = keep * total.second[query] + gain * found.second[i];
    for (let c = 0, k = query * dim; c < dim; c++, k++)
      total.first[k] = keep * total.first[k] + gain * found.first[i * dim + c];
  }
}

/** Exponents of all points for one query; returns the greatest. */
function fillExponents(
  out: Float64Array,
  x: Float64Array,
  at: number,
  z: Float64Array,
  dim: number,
  scale: number,
  bias: Float64Array | undefined,
): number {
  let peak = -Infinity;
  for (let j = 0, k = 0; j < out.length; j++) {
    let square = 0;
    for (let c = 0; c < dim; c++, k++) {
      const d = x[at + c] - z[k];
      square += d * d;
    }
    const exponent = scale * square + (bias === undefined ? 0 : bias[j]);
    out[j] = exponent;
    if (exponent > peak) peak = exponent;
  }
  return peak;
}

async function attendByProducts({
  x,
  z,
  bias: given,
  squares,
  dim,
  variance,
  means,
}: AttentionChunk): Promise<AttentionPart> {
  const [n, m] = [x.length / dim, z.length / dim];
  const part = emptyPart(n, 0);
  const weights = await gemm({ a: x, b: z, m: n, n: m, k: dim, transposeB: true });
  const bias = given ?? new Float64Array(m);
  const shift = (squares ?? squaredNorms(z, dim)).map((square, j) => bias[j] - square / (2 * variance));
  const own = squaredNorms(x, dim);
  for (let i = 0; i < n; i++) {
    const row = weights.subarray(i * m, (i + 1) * m);
    const peak = rowPeak(row, shift, 1 / variance);
    if (peak === -Infinity) continue;
    const [sum, fall] = exponentiate(row, bias, peak);
    part.peak[i] = peak - own[i] / (2 * variance);
    part.sum[i] = sum;
    part.second[i] = 2 * variance * fall + own[i] * sum;
  }
  return means ? { ...part, first: await weightedSums(weights, z, n, m, dim) } : part;
}

function rowPeak(row: Float64Array, shift: Float64Array, scale: number): number {
  let peak = -Infinity;
  for (let j = 0; j < row.length; j++) {
    row[j] = row[j] * scale + shift[j];
    if (row[j] > peak) peak = row[j];
  }
  return peak;
}

/** Replace exponents l by terms exp(l - peak); returns the sums of the terms and of (bias - l) times them. */
function exponentiate(row: Float64Array, bias: Float64Array, peak: number): [sum: number, fall: number] {
  let sum = 0;
  let fall = 0;
  for (let j = 0; j < row.length; j++) {
    const exponent = row[j];
    if (exponent - peak < -DEPTH) {
      row[j] = 0;
      continue;
    }
    const term = Math.exp(exponent - peak);
    row[j] = term;
    sum += term;
    fall += term * (bias[j] - exponent);
  }
  return [sum, fall];
}

/** weights·z, over those points only that some query gives a weight to. */
async function weightedSums(
  weights: Float64Array,
  z: Float64Array,
  n: number,
  m: number,
  dim: number,
): Promise<Float64Array> {
  const used = usedColumns(weights, n, m);
  if (used.length === 0) return new Float64Array(n * dim);
  if (2 * used.length > m) return gemm({ a: weights, b: z, m: n, n: dim, k: m });
  const some = new Float64Array(n * used.length);
  const rows = new Float64Array(used.length * dim);
  used.forEach((j, k) => {
    rows.set(z.subarray(j * dim, (j + 1) * dim), k * dim);
    for (let i = 0; i < n; i++) some[i * used.length + k] = weights[i * m + j];
  });
  return gemm({ a: some, b: rows, m: n, n: dim, k: used.length });
}

function usedColumns(weights: Float64Array, n: number, m: number): number[] {
  const used = new Uint8Array(m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) if (weights[i * m + j] > 0) used[j] = 1;
  const out: number[] = [];
  used.forEach((flag, j) => {
    if (flag === 1) out.push(j);
  });
  return out;
}

/** |z_j|² of points row by row. */
export function squaredNorms(points: Float64Array, dim: number): Float64Array {
  const out = new Float64Array(points.length / dim);
  for (let i = 0, k = 0; i < out.length; i++) {
    let sum = 0;
    for (let c = 0; c < dim; c++, k++) sum += points[k] * points[k];
    out[i] = sum;
  }
  return out;
}
