import { checkInteger, checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { cellSignal } from "../core/interrupt.js";
import { allocateShared, shared } from "../linalg/shared.js";
import { pool } from "../onnx/index.js";
import type { CostTask, PlanArrays, PlanTask } from "./euclidean-plan-task.js";

const TASK = new URL("./euclidean-plan-task.js", import.meta.url).href;
/** Most entries of the cost matrix, 800 MB. */
const MOST_PAIRS = 1e8;
/** Rows or columns of one task. */
const BLOCK = 256;

/** Options of `euclideanPlan`. */
export interface EuclideanPlanOptions {
  readonly dim: number;
  /** ε of every round, in the unit of the cost. */
  readonly epsilons: ArrayLike<number>;
  /** Ends where no potential moved by more than this in a round at the last ε; 0 runs all rounds (default). */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

/** An entropic plan between two clouds of equal masses, as far as the rounds brought it. */
export interface EuclideanPlan {
  /** Σ P C */
  readonly cost: number;
  readonly rounds: number;
  /** Largest change of a potential in the last round. */
  readonly change: number;
  /** Σ_i |Σ_j P_ij - 1/n|; the columns are exact. */
  readonly marginalError: number;
}

/**
 * Entropic transport for the cost C_ij = |x_i - y_j|, not squared, by as many rounds of Sinkhorn's iteration as are asked for:
 *
 *   u_i = ε (log 1/n - log Σ_j exp((v_j - C_ij)/ε)),  v_j = ε (log 1/m - log Σ_i exp((u_i - C_ij)/ε)),  P_ij = exp((u_i + v_j - C_ij)/ε)
 *
 * The costs are stored: 8 n m bytes. Source: M. Cuturi, 2013.
 *
 * @param x n·dim numbers
 * @param y m·dim numbers
 * @throws ArgumentError for clouds of more than 10^8 pairs or no rounds; the signal's reason
 */
export async function euclideanPlan(
  x: Float64Array,
  y: Float64Array,
  options: EuclideanPlanOptions,
): Promise<EuclideanPlan> {
  checkKeys("options", options, ["dim", "epsilons", "tolerance", "signal"]);
  const { dim, epsilons, tolerance = 0, signal = cellSignal() } = options;
  checkInteger("dim", dim, { min: 1 });
  const [rows, columns] = [checkPoints("x", x, dim), checkPoints("y", y, dim)];
  if (rows * columns > MOST_PAIRS) throw new ArgumentError("x", x, `clouds of at most ${MOST_PAIRS} pairs`);
  if (!(epsilons.length > 0)) throw new ArgumentError("epsilons", epsilons, "a number for every round");
  for (let k = 0; k < epsilons.length; k++) checkPositive(`epsilons[${k}]`, epsilons[k]);
  const arrays: PlanArrays = {
    rows,
    columns,
    costs: allocateShared(rows * columns),
    u: allocateShared(rows),
    v: allocateShared(columns),
    changes: allocateShared(Math.ceil(Math.max(rows, columns) / BLOCK)),
  };
  const args = { x: shared(x), y: shared(y), dim, ...arrays };
  await inBlocks("fillCosts", rows, (from, to): CostTask => ({ ...args, from, to }));
  const half = (name: "updateRows" | "updateColumns", epsilon: number): Promise<number> =>
    updateHalf(name, arrays, epsilon);
  const last = epsilons[epsilons.length - 1];
  let [rounds, change] = [0, Infinity];
  while (rounds < epsilons.length && !(change < tolerance)) {
    signal?.throwIfAborted();
    const epsilon = epsilons[rounds++];
    const moved = Math.max(await half("updateRows", epsilon), await half("updateColumns", epsilon));
    change = epsilon === last ? moved : Infinity;
  }
  return { ...(await measure(arrays, epsilons[rounds - 1])), rounds, change };
}

async function updateHalf(
  name: "updateRows" | "updateColumns",
  arrays: PlanArrays,
  epsilon: number,
): Promise<number> {
  const count = name === "updateRows" ? arrays.rows : arrays.columns;
  arrays.changes.fill(0);
  await inBlocks(name, count, (from, to): PlanTask => ({ ...arrays, epsilon, from, to, slot: from / BLOCK }));
  return arrays.changes.reduce((most, value) => Math.max(most, value), 0);
}

async function measure(
  arrays: PlanArrays,
  epsilon: number,
): Promise<Pick<EuclideanPlan, "cost" | "marginalError">> {
  const parts = await inBlocks<[number, number]>("measureRows", arrays.rows, (from, to): PlanTask => {
    return { ...arrays, epsilon, from, to, slot: 0 };
  });
  const total = (k: 0 | 1): number => parts.reduce((sum, part) => sum + part[k], 0);
  return { cost: total(0), marginalError: total(1) };
}

function inBlocks<T>(name: string, count: number, args: (from: number, to: number) => unknown): Promise<T[]> {
  const starts = Array.from({ length: Math.ceil(count / BLOCK) }, (_, i) => i * BLOCK);
  return Promise.all(
    starts.map((from) => {
      return pool().run<T>({ module: TASK, name, args: args(from, Math.min(count, from + BLOCK)) });
    }),
  );
}
