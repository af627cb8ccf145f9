import { checkInteger, checkKeys, checkOneOf, checkPoints } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import type { Progress } from "../../core/progress.js";
import { inOrder } from "../../linalg/in-order.js";
import { shared } from "../../linalg/shared.js";
import { pool } from "../../onnx/pool.js";
import { foldIn, type Key } from "../../random/index.js";
import type { ScoreForm, SpectralBasis1d } from "./basis.js";
import type { Clusters } from "./clusters.js";
import { coefficientLayout } from "./coefficient-layout.js";
import type { FitCost } from "./cost.js";
import { CHUNK, scoreChunk, type FieldState, type GenerateTask, type ScoreTask } from "./generate-task.js";
import { STEPS, type Integrator } from "./integrators.js";
import { quadraticGrid } from "./levels.js";
import { problemOf } from "./problem.js";

/** What a fit found on its way. */
export interface FitInfo {
  /** Number of data points. */
  readonly samples: number;
  /** Functions in the largest linear system, P. */
  readonly size: number;
  /** What was added to the diagonal at each time level. */
  readonly ridges: Float64Array;
  /** Lower bounds of the condition numbers, a time level each. */
  readonly conditions: Float64Array;
  readonly seconds: number;
  readonly cost: FitCost;
}

/** A fitted score as plain data: numbers, words and typed arrays. */
export interface SpectralScoreState extends FieldState {
  readonly info: FitInfo;
}

