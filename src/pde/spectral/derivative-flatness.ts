import { checkPoints } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { checkGridSize, frequencies, fromModes, toModes } from "../../linalg/index.js";

/** A flatness with its standard error. */
export interface Flatness {
  readonly flatness: number;
  /** By leaving out one field after the other. */
  readonly standardError: number;
}

/**
 * Flatness of the derivative of periodic fields along their fast axis, ⟨(∂_x w)⁴⟩/⟨(∂_x w)²⟩², means over points and fields: 3 for
 * Gaussian fields of one law, more where steep places are few. The derivative is that of the trigonometric interpolant.
 *
 * @param fields n·size·size numbers, two fields at least
 * @throws ArgumentError
 */
export function derivativeFlatness(fields: Float64Array, { size }: { readonly size: number }): Flatness {
  checkGridSize("grid.size", size);
  const cells = size * size;
  const n = checkPoints("fields", fields, cells);
  if (n < 2) throw new ArgumentError("fields", fields, "at least two fields");
  const slopes = derivative(fields, size);
  const [squares, fourths] = [new Float64Array(n), new Float64Array(n)];
  slopes.forEach((slope, i) => {
    const square = slope * slope;
    squares[Math.floor(i / cells)] += square / cells;
    fourths[Math.floor(i / cells)] += (square * square) / cells;
  });
  const [second, fourth] = [squares, fourths].map((values) => values.reduce((sum, value) => sum + value, 0));
  const without = squares.map((square, i) => ((fourth - fourths[i]) * (n - 1)) / (second - square) ** 2);
  const mean = without.reduce((sum, value) => sum + value, 0) / n;
  const spread = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { flatness: (fourth * n) / second ** 2, standardError: Math.sqrt(((n - 1) / n) * spread) };
}

/** (a cos kx + b sin kx)' = kb cos kx - ka sin kx, line by line; the Nyquist wave has no derivative on the grid. */
function derivative(fields: Float64Array, size: number): Float64Array {
  const line = { basis: "fourier", size, dim: 1 } as const;
  const k = frequencies("fourier", size);
  const modes = toModes(fields, line);
  const turned = modes.map((_, i) => {
    const wave = i % size;
    if (wave === 0 || wave === size - 1) return 0;
    return wave % 2 === 1 ? k[wave] * modes[i + 1] : -k[wave] * modes[i - 1];
  });
  return fromModes(turned, line);
}
