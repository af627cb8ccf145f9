import { choleskyInPlace, solveTriangular } from "../../linalg/index.js";
import { baseBlock } from "./base-block.js";
import type { ClusterGroup } from "./clusters.js";
import { coefficientLayout } from "./coefficient-layout.js";
import { solveRows, subtractOuter } from "./eliminate.js";
import { levelAt, type Level } from "./level-tables.js";
import { pairBlock } from "./pair-block.js";
import { writePairRows } from "./pair-rows.js";
import type { Problem } from "./problem.js";
import { baseSlopes, pairSlopes } from "./right-hand-side.js";

/** The coefficients of all components at one time. */
export interface LevelSolution {
  readonly coefficients: Float64Array;
  /** What was added to the diagonal. */
  readonly ridge: number;
  /** Ratio of the greatest to the least squared pivot: a lower bound of the condition number. */
  readonly condition: number;
}

/**
 * Solve A(t) c_j = g_j for all components j.
 *
 * The block A_00 of the constant and the one-body functions is common to all components: with A_00 = L Lᵀ and Y = A_p0 L⁻ᵀ, the
 * pairs of a group have the Schur complement A_pp - Y Yᵀ, and one factorisation of it serves all components of the group.
 *
 * @param ridge times the mean of diag A is added to the diagonal
 * @throws NotPositiveDefiniteError
 */
export async function solveLevel(
  problem: Problem,
  moments: Float64Array,
  t: number,
  ridge: number,
): Promise<LevelSolution> {
  const level = levelAt(problem, moments, t);
  const system = await eliminateBase(level, ridge);
  const { width, block, base, rightHandSides } = system;
  const { offsets } = coefficientLayout(problem.layout, problem.n);
  const coefficients = new Float64Array(offsets[problem.dim]);
  const range = pivotRange(base, width);
  for (const group of problem.layout.groups) {
    const size = group.pairs.length * block;
    if (size === 0) continue;
    const factor = await factoriseGroup(level, system, group);
    widen(range, pivotRange(factor, size));
    const solutions = solveGroup(level, system, group, factor);
    group.components.forEach((j, i) => {
      coefficients.set(solutions.subarray(i * size, (i + 1) * size), offsets[j] + width);
    });
  }
  const solutions = solveTriangular(base, width, rightHandSides, { rhs: "rows", transpose: true });
  for (let j = 0; j < problem.dim; j++) {
    coefficients.set(solutions.subarray(j * width, (j + 1) * width), offsets[j]);
  }
  return { coefficients, ridge: system.shift, condition: (range.max / range.min) ** 2 };
}

/** A system after its constant and one-body functions have been eliminated. */
interface Eliminated {
  /** Number of constant and one-body functions. */
  readonly width: number;
  /** Functions of a pair, n². */
  readonly block: number;
  /** Cholesky factor L of their Gram matrix. */
  readonly base: Float64Array;
  /** L⁻¹ (g - A_0p c_p) of every component, a row each; c_p counts once its group is solved. */
  readonly rightHandSides: Float64Array;
  /** Y, a row for each two-body function. */
  readonly rows: Float64Array;
  /** Schur complement of each pair with itself. */
  readonly diagonal: readonly Float64Array[];
  readonly shift: number;
}

async function eliminateBase(level: Level, ridge: number): Promise<Eliminated> {
  const { dim, n, layout } = level.problem;
  const width = 1 + dim * n;
  const block = n * n;
  const base = baseBlock(level);
  const diagonal = layout.pairs.map((pair) => pairBlock(level, pair, pair));
  const trace = diagonal.reduce((sum, b) => sum + traceOf(b, block), traceOf(base, width));
  const shift = (ridge * trace) / (width + layout.pairs.length * block);
  addToDiagonal(base, width, shift);
  choleskyInPlace(base, width, 0, { argument: "A" });
  const gram = new Float64Array(layout.pairs.length * block * width);
  layout.pairs.forEach((pair, p) => writePairRows(level, pair, gram, p * block * width));
  const rows = await solveRows(gram, layout.pairs.length * block, base, width);
  for (const [p, b] of diagonal.entries()) {
    addToDiagonal(b, block, shift);
    await subtractOuter(b, rows, p, p, block, width);
  }
  const slopes = new Float64Array(dim * width);
  for (let j = 0; j < dim; j++) slopes.set(baseSlopes(level, j), j * width);
  const rightHandSides = await solveRows(slopes, dim, base, width);
  return { width, block, base, rightHandSides, rows, diagonal, shift };
}

