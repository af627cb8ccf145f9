import { checkGridSize } from "./fft-plan.js";
import { leadingBlock } from "./leading-modes.js";
import { checkFields, fromModes, toModes, type GridOptions } from "./modes.js";

/**
 * The leading block of the coefficients of one grid as coefficients of another: what is missing is zero, what is too fine is dropped.
 *
 * The Nyquist mode of a Fourier basis does not survive: it stands for a cosine and a sine that the grid cannot tell apart.
 *
 * @param modes size^dim numbers a field, as `toModes` gives
 * @param to points an axis of the other grid, a power of two
 * @throws ArgumentError
 */
export function resizeModes(modes: Float64Array, grid: GridOptions, to: number): Float64Array {
  checkFields("modes", modes, grid);
  checkGridSize("to", to);
  const { size, dim, basis } = grid;
  const kept = Math.min(size, to) - (basis === "fourier" && size !== to ? 1 : 0);
  const scale = (to / size) ** (dim / 2);
  return leadingBlock(modes, grid, to, kept).map((a) => scale * a);
}

/**
 * Fields on another grid by their trigonometric interpolant: exact for what both grids resolve.
 *
 * @param fields size^dim numbers each
 * @param to points an axis of the other grid, a power of two
 * @throws ArgumentError
 */
export function resample(fields: Float64Array, grid: GridOptions, to: number): Float64Array {
  return fromModes(resizeModes(toModes(fields, grid), grid, to), { ...grid, size: to });
}
