import { buildLattice, transfer, transferAt, type ChainShape, type Lattice } from "./lattice.js";

/**
 * The two families of partial sums of an open chain on its lattice.
 *
 * left[i] is the sum over all sites before i with their weights and bonds, right[i] over those after it; neither holds the
 * weight of site i itself. Each is divided by its greatest entry; the logs of the divisors are in the scales.
 */
export interface Messages {
  readonly shape: ChainShape;
  readonly lattice: Lattice;
  readonly left: readonly Float64Array[];
  readonly right: readonly Float64Array[];
  readonly leftScales: Float64Array;
  readonly rightScales: Float64Array;
  /** log of ∫ exp(-energy) */
  readonly logNormConst: number;
}

/** Pass messages along an open chain (boundary "left", "free" or "both"). */
export function passMessages(shape: ChainShape): Messages {
  const lattice = buildLattice(shape);
  const { dim, boundary } = shape;
  const [left, leftScales] = pass(lattice, dim, endFactor(shape, lattice, boundary !== "free"));
  const [backwards, scales] = pass(lattice, dim, endFactor(shape, lattice, boundary === "both"));
  const right = backwards.reverse();
  const rightScales = scales.reverse();
  const mass = overlap(lattice, left[0], right[0]);
  const logNormConst = rightScales.reduce((sum, scale) => sum + scale, Math.log(mass));
  return { shape, lattice, left, right, leftScales, rightScales, logNormConst };
}

/** Bond from the outermost site to the pinned 0, or 1 for a free end. */
function endFactor({ coupling }: ChainShape, { nodes }: Lattice, pinned: boolean): Float64Array {
  return nodes.map((x) => (pinned ? Math.exp((-coupling * x * x) / 2) : 1));
}

function pass(lattice: Lattice, dim: number, first: Float64Array): [Float64Array[], Float64Array] {
  const scratch = new Float64Array(first.length);
  const messages = [first];
  const scales = new Float64Array(dim);
  for (let i = 1; i < dim; i++) {
    const next = new Float64Array(first.length);
    transfer(lattice, messages[i - 1], scratch, next);
    scales[i] = Math.log(normalise(next));
    messages.push(next);
  }
  return [messages, scales];
}

/** Divide by the greatest entry and return it. */
function normalise(v: Float64Array): number {
  let greatest = 0;
  for (const value of v) greatest = Math.max(greatest, value);
  for (let q = 0; q < v.length; q++) v[q] /= greatest;
  return greatest;
}

/** step Σ_q a_q weights_q b_q */
export function overlap({ step, weights }: Lattice, a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let q = 0; q < a.length; q++) total += a[q] * weights[q] * b[q];
  return step * total;
}

/** left[i] at any x, scaled as on the lattice. */
export function leftAt({ shape, lattice, left, leftScales }: Messages, i: number, x: number): number {
  if (i === 0) return shape.boundary === "free" ? 1 : Math.exp((-shape.coupling * x * x) / 2);
  return transferAt(lattice, shape.coupling, left[i - 1], x) / Math.exp(leftScales[i]);
}

/** right[i] at any x, scaled as on the lattice. */
export function rightAt({ shape, lattice, right, rightScales }: Messages, i: number, x: number): number {
  if (i === shape.dim - 1) return shape.boundary === "both" ? Math.exp((-shape.coupling * x * x) / 2) : 1;
  return transferAt(lattice, shape.coupling, right[i + 1], x) / Math.exp(rightScales[i]);
}