/** Cholesky factor of the group's Schur complement. */
async function factoriseGroup(
  level: Level,
  system: Eliminated,
  { pairs }: ClusterGroup,
): Promise<Float64Array> {
  const { block, width, rows, diagonal } = system;
  const size = pairs.length * block;
  const schur = new Float64Array(size * size);
  const all = level.problem.layout.pairs;
  for (const [row, q] of pairs.entries()) {
    copyBlock(diagonal[q], schur, row * block * size + row * block, size, block, false);
    for (const [col, p] of pairs.slice(0, row).entries()) {
      const coupling = pairBlock(level, all[p], all[q]);
      await subtractOuter(coupling, rows, p, q, block, width);
      copyBlock(coupling, schur, row * block * size + col * block, size, block, true);
    }
  }
  choleskyInPlace(schur, size, 0, { argument: "A" });
  return schur;
}

function copyBlock(
  from: Float64Array,
  to: Float64Array,
  offset: number,
  stride: number,
  block: number,
  transposed: boolean,
): void {
  for (let i = 0; i < block; i++) {
    for (let j = 0; j < block; j++) {
      to[offset + i * stride + j] = transposed ? from[j * block + i] : from[i * block + j];
    }
  }
}

/** Coefficients c_p of a group's pairs, a row for each component; takes their part out of the right-hand sides. */
function solveGroup(
  level: Level,
  { width, block, rightHandSides, rows }: Eliminated,
  { pairs, components }: ClusterGroup,
  factor: Float64Array,
): Float64Array {
  const size = pairs.length * block;
  const right = new Float64Array(components.length * size);
  components.forEach((j, i) => {
    const g = rightHandSides.subarray(j * width, (j + 1) * width);
    pairs.forEach((p, q) => {
      const at = i * size + q * block;
      right.set(pairSlopes(level, j, level.problem.layout.pairs[p]), at);
      for (let r = 0; r < block; r++) right[at + r] -= dotRow(rows, p * block + r, g);
    });
  });
  const half = solveTriangular(factor, size, right, { rhs: "rows" });
  const solutions = solveTriangular(factor, size, half, { rhs: "rows", transpose: true });
  components.forEach((j, i) => {
    const g = rightHandSides.subarray(j * width, (j + 1) * width);
    pairs.forEach((p, q) => {
      for (let r = 0; r < block; r++) {
        subtractRow(g, rows, p * block + r, solutions[i * size + q * block + r]);
      }
    });
  });
  return solutions;
}

function dotRow(rows: Float64Array, row: number, vector: Float64Array): number {
  let sum = 0;
  for (let i = 0, at = row * vector.length; i < vector.length; i++, at++) sum += rows[at] * vector[i];
  return sum;
}

function subtractRow(vector: Float64Array, rows: Float64Array, row: number, factor: number): void {
  for (let i = 0, at = row * vector.length; i < vector.length; i++, at++) vector[i] -= factor * rows[at];
}

function traceOf(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i * n + i];
  return sum;
}

function addToDiagonal(a: Float64Array, n: number, shift: number): void {
  for (let i = 0; i < n; i++) a[i * n + i] += shift;
}

interface Range {
  min: number;
  max: number;
}

function pivotRange(factor: Float64Array, n: number): Range {
  const range = { min: Infinity, max: 0 };
  for (let i = 0; i < n; i++) widen(range, { min: factor[i * n + i], max: factor[i * n + i] });
  return range;
}

function widen(range: Range, other: Range): void {
  range.min = Math.min(range.min, other.min);
  range.max = Math.max(range.max, other.max);
}
