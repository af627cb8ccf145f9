import { checkPoints } from "../core/checks.js";
import { euclideanPlan, type EuclideanPlan } from "../transport/index.js";

/** Settings of the published tables. */
const TABLE_EPSILON = 1e-3;
const TABLE_ROUNDS = 100;
const TABLE_CHANGE = 1e-5;
/** Rounds over which ε falls, and rounds after them. */
const FALL = 100;
const MOST_ROUNDS = 3000;
const STRIDE = 37;

/**
 * The Sinkhorn value of the published sampler tables, there called W²_γ: at most 100 rounds at ε = 0.001 for the cost |x - y|.
 *
 * It is no squared distance and far from converged (the marginals are off by 20 to 35 %), and it falls with n: compare it only
 * between clouds of the same size. Source: Richter and Berner 2024, code.
 *
 * @param x n·dim numbers
 * @param y as many exact draws
 * @throws ArgumentError for ragged or non-finite points
 */
export function tableSinkhorn(x: Float64Array, y: Float64Array, dim: number): Promise<EuclideanPlan> {
  const epsilons = new Float64Array(TABLE_ROUNDS).fill(TABLE_EPSILON);
  return euclideanPlan(x, y, { dim, epsilons, tolerance: TABLE_CHANGE });
}

/** A converged plan's cost. */
export interface ConvergedSinkhorn extends EuclideanPlan {
  /** The final ε. */
  readonly epsilon: number;
  /** Whether the potentials came to rest within the rounds. */
  readonly converged: boolean;
}

/**
 * The cost Σ P |x - y| of the converged entropic plan at ε = 0.05 times the median distance, from which ε falls.
 *
 * @param x n·dim numbers
 * @param y m·dim numbers
 * @throws ArgumentError for ragged or non-finite points
 */
export async function convergedSinkhorn(
  x: Float64Array,
  y: Float64Array,
  dim: number,
): Promise<ConvergedSinkhorn> {
  const median = medianDistance(x, y, dim);
  const epsilon = 0.05 * median;
  const epsilons = Float64Array.from(
    { length: MOST_ROUNDS },
    (_, k) => median * 0.05 ** Math.min(1, k / FALL),
  );
  epsilons.fill(epsilon, FALL);
  const tolerance = 1e-4 * epsilon;
  const plan = await euclideanPlan(x, y, { dim, epsilons, tolerance });
  return { ...plan, epsilon, converged: plan.change < tolerance };
}

/** Median over pairs (i, i + 37 k): thousands of them say it well enough for a scale. */
function medianDistance(x: Float64Array, y: Float64Array, dim: number): number {
  const [n, m] = [checkPoints("x", x, dim), checkPoints("y", y, dim)];
  const distances = Float64Array.from({ length: Math.max(4096, n) }, (_, k) => {
    const [i, j] = [k % n, (k * STRIDE + Math.floor(k / n)) % m];
    let square = 0;
    for (let c = 0; c < dim; c++) square += (x[i * dim + c] - y[j * dim + c]) ** 2;
    return Math.sqrt(square);
  });
  return distances.sort()[distances.length >> 1];
}
