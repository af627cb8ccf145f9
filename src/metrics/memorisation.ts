import { checkInteger, checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { inOrder } from "../linalg/in-order.js";
import { shared } from "../linalg/shared.js";
import { pool } from "../onnx/index.js";
import { median } from "./median.js";
import type { TwoNearest, TwoNearestTask } from "./two-nearest-task.js";

const TASK = new URL("./two-nearest-task.js", import.meta.url).href;
/** Distances in one task. */
const PAIRS = 2e6;

/** How close samples come to the points that a model was made of. */
export interface Memorisation {
  /** Share of samples whose nearest point is nearer than `ratio` times the second nearest. */
  readonly copyFraction: number;
  /** Median distance to the nearest point. */
  readonly medianDistance: number;
  /** χ² of the counts of nearest points against equal ones, for each degree of freedom. */
  readonly hitsPerDegree: number;
  /** How often each point is the nearest. */
  readonly hits: Int32Array;
}

/** Options of `memorisation`. */
export interface MemorisationOptions {
  /** Default 1/3: fresh points of locally uniform density in d intrinsic dimensions then have the share 3^{-d}. */
  readonly ratio?: number;
}

/**
 * Whether samples are copies: compares each one's two nearest points, block by block on the pool's threads.
 *
 * For fresh points of intrinsic dimension d the copy fraction is about ratio^d (1/9 in the plane), for copies it tends to 1. Uniform
 * resampling of the points has about one χ² a degree of freedom.
 *
 * @param samples n·dim numbers
 * @param points the data or centres of the model, m·dim numbers, m ≥ 2
 * @throws ArgumentError for ragged or non-finite points, fewer than two of the model's, or ratio ≤ 0
 */
export async function memorisation(
  samples: Float64Array,
  points: Float64Array,
  dim: number,
  options: MemorisationOptions = {},
): Promise<Memorisation> {
  checkKeys("options", options, ["ratio"]);
  const ratio = checkPositive("ratio", options.ratio ?? 1 / 3);
  const { index, first, second } = await twoNearest(samples, points, dim);
  const hits = new Int32Array(points.length / dim);
  let copies = 0;
  index.forEach((j, i) => {
    hits[j]++;
    if (first[i] < ratio * second[i]) copies++;
  });
  const expected = index.length / hits.length;
  const chi = hits.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return {
    copyFraction: copies / index.length,
    medianDistance: median(first),
    hitsPerDegree: chi / (hits.length - 1),
    hits,
  };
}

/**
 * Median distance of samples to the nearest of the model's points, over the same for fresh truth: near 1 for a model that
 * generalises, near 0 for one that copies.
 *
 * @throws ArgumentError for ragged or non-finite points, or fewer than two of the model's
 */
export async function neighbourRatio(
  samples: Float64Array,
  fresh: Float64Array,
  points: Float64Array,
  dim: number,
): Promise<number> {
  const [ours, truth] = [await twoNearest(samples, points, dim), await twoNearest(fresh, points, dim)];
  return median(ours.first) / median(truth.first);
}

async function twoNearest(queries: Float64Array, points: Float64Array, dim: number): Promise<TwoNearest> {
  checkInteger("dim", dim, { min: 1 });
  const n = checkPoints("samples", queries, dim);
  const m = checkPoints("points", points, dim);
  if (m < 2) throw new ArgumentError("points", points, "at least two points");
  const out = { index: new Int32Array(n), first: new Float64Array(n), second: new Float64Array(n) };
  const common = shared(points);
  const size = Math.max(1, Math.floor(PAIRS / m));
  await inOrder(
    Math.ceil(n / size),
    2 * pool().size,
    (i) => {
      const args: TwoNearestTask = {
        queries: queries.slice(i * size * dim, (i + 1) * size * dim),
        points: common,
        dim,
      };
      return pool().run<TwoNearest>({ module: TASK, name: "twoNearestOf", args });
    },
    (part, i) => {
      out.index.set(part.index, i * size);
      out.first.set(part.first, i * size);
      out.second.set(part.second, i * size);
    },
  );
  return out;
}
