import { checkInteger } from "../../core/checks.js";
import { fromModes, type GridOptions } from "../../linalg/index.js";
import { foldIn, normal, type Key } from "../../random/index.js";
import type { FieldCovariance } from "./covariance.js";

/**
 * Draws of N(0, C) as coefficients of the modes of a grid, by Karhunen and Loève: sqrt(eigenvalue) times independent N(0, 1).
 *
 * Field i takes the key's child i, and a mode the same draw on every grid: draws with one key on two grids are the same fields, the
 * finer with more modes. Modes that are not `reached` are zero.
 *
 * @returns n·size^dim numbers
 * @throws ArgumentError
 */
export function drawModes(covariance: FieldCovariance, key: Key, n: number, size: number): Float64Array {
  checkInteger("n", n, { min: 1 });
  const eigenvalues = covariance.eigenvalues(size);
  const roots = eigenvalues.map(Math.sqrt);
  const place = covariance.dim === 1 ? Uint32Array.from(roots.keys()) : squareShells(size);
  const live = reached(eigenvalues);
  const needed = 1 + live.reduce((most, i) => Math.max(most, place[i]), 0);
  const out = new Float64Array(n * roots.length);
  for (let field = 0; field < n; field++) {
    const z = normal(foldIn(key, field), needed);
    const at = field * roots.length;
    for (const i of live) out[at + i] = roots[i] * z[place[i]];
  }
  return out;
}

/** The modes with an eigenvalue above 1e-24 of the largest: the others' standard deviations are below what a float64 sum keeps. */
export function reached(eigenvalues: Float64Array): Uint32Array {
  const least = 1e-24 * eigenvalues.reduce((most, value) => Math.max(most, value), 0);
  return Uint32Array.from(eigenvalues.keys()).filter((k) => eigenvalues[k] > least);
}

/** Numbers of the cells of a square such that every leading square comes first: shell max(i, j) after shell. */
function squareShells(size: number): Uint32Array {
  return Uint32Array.from({ length: size * size }, (_, p) => {
    const [i, j] = [Math.floor(p / size), p % size];
    const shell = Math.max(i, j);
    return shell * shell + (j === shell ? i : 2 * shell - j);
  });
}

/** Modes in L²(domain) to values at the grid points, n·size^dim numbers both. @throws ArgumentError */
export function fieldsOf(modes: Float64Array, covariance: FieldCovariance, size: number): Float64Array {
  const scale = (size / covariance.length) ** (covariance.dim / 2);
  return fromModes(modes, gridOf(covariance, size)).map((value) => scale * value);
}

/** The grid of a covariance's modes. */
export function gridOf({ basis, dim }: FieldCovariance, size: number): GridOptions {
  return { basis, size, dim };
}
