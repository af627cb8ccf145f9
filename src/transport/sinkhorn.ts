import { checkInteger, checkKeys, checkNumber, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { shared } from "../linalg/shared.js";
import { attention } from "./attention.js";

/** Options of `sinkhorn`. */
export interface SinkhornOptions {
  readonly dim: number;
  /** ε, the weight of the entropy, in the unit of the cost. */
  readonly epsilon: number;
  /** Masses of the points of x and y; equal by default. */
  readonly a?: Float64Array;
  readonly b?: Float64Array;
  /** Stop where Σ_j |Σ_i P_ij - b_j| falls below this (default 1e-6). */
  readonly tolerance?: number;
  /** Most rounds at the final ε (default 2000). */
  readonly maxIterations?: number;
  /** Factor between the values of ε on the way down from the squared diameter; 1 starts at `epsilon` itself (default 0.25). */
  readonly scaling?: number;
  readonly signal?: AbortSignal;
}

/** An entropic transport between two clouds of points. */
export interface Transport {
  /** min_P Σ P C + ε KL(P | a bᵀ) */
  readonly value: number;
  /** Σ P C, the cost of the plan alone. */
  readonly cost: number;
  /** The potentials: P_ij = a_i b_j exp((f_i + g_j - C_ij)/ε). */
  readonly f: Float64Array;
  readonly g: Float64Array;
  /** Rounds at the final ε. */
  readonly iterations: number;
  /** Σ_j |Σ_i P_ij - b_j|; the other marginal is exact. */
  readonly marginalError: number;
  readonly converged: boolean;
}

/** Rounds at each value of ε above the final one. */
const WARM_ROUNDS = 3;

/**
 * Entropic optimal transport for the cost C_ij = |x_i - y_j|² by Sinkhorn's iteration in the log domain:
 *
 *   f_i = -ε log Σ_j b_j exp((g_j - C_ij)/ε),  g_j = -ε log Σ_i a_i exp((f_i - C_ij)/ε)
 *
 * The costs are never stored. ε falls geometrically from the squared diameter, which shortens the way (M. Cuturi, 2013;
 * B. Schmitzer, 2019). Where the rounds run out the result says so: `converged` is false.
 *
 * @param x n·dim numbers
 * @param y m·dim numbers
 * @throws ArgumentError
 */
export async function sinkhorn(
  x: Float64Array,
  y: Float64Array,
  options: SinkhornOptions,
): Promise<Transport> {
  const known = ["dim", "epsilon", "a", "b", "tolerance", "maxIterations", "scaling", "signal"];
  checkKeys("options", options, known);
  const { dim, epsilon, tolerance = 1e-6, maxIterations = 2000, scaling = 0.25, signal } = options;
  checkInteger("dim", dim, { min: 1 });
  checkPositive("epsilon", epsilon);
  checkPositive("tolerance", tolerance);
  checkInteger("maxIterations", maxIterations, { min: 1 });
  checkNumber("scaling", scaling, { min: 1e-3, max: 1 });
  const from = cloud("a", x, checkPoints("x", x, dim), options.a);
  const to = cloud("b", y, checkPoints("y", y, dim), options.b);
  const half = (queries: Cloud, points: Cloud, potential: Float64Array, eps: number): Promise<Half> =>
    halfRound(queries, points, potential, eps, dim);

  let g: Float64Array = new Float64Array(to.logMass.length);
  for (const eps of schedule(x, y, dim, epsilon, scaling)) {
    for (let round = 0; round < WARM_ROUNDS; round++) {
      signal?.throwIfAborted();
      const { potential } = await half(from, to, g, eps);
      g = (await half(to, from, potential, eps)).potential;
    }
  }
  let f: Half = await half(from, to, g, epsilon);
  let iterations = 0;
  let marginalError = Infinity;
  for (; iterations < maxIterations; iterations++) {
    signal?.throwIfAborted();
    const next = (await half(to, from, f.potential, epsilon)).potential;
    marginalError = columnError(to.logMass, g, next, epsilon);
    if (marginalError < tolerance) break;
    g = next;
    f = await half(from, to, g, epsilon);
  }
  const value = weighted(from.logMass, f.potential) + weighted(to.logMass, g);
  const cost = weighted(from.logMass, f.meanCost);
  return { value, cost, f: f.potential, g, iterations, marginalError, converged: marginalError < tolerance };
}

interface Cloud {
  readonly points: Float64Array;
  readonly logMass: Float64Array;
}

/** A potential, and each point's mean cost under the plan that it makes with the other one. */
interface Half {
  readonly potential: Float64Array;
  readonly meanCost: Float64Array;
}

async function halfRound(
  queries: Cloud,
  points: Cloud,
  potential: Float64Array,
  eps: number,
  dim: number,
): Promise<Half> {
  const bias = potential.map((value, j) => value / eps + points.logMass[j]);
  const found = await attention(queries.points, points.points, {
    dim,
    variance: eps / 2,
    bias,
    means: false,
  });
  return { potential: found.logSum.map((log) => -eps * log), meanCost: found.meanSquare };
}

function cloud(argument: string, points: Float64Array, n: number, mass: Float64Array | undefined): Cloud {
  if (mass === undefined) {
    return { points: shared(points), logMass: new Float64Array(n).fill(-Math.log(n)) };
  }
  const total = mass.reduce((sum, value) => sum + value, 0);
  if (mass.length !== n || mass.some((value) => !(value >= 0)) || Math.abs(total - 1) > 1e-9) {
    throw new ArgumentError(argument, mass, `${n} masses of at least 0 with sum 1`);
  }
  return { points: shared(points), logMass: mass.map(Math.log) };
}

/** Values of ε above the final one, from the squared diameter of the box around both clouds. */
function schedule(x: Float64Array, y: Float64Array, dim: number, epsilon: number, scaling: number): number[] {
  if (scaling === 1) return [];
  const low = new Float64Array(dim).fill(Infinity);
  const high = new Float64Array(dim).fill(-Infinity);
  for (const points of [x, y]) {
    points.forEach((value, k) => {
      low[k % dim] = Math.min(low[k % dim], value);
      high[k % dim] = Math.max(high[k % dim], value);
    });
  }
  const out: number[] = [];
  let eps = high.reduce((sum, value, k) => sum + (value - low[k]) ** 2, 0);
  for (; eps > epsilon; eps *= scaling) out.push(eps);
  return out;
}

/** The plan of f and g has columns b_j exp((g_j - g'_j)/ε), where g' is what f asks for. */
function columnError(logMass: Float64Array, g: Float64Array, next: Float64Array, eps: number): number {
  let sum = 0;
  for (let j = 0; j < g.length; j++) {
    if (logMass[j] > -Infinity) sum += Math.exp(logMass[j]) * Math.abs(Math.expm1((g[j] - next[j]) / eps));
  }
  return sum;
}

function weighted(logMass: Float64Array, values: Float64Array): number {
  let sum = 0;
  values.forEach((value, i) => (sum += logMass[i] > -Infinity ? Math.exp(logMass[i]) * value : 0));
  return sum;
}
