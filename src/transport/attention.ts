import { checkInteger, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { inOrder } from "../linalg/in-order.js";
import { shared } from "../linalg/shared.js";
import { pool } from "../onnx/index.js";
import {
  addPart,
  attendDirectly,
  DIRECT_DIM,
  emptyPart,
  type AttentionChunk,
  type AttentionPart,
} from "./attention-chunk.js";

const TASK = new URL("./attention-chunk.js", import.meta.url).href;

/** Differences or products below this number are taken on the calling thread, in about 10 ms. */
const SMALL = 1e6;
/** Numbers of a stretch of points: 2,048 points of 784 coordinates are 13 MB. */
const STRETCH = 2048 * 784;
/** Pairs that one task looks at where the dimension is small. */
const PAIRS = 4e6;

/** Options of `attention`. */
export interface AttentionOptions {
  readonly dim: number;
  /** v, the variance of the Gaussian about each point. */
  readonly variance: number;
  /** b_j, m numbers; 0 by default. */
  readonly bias?: Float64Array;
  /** |z_j|², m numbers, where the same points are looked at many times: `squaredNorms(z, dim)`. */
  readonly squares?: Float64Array;
  /** Whether the means are wanted (default true). */
  readonly means?: boolean;
}

/** What a query sees of the points. */
export interface Attention {
  /** log Σ_j exp(l_ij), n numbers */
  readonly logSum: Float64Array;
  /** Σ_j w_ij z_j, n·dim numbers; none where they were not wanted. */
  readonly mean: Float64Array;
  /** Σ_j w_ij |x_i - z_j|², n numbers */
  readonly meanSquare: Float64Array;
}

/**
 * Gaussian attention of queries x_i to points z_j, the sum under every kernel formula and empirical score here:
 *
 *   l_ij = b_j - |x_i - z_j|² / (2v),  w_ij = exp(l_ij) / Σ_k exp(l_ik),  mean_i = Σ_j w_ij z_j
 *
 * Points stream past in stretches of fixed size whose sums are added in order, so memory stays bounded and the result does not
 * depend on the number of threads. Terms below exp(-45) of a stretch's greatest are dropped.
 *
 * @param x n·dim numbers
 * @param z m·dim numbers; a view on shared memory is not copied to the threads
 * @throws ArgumentError
 */
export async function attention(
  x: Float64Array,
  z: Float64Array,
  options: AttentionOptions,
): Promise<Attention> {
  const { dim, variance, bias, squares, means = true } = options;
  checkInteger("dim", dim, { min: 1 });
  checkPositive("variance", variance);
  const n = checkPoints("x", x, dim);
  const m = z.length / dim;
  if (!(z instanceof Float64Array) || m === 0 || !Number.isInteger(m)) {
    throw new ArgumentError("z", z, `a Float64Array whose length is a positive multiple of dim = ${dim}`);
  }
  if (bias !== undefined && (!(bias instanceof Float64Array) || bias.length !== m)) {
    throw new ArgumentError("bias", bias, `a Float64Array of length ${m}`);
  }
  if (squares !== undefined && (!(squares instanceof Float64Array) || squares.length !== m)) {
    throw new ArgumentError("squares", squares, `a Float64Array of length ${m}`);
  }
  const chunk: AttentionChunk = { x, z, bias, squares, dim, variance, means };
  if (n * m * dim <= SMALL && dim <= DIRECT_DIM) return finish(attendDirectly(chunk), dim);
  return dim <= DIRECT_DIM ? byQueries(chunk, n, m) : byPoints(chunk, n, m);
}

/** Queries apart: each task looks at all points. */
async function byQueries(chunk: AttentionChunk, n: number, m: number): Promise<Attention> {
  const { dim, means } = chunk;
  const size = Math.max(1, Math.floor(PAIRS / m));
  const all = {
    ...chunk,
    z: shared(chunk.z),
    bias: chunk.bias === undefined ? undefined : shared(chunk.bias),
  };
  const total = emptyPart(n, means ? dim : 0);
  await inOrder(
    Math.ceil(n / size),
    2 * pool().size,
    (i) => run({ ...all, x: chunk.x.slice(i * size * dim, (i + 1) * size * dim) }),
    (found, i) => {
      total.peak.set(found.peak, i * size);
      total.sum.set(found.sum, i * size);
      total.second.set(found.second, i * size);
      total.first.set(found.first, i * size * dim);
    },
  );
  return finish(total, dim);
}

/** Points apart: each task looks at all queries, and the parts are added in order. */
async function byPoints(chunk: AttentionChunk, n: number, m: number): Promise<Attention> {
  const { dim, z, bias, squares, means } = chunk;
  const size = Math.max(64, Math.floor(STRETCH / dim));
  const all = { ...chunk, x: shared(chunk.x) };
  const total = emptyPart(n, means ? dim : 0);
  await inOrder(
    Math.ceil(m / size),
    pool().size,
    (i) =>
      run({
        ...all,
        z: part(z, i * size * dim, (i + 1) * size * dim),
        bias: bias?.slice(i * size, (i + 1) * size),
        squares: squares?.slice(i * size, (i + 1) * size),
      }),
    (found) => addPart(total, found, means ? dim : 0),
  );
  return finish(total, dim);
}

function run(args: AttentionChunk): Promise<AttentionPart> {
  return pool().run<AttentionPart>({ module: TASK, name: "attendChunk", args });
}

function part(z: Float64Array, from: number, to: number): Float64Array {
  return z.buffer instanceof SharedArrayBuffer ? z.subarray(from, to) : z.slice(from, to);
}

function finish({ peak, sum, first, second }: AttentionPart, dim: number): Attention {
  return {
    logSum: peak.map((value, i) => value + Math.log(sum[i])),
    mean: first.map((value, k) => value / sum[Math.floor(k / dim)]),
    meanSquare: second.map((value, i) => value / sum[i]),
  };
}
