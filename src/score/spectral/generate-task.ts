// Runs in a pool thread.
import { fillNormal, foldIn, type Key } from "../../random/index.js";
import { STEPS, type Cloud, type Integrator } from "./integrators.js";
import type { Levels } from "./levels.js";
import { problemOf, type Problem, type ProblemState } from "./problem.js";
import { ScoreField } from "./reverse-drift.js";
import { wrapPeriods, type SampleBox } from "./sample-box.js";

/** Samples of one task: a fixed number, so that draws do not depend on how many threads there are. */
export const CHUNK = 1024;

export interface FieldState {
  readonly problem: ProblemState;
  readonly levels: Levels;
  readonly box: SampleBox;
}

export interface GenerateTask extends FieldState {
  /** The chunk's own key. */
  readonly key: Key;
  readonly count: number;
  /** Times of the march, decreasing. */
  readonly grid: Float64Array;
  readonly integrator: Integrator;
  readonly ode: boolean;
  /** Steps after which the cloud is kept; the last is the end of the march. */
  readonly keepAt: readonly number[];
}

/** Draw from the stationary law and march to the data: the clouds after the steps `keepAt`, one after the other. */
export function generateChunk(task: GenerateTask): Float64Array {
  const { count, grid, ode, keepAt, integrator, key, levels, box } = task;
  const problem = problemOf(task.problem);
  const { dim, beta } = problem;
  const field = new ScoreField(problem, levels, box, count);
  const dynamics = { field, weight: ode ? 1 : 2, diffusion: ode ? 0 : Math.sqrt(2 / beta) };
  const cloud = newCloud(stationaryDraws(problem, foldIn(key, 0), count), count);
  const noiseKey = foldIn(key, 1);
  const out = new Float64Array(keepAt.length * count * dim);
  let kept = 0;
  for (let step = 0; step < grid.length; step++) {
    while (kept < keepAt.length && keepAt[kept] === step) out.set(cloud.points, kept++ * count * dim);
    if (step + 1 === grid.length) break;
    if (!ode) fillNormal(noiseKey, cloud.noise, step * CHUNK * dim);
    STEPS[integrator](dynamics, cloud, grid[step], grid[step + 1]);
    wrapPeriods(problem.bases, cloud.points);
  }
  return out;
}

function newCloud(points: Float64Array, count: number): Cloud {
  const like = (): Float64Array => new Float64Array(points.length);
  return { count, points, noise: like(), drift: like(), trial: like(), later: like() };
}

function stationaryDraws({ dim, bases }: Problem, key: Key, count: number): Float64Array {
  const points = new Float64Array(count * dim);
  bases.forEach((basis, k) => {
    const draws = basis.sampleStationary(foldIn(key, k), count);
    for (let i = 0; i < count; i++) points[i * dim + k] = draws[i];
  });
  return points;
}

export interface ScoreTask extends FieldState {
  readonly t: number;
  readonly x: Float64Array;
}

/** s(t, x) */
export function scoreChunk({ problem: state, levels, box, t, x }: ScoreTask): Float64Array {
  const problem = problemOf(state);
  const count = x.length / problem.dim;
  const field = new ScoreField(problem, levels, box, count);
  const out = new Float64Array(x.length);
  field.setTime(t);
  field.score(x, out, count);
  return out;
}
