import type { Block } from "../../linalg/block.js";
import { choleskyInPlace, solveTriangular } from "../../linalg/index.js";
import { forwardRows } from "../../linalg/forward-kernel.js";
import { addProduct } from "../../linalg/product-kernel.js";
import { baseBlock } from "./base-block.js";
import type { ClusterGroup } from "./clusters.js";
import { coefficientLayout } from "./coefficient-layout.js";
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
export function solveLevel(problem: Problem, moments: Float64Array, t: number, ridge: number): LevelSolution {
  const level = levelAt(problem, moments, t);
  const system = eliminateBase(level, ridge);
  const { offsets } = coefficientLayout(problem.layout, problem.n);
  const coefficients = new Float64Array(offsets[problem.dim]);
  const range = pivotRange(system.base, system.width);
  for (const group of problem.layout.groups) {
    const factor = factoriseGroup(level, system, group);
    widen(range, pivotRange(factor, group.pairs.length * system.block));
    for (const j of group.components) {
      coefficients.set(solveComponent(level, system, group, factor, j), offsets[j]);
    }
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
  /** L⁻¹ g of every component, a row each. */
  readonly rightHandSides: Float64Array;
  /** Y, a row for each two-body function. */
  readonly rows: Float64Array;
  /** Schur complement of each pair with itself. */
  readonly diagonal: readonly Float64Array[];
  readonly shift: number;
}

function eliminateBase(level: Level, ridge: number): Eliminated {
  const { dim, n, layout } = level.problem;
  const width = 1 + dim * n;
  const block = n * n;
  const base = baseBlock(level);
  const diagonal = layout.pairs.map((pair) => pairBlock(level, pair, pair));
  const trace = diagonal.reduce((sum, b) => sum + traceOf(b, block), traceOf(base, width));
  const shift = (ridge * trace) / (width + layout.pairs.length * block);
  addToDiagonal(base, width, shift);
  choleskyInPlace(base, width, 0, { argument: "A" });
  const factor = { data: base, offset: 0, stride: width };
  const rows = new Float64Array(layout.pairs.length * block * width);
  layout.pairs.forEach((pair, p) => writePairRows(level, pair, rows, p * block * width));
  forwardRows({ data: rows, offset: 0, stride: width }, layout.pairs.length * block, factor, width);
  diagonal.forEach((b, p) => {
    addToDiagonal(b, block, shift);
    eliminate(b, rows, p, p, block, width);
  });
  const rightHandSides = new Float64Array(dim * width);
  for (let j = 0; j < dim; j++) rightHandSides.set(baseSlopes(level, j), j * width);
  forwardRows({ data: rightHandSides, offset: 0, stride: width }, dim, factor, width);
  return { width, block, base, rightHandSides, rows, diagonal, shift };
}

/** Take Y_p Y_qᵀ away from the block of pairs p and q. */
function eliminate(
  out: Float64Array,
  rows: Float64Array,
  p: number,
  q: number,
  block: number,
  width: number,
): void {
  const rowsOf = (pair: number): Block => ({ data: rows, offset: pair * block * width, stride: width });
  const c = { data: out, offset: 0, stride: block };
  addProduct({ c, a: rowsOf(p), b: rowsOf(q), m: block, n: block, k: width, sign: -1 });
}

/** Cholesky factor of the group's Schur complement. */
function factoriseGroup(level: Level, system: Eliminated, { pairs }: ClusterGroup): Float64Array {
  const { block, width, rows, diagonal } = system;
  const size = pairs.length * block;
  const schur = new Float64Array(size * size);
  const all = level.problem.layout.pairs;
  pairs.forEach((q, row) => {
    copyBlock(diagonal[q], schur, row * block * size + row * block, size, block, false);
    pairs.slice(0, row).forEach((p, col) => {
      const coupling = pairBlock(level, all[p], all[q]);
      eliminate(coupling, rows, p, q, block, width);
      copyBlock(coupling, schur, row * block * size + col * block, size, block, true);
    });
  });
  if (size > 0) choleskyInPlace(schur, size, 0, { argument: "A" });
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

function solveComponent(
  level: Level,
  system: Eliminated,
  { pairs }: ClusterGroup,
  factor: Float64Array,
  j: number,
): Float64Array {
  const { width, block, base, rightHandSides, rows } = system;
  const size = pairs.length * block;
  const reduced = rightHandSides.slice(j * width, (j + 1) * width);
  const out = new Float64Array(width + size);
  if (size > 0) {
    const right = new Float64Array(size);
    pairs.forEach((p, i) => {
      right.set(pairSlopes(level, j, level.problem.layout.pairs[p]), i * block);
      for (let r = 0; r < block; r++) right[i * block + r] -= dotRow(rows, p * block + r, reduced);
    });
    const half = solveTriangular(factor, size, right, { rhs: "rows" });
    const solution = solveTriangular(factor, size, half, { rhs: "rows", transpose: true });
    pairs.forEach((p, i) => {
      for (let r = 0; r < block; r++) subtractRow(reduced, rows, p * block + r, solution[i * block + r]);
    });
    out.set(solution, width);
  }
  out.set(solveTriangular(base, width, reduced, { rhs: "rows", transpose: true }));
  return out;
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
