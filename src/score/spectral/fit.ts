import {
  checkInteger,
  checkKeys,
  checkNumber,
  checkOneOf,
  checkPoints,
  checkPositive,
} from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import type { Progress } from "../../core/progress.js";
import { inOrder } from "../../linalg/in-order.js";
import { allocateShared } from "../../linalg/shared.js";
import { pool } from "../../onnx/pool.js";
import type { ScoreForm, SpectralBasis1d } from "./basis.js";
import { buildBases, type BasisName } from "./build-bases.js";
import { allPairs, groupSize, layOut, type ClusterLayout, type Clusters } from "./clusters.js";
import { coefficientLayout } from "./coefficient-layout.js";
import { fitCost } from "./cost.js";
import { dataMoments, momentTasks } from "./data-moments.js";
import { quadraticGrid } from "./levels.js";
import type { LevelResult, LevelTask } from "./level-task.js";
import { problemOf, type Problem } from "./problem.js";
import { sampleBox } from "./sample-box.js";
import { spectralScore, type SpectralScore } from "./spectral-score.js";

export interface FitOptions {
  /** Dimension d of a point. */
  readonly dim: number;
  /** A family that is fitted to each coordinate (default "hermite"), one basis for all, or one for each. */
  readonly basis?: BasisName | SpectralBasis1d | readonly SpectralBasis1d[];
  /** Functions a site, for "hermite" and "meanField" (default 4). */
  readonly n?: number;
  /** Harmonics K of "fourier", n = 2K (default 6). */
  readonly harmonics?: number;
  /** Inverse temperature β of a named basis (default 1). */
  readonly beta?: number;
  /** Which pairs have two-body functions (default `allPairs()`). */
  readonly clusters?: Clusters;
  /** Time levels, increasing from 0 or later; instead of horizon and numTimes. */
  readonly times?: ArrayLike<number>;
  /** Last time T of the grid T (k/K)² (default 3/|λ_1| of the slowest coordinate). */
  readonly horizon?: number;
  /** Intervals K of the grid (default 160). */
  readonly numTimes?: number;
  /** Times the mean of diag A: added to the diagonal (default 1e-7). */
  readonly ridge?: number;
  /** What is expanded: r = s + β V' ("residual", default) or s itself ("score"). */
  readonly form?: ScoreForm;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

const OPTIONS: readonly (keyof FitOptions)[] = [
  "dim",
  "basis",
  "n",
  "harmonics",
  "beta",
  "clusters",
  "times",
  "horizon",
  "numTimes",
  "ridge",
  "form",
  "onProgress",
  "signal",
];
const LEVEL_TASK = new URL("./level-task.js", import.meta.url).href;
/** Time levels of a task. */
const LEVELS = 4;
/** A Gram matrix of this size takes 200 MB and some seconds a time level. */
const LARGEST_SYSTEM = 5000;

/**
 * Learn the score of the noised data law at many times from samples, by linear systems alone (no optimisation).
 *
 *   s_j(t, x) = -β V_j'(x_j) + Σ_i c_ij(t) φ_i(x),  A(t) c_j(t) = g_j(t),
 *   A_ik = E_{ρ_t}[φ_i φ_k],  g_ji = E_{ρ_t}[D_j φ_i],  D_j = -∂_j + β V_j'
 *
 * over eigenfunctions φ of the noising process dX = -∇V dt + sqrt(2/β) dW (convention S). Expectations at time t are exact averages
 * over the data of conditional expectations; the data enter through moments that are computed once.
 *
 * @param data N·dim numbers, row by row
 * @throws ArgumentError for data that are empty, ragged, not finite, constant in a coordinate or fewer than the functions; unknown
 *   or contradictory options; a Gram matrix that is singular in spite of the ridge, naming the time level
 * Source: Y. Khoo, M. Oster, Y. Peng, "Optimization-free diffusion model: a perturbation theory approach", 2025, arXiv:2505.23652.
 */
export async function fit(data: Float64Array, options: FitOptions): Promise<SpectralScore> {
  const started = performance.now();
  checkKeys("options", options, OPTIONS);
  const { dim, clusters = allPairs(), ridge = 1e-7, form = "residual", signal } = options;
  checkInteger("dim", dim, { min: 1 });
  checkNumber("ridge", ridge, { min: 0, max: 1 });
  checkOneOf("form", form, ["residual", "score"]);
  const count = checkPoints("data", data, dim);
  if (options.beta !== undefined) checkPositive("beta", options.beta);
  const bases = await buildBases(data, { ...options, basis: options.basis ?? "hermite" });
  checkSize(layOut(clusters, dim), bases[0].n, count);
  const problem = problemOf({ bases: bases.map((basis) => basis.state), clusters, form }, bases);
  const times = timeLevels(options, bases);
  const report = reporter(options.onProgress, momentTasks(count), Math.ceil(times.length / LEVELS));
  const moments = await dataMoments(problem, data, { signal, onTask: () => report("moments") });
  const { coefficients, ridges, conditions } = await solveAll(problem, moments, times, ridge, report, signal);
  return spectralScore({
    problem: problem.state,
    levels: { times, coefficients },
    box: sampleBox(bases, data),
    info: {
      samples: count,
      size: largestSystem(problem.layout, problem.n),
      ridges,
      conditions,
      seconds: (performance.now() - started) / 1000,
      cost: fitCost(problem, count, times.length),
    },
  });
}

function largestSystem(layout: ClusterLayout, n: number): number {
  return Math.max(...layout.groups.map((group) => groupSize(layout, group, n)));
}

function checkSize(layout: ClusterLayout, n: number, count: number): void {
  const size = largestSystem(layout, n);
  if (size > LARGEST_SYSTEM) {
    const expected = `at most ${LARGEST_SYSTEM} functions in a linear system (fewer pairs, such as window(), or a smaller n)`;
    throw new ArgumentError("clusters", size, expected);
  }
  if (count < size) {
    throw new ArgumentError(
      "data",
      `${count} samples`,
      `at least ${size} samples for the ${size} functions of a component`,
    );
  }
}

function timeLevels(
  { times, horizon, numTimes }: FitOptions,
  bases: readonly SpectralBasis1d[],
): Float64Array {
  if (times === undefined) {
    const slowest = Math.min(...bases.map(({ eigenvalues }) => -eigenvalues[1]));
    const last = horizon === undefined ? 3 / slowest : checkPositive("horizon", horizon);
    return quadraticGrid(last, checkInteger("numTimes", numTimes ?? 160, { min: 1 }));
  }
  if (horizon !== undefined) throw new ArgumentError("horizon", horizon, "no horizon beside given times");
  if (numTimes !== undefined) throw new ArgumentError("numTimes", numTimes, "no numTimes beside given times");
  const levels = Float64Array.from(times);
  if (levels.length === 0) throw new ArgumentError("times", times, "at least one time");
  levels.forEach((t, i) => {
    checkNumber(`times[${i}]`, t, { min: 0 });
    if (i > 0 && t <= levels[i - 1])
      throw new ArgumentError(`times[${i}]`, t, `more than times[${i - 1}] = ${levels[i - 1]}`);
  });
  return levels;
}

type Report = (part: "moments" | "levels") => void;

/** Progress over both parts, counted in tasks. */
function reporter(onProgress: Progress | undefined, momentTasks: number, levelTasks: number): Report {
  const total = momentTasks + levelTasks;
  let done = 0;
  const notes = { moments: "moments of the data", levels: "linear systems" };
  return (part) => onProgress?.({ done: ++done, total, note: notes[part] });
}

async function solveAll(
  problem: Problem,
  moments: Float64Array,
  times: Float64Array,
  ridge: number,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<LevelResult> {
  const width = coefficientLayout(problem.layout, problem.n).offsets[problem.dim];
  const coefficients = allocateShared(times.length * width);
  const ridges = new Float64Array(times.length);
  const conditions = new Float64Array(times.length);
  const start = (i: number): Promise<LevelResult> => {
    const first = i * LEVELS;
    const args: LevelTask = {
      problem: problem.state,
      moments,
      times: times.slice(first, first + LEVELS),
      first,
      ridge,
    };
    return pool().run<LevelResult>({ module: LEVEL_TASK, name: "solveLevels", args, signal });
  };
  await inOrder(Math.ceil(times.length / LEVELS), 2 * pool().size, start, (result, i) => {
    coefficients.set(result.coefficients, i * LEVELS * width);
    ridges.set(result.ridges, i * LEVELS);
    conditions.set(result.conditions, i * LEVELS);
    report("levels");
  });
  return { coefficients, ridges, conditions };
}
