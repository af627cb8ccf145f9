import { checkInteger, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { frequencies, waveNumbers, type GridOptions } from "../linalg/index.js";

/** Options of `shellEnergies`. */
export interface ShellEnergyOptions {
  /** The last shell; default the highest frequency of an axis. */
  readonly shells?: number;
  /** size^dim numbers that the energy is about; default zero. */
  readonly mean?: Float64Array;
}

/**
 * The mean energy of a mode by wavenumber: E(s) = ⟨(a_k - m_k)²⟩ over fields and the modes with s - ½ ≤ |k| < s + ½.
 *
 * @param modes n·size^dim coefficients in an orthonormal basis
 * @returns E(1), E(2), …, as many as there are shells
 * @throws ArgumentError
 */
export function shellEnergies(
  modes: Float64Array,
  grid: GridOptions,
  { shells, mean }: ShellEnergyOptions = {},
): Float64Array {
  const waves = waveNumbers(grid);
  const highest = frequencies(grid.basis, grid.size)[grid.size - 1];
  const count = checkInteger("options.shells", shells ?? highest, { min: 1, max: highest });
  checkPoints("modes", modes, waves.length);
  if (mean !== undefined && mean.length !== waves.length)
    throw new ArgumentError("options.mean", mean, `${waves.length} numbers`);
  const [sums, numbers] = [new Float64Array(count), new Float64Array(count)];
  modes.forEach((a, i) => {
    const k = i % waves.length;
    const shell = Math.round(waves[k]) - 1;
    if (shell < 0 || shell >= count) return;
    sums[shell] += (a - (mean?.[k] ?? 0)) ** 2;
    numbers[shell]++;
  });
  return sums.map((sum, s) => sum / numbers[s]);
}
