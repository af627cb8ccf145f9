import { checkInteger } from "../core/checks.js";
import { checkRows } from "./fft-plan.js";
import type { GridOptions } from "./modes.js";

/**
 * The coefficients of functions on a grid of another size: those of the leading waves, with zeros for what is missing.
 *
 * In the norm of the domain a function has the same coefficients on every grid, so that nothing is scaled, as by `resizeModes`; and
 * neither size need be one that can be transformed.
 *
 * @param modes size^dim numbers a function
 * @param to waves an axis
 * @returns to^dim numbers a function
 * @throws ArgumentError
 */
export function leadingModes(
  modes: Float64Array,
  { size, dim }: Pick<GridOptions, "size" | "dim">,
  to: number,
): Float64Array {
  checkInteger("grid.size", size, { min: 1 });
  checkInteger("grid.dim", dim, { min: 1, max: 2 });
  checkInteger("to", to, { min: 1 });
  checkRows("modes", modes, size ** dim);
  return leadingBlock(modes, { size, dim }, to, Math.min(size, to));
}

/** The first `kept` waves of each axis, with zeros behind. */
export function leadingBlock(
  modes: Float64Array,
  { size, dim }: Pick<GridOptions, "size" | "dim">,
  to: number,
  kept: number,
): Float64Array {
  const count = modes.length / size ** dim;
  const lines = dim === 1 ? 1 : kept;
  const out = new Float64Array(count * to ** dim);
  for (let field = 0; field < count; field++) {
    for (let line = 0; line < lines; line++) {
      const from = field * size ** dim + line * size;
      out.set(modes.subarray(from, from + kept), field * to ** dim + line * to);
    }
  }
  return out;
}
