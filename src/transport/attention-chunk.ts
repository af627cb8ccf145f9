// Runs in a pool thread, or on the calling one for small problems.
import { DEPTH } from "./exponential.js";
import { ProductSums } from "./product-sums.js";
import { borrow, giveBack } from "./spare-arrays.js";

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
/** Queries and numbers of points at once: a block of 3 MB stays in the cache for both of its products. */
const QUERIES = 256;
const BLOCK = 512 * 784;

/** Sums over the stretch, by ONNX Runtime's products where the dimension is large. */
export async function attendChunk(chunk: AttentionChunk): Promise<AttentionPart> {
  const { x, z, dim, variance, bias, squares, means } = chunk;
  if (dim <= DIRECT_DIM) return attendDirectly(chunk);
  const n = x.length / dim;
  const parts: ProductSums[] = [];
  for (let from = 0; from < n; from += QUERIES) {
    // a copy: the runtime takes no shared memory
    const some = x.slice(from * dim, (from + QUERIES) * dim);
    parts.push(new ProductSums(some, dim, variance, means));
  }
  const m = z.length / dim;
  const size = Math.min(m, Math.max(64, Math.floor(BLOCK / dim)));
  const room = borrow(size * dim);
  for (let from = 0; from < m; from += size) {
    const to = Math.min(m, from + size);
    const block = room.subarray(0, (to - from) * dim);
    block.set(z.subarray(from * dim, to * dim));
    const [b, s] = [bias?.subarray(from, to), squares?.subarray(from, to)];
    for (const sums of parts) await sums.add({ z: block, bias: b, squares: s });
  }
  giveBack(room);
  if (parts.length === 1) return parts[0].part();
  const total = emptyPart(n, means ? dim : 0);
  parts.forEach((sums, k) => addPart(total, sums.part(), means ? dim : 0, k * QUERIES));
  return total;
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
