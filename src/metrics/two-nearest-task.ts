// Runs in a pool thread.
import { gemm } from "../onnx/gemm-task.js";

/** Queries and the points among which their two nearest are wanted. */
export interface TwoNearestTask {
  readonly queries: Float64Array;
  readonly points: Float64Array;
  readonly dim: number;
}

/** For each query its nearest point, and the distances to the two nearest ones. */
export interface TwoNearest {
  readonly index: Int32Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Above this dimension candidates are found by products, and their distances made again from differences. */
const DIRECT_DIM = 12;

/** The two nearest points of each query in Euclidean distance. */
export async function twoNearestOf(task: TwoNearestTask): Promise<TwoNearest> {
  const { queries, points, dim } = task;
  const n = queries.length / dim;
  const m = points.length / dim;
  const squares = dim > DIRECT_DIM ? await productsOf(task, n, m) : undefined;
  const out = { index: new Int32Array(n), first: new Float64Array(n), second: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    let [best, next] = [-1, -1];
    let [least, second] = [Infinity, Infinity];
    for (let j = 0; j < m; j++) {
      const square =
        squares === undefined ? squared(queries, i * dim, points, j * dim, dim) : squares[i * m + j];
      if (square < least) [next, second, best, least] = [best, least, j, square];
      else if (square < second) [next, second] = [j, square];
    }
    out.index[i] = best;
    out.first[i] = Math.sqrt(squared(queries, i * dim, points, best * dim, dim));
    out.second[i] = Math.sqrt(squared(queries, i * dim, points, next * dim, dim));
  }
  return out;
}

/** |z|² - 2 x·z, the squared distance less |x|², which does not change the order. */
async function productsOf(
  { queries, points, dim }: TwoNearestTask,
  n: number,
  m: number,
): Promise<Float64Array> {
  const z = points.slice();
  const products = await gemm({ a: queries, b: z, m: n, n: m, k: dim, transposeB: true });
  const norms = new Float64Array(m);
  for (let k = 0; k < z.length; k++) norms[Math.floor(k / dim)] += z[k] * z[k];
  return products.map((product, k) => norms[k % m] - 2 * product);
}

function squared(x: Float64Array, i: number, z: Float64Array, j: number, dim: number): number {
  let sum = 0;
  for (let c = 0; c < dim; c++) sum += (x[i + c] - z[j + c]) ** 2;
  return sum;
}