export interface GenerateOptions {
  /** Default "heun". */
  readonly integrator?: Integrator;
  /** Probability flow instead of the reverse SDE (default false). */
  readonly ode?: boolean;
  /** Steps on the grid T (k/numSteps)²; by default the fit's own time levels. */
  readonly numSteps?: number;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

export interface TrajectoryOptions extends GenerateOptions {
  /** Fractions of the steps at which the cloud is kept, from 0 (noise) to 1 (data). */
  readonly keep: readonly number[];
}

export interface Trajectories {
  /** Noising times of the kept clouds, decreasing. */
  readonly times: Float64Array;
  /** n·dim numbers each. */
  readonly points: readonly Float64Array[];
}

/** A score fitted by `fit`. */
export interface SpectralScore {
  readonly dim: number;
  /** Inverse temperature β. */
  readonly beta: number;
  readonly form: ScoreForm;
  readonly clusters: Clusters;
  readonly bases: readonly SpectralBasis1d[];
  /** Fitted time levels. */
  readonly times: Float64Array;
  /**
   * Coefficients of all time levels; a level holds those of component 0, 1, ...: of the constant, φ_1(x_1)..φ_n(x_1), φ_1(x_2).., then
   * φ_a φ_b of the component's pairs.
   */
  readonly coefficients: Float64Array;
  readonly info: FitInfo;
  readonly state: SpectralScoreState;
  /** The coefficients of one component at one time level. @throws ArgumentError */
  readonly component: (level: number, j: number) => Float64Array;
  /**
   * s(t, x) = ∇ log ρ_t, n·dim numbers; coefficients are linear in t between levels, and the expansion is constant outside of the
   * box where it is trusted. @throws ArgumentError for points or times outside of the fit's
   */
  readonly score: (t: number, x: Float64Array) => Promise<Float64Array>;
  /**
   * n samples: draws of exp(-βV)/Z marched from the last time level to the first by the reverse SDE
   * dY = (∇V + (2/β) s) dτ + sqrt(2/β) dW or the probability flow dY = (∇V + s/β) dτ. Sample i depends on the key and i alone.
   * @throws ArgumentError
   */
  readonly generate: (key: Key, n: number, options?: GenerateOptions) => Promise<Float64Array>;
  /** The same march with the clouds on its way. @throws ArgumentError */
  readonly trajectories: (key: Key, n: number, options: TrajectoryOptions) => Promise<Trajectories>;
}

const TASK = new URL("./generate-task.js", import.meta.url).href;
/** Points that are evaluated on the calling thread: some milliseconds. */
const FEW = 256;
const OPTIONS: readonly (keyof TrajectoryOptions)[] = [
  "integrator",
  "ode",
  "numSteps",
  "onProgress",
  "signal",
  "keep",
];

/** The score that a state describes; its coefficients are moved to shared memory. */
export function spectralScore(given: SpectralScoreState): SpectralScore {
  const { levels, info } = given;
  const state = { ...given, levels: { ...levels, coefficients: shared(levels.coefficients) } };
  const problem = problemOf(state.problem);
  const { dim, n, bases, beta } = problem;
  const { offsets } = coefficientLayout(problem.layout, n);
  const { times, coefficients } = state.levels;
  return {
    dim,
    beta,
    form: state.problem.form,
    clusters: state.problem.clusters,
    bases,
    times,
    coefficients,
    info,
    state,
    component(level, j) {
      checkInteger("level", level, { min: 0, max: times.length - 1 });
      checkInteger("j", j, { min: 0, max: dim - 1 });
      const start = level * offsets[dim];
      return coefficients.slice(start + offsets[j], start + offsets[j + 1]);
    },
    score: (t, x) => scoreAt(state, dim, t, x),
    async generate(key, n, options = {}) {
      checkKeys(
        "options",
        options,
        OPTIONS.filter((name) => name !== "keep"),
      );
      const { points } = await march(state, dim, key, n, { ...options, keep: [1] });
      return points[0];
    },
    trajectories: (key, n, options) => march(state, dim, key, n, options),
  };
}

async function scoreAt(state: FieldState, dim: number, t: number, x: Float64Array): Promise<Float64Array> {
  const count = checkPoints("x", x, dim);
  const { times } = state.levels;
  if (!(t >= times[0] && t <= times[times.length - 1])) {
    throw new ArgumentError(
      "t",
      t,
      `a time from ${times[0]} to ${times[times.length - 1]}, the fit's last level`,
    );
  }
  const { problem, levels, box } = state;
  const task = (part: Float64Array): ScoreTask => ({ problem, levels, box, t, x: part });
  if (count <= FEW) return scoreChunk(task(x));
  const out = new Float64Array(x.length);
  const length = CHUNK * dim;
  const start = (i: number): Promise<Float64Array> => {
    const args = task(x.slice(i * length, (i + 1) * length));
    return pool().run<Float64Array>({ module: TASK, name: "scoreChunk", args });
  };
  await inOrder(Math.ceil(count / CHUNK), 2 * pool().size, start, (part, i) => out.set(part, i * length));
  return out;
}

async function march(
  state: FieldState,
  dim: number,
  key: Key,
  n: number,
  options: TrajectoryOptions,
): Promise<Trajectories> {
  checkKeys("options", options, OPTIONS);
  const { integrator = "heun", ode = false, keep, onProgress, signal } = options;
  checkInteger("n", n, { min: 1 });
  checkOneOf("integrator", integrator, Object.keys(STEPS) as Integrator[]);
  const grid = marchGrid(state.levels.times, options.numSteps);
  const keepAt = keptSteps(keep, grid.length - 1);
  const points = keepAt.map(() => new Float64Array(n * dim));
  const chunks = Math.ceil(n / CHUNK);
  const { problem, levels, box } = state;
  const start = (i: number): Promise<Float64Array> => {
    const count = Math.min(CHUNK, n - i * CHUNK);
    const args: GenerateTask = {
      problem,
      levels,
      box,
      key: foldIn(key, i),
      count,
      grid,
      integrator,
      ode,
      keepAt,
    };
    return pool().run<Float64Array>({ module: TASK, name: "generateChunk", args, signal });
  };
  await inOrder(chunks, 2 * pool().size, start, (clouds, i) => {
    const width = clouds.length / keepAt.length;
    points.forEach((cloud, c) => cloud.set(clouds.subarray(c * width, (c + 1) * width), i * CHUNK * dim));
    onProgress?.({ done: Math.min(n, (i + 1) * CHUNK), total: n, note: "samples" });
  });
  return { times: Float64Array.from(keepAt, (step) => grid[step]), points };
}

/** Decreasing times of the march. */
function marchGrid(times: Float64Array, numSteps: number | undefined): Float64Array {
  if (times.length < 2)
    throw new ArgumentError("times", times, "a fit with at least two time levels to generate from");
  if (numSteps === undefined) return times.slice().reverse();
  checkInteger("numSteps", numSteps, { min: 1 });
  const [first, last] = [times[0], times[times.length - 1]];
  return quadraticGrid(1, numSteps)
    .map((part) => Math.min(last, first + (last - first) * part))
    .reverse();
}

function keptSteps(keep: readonly number[], steps: number): number[] {
  if (!Array.isArray(keep) || keep.length === 0)
    throw new ArgumentError("keep", keep, "at least one fraction of the steps");
  keep.forEach((part, i) => {
    if (!(part >= 0 && part <= 1)) throw new ArgumentError(`keep[${i}]`, part, "a number from 0 to 1");
    if (i > 0 && part < keep[i - 1])
      throw new ArgumentError(`keep[${i}]`, part, "fractions that do not decrease");
  });
  return keep.map((part) => Math.round(part * steps));
}
