import { ArgumentError } from "../../core/errors.js";
import { waveNumbers, type GridOptions } from "../../linalg/index.js";
import { gaussianClosure } from "./gaussian-closure.js";

/** Second moments of a law of fields, mode by mode, on any grid. */
export interface ModeSpectrum {
  /** Mean and variance of the modes of a grid, size^dim numbers each. */
  at(size: number): { readonly mean: Float64Array; readonly variances: Float64Array };
}

/**
 * Mean and variance of every mode of data on one grid, continued to finer grids by the power law that fits the upper half of the
 * wavenumbers: λ(k) = A |k|^{-p}, zero mean. Modes that the data do not have at all keep a variance of zero.
 *
 * @param modes n·size^dim coefficients
 * @throws ArgumentError for fewer than two fields
 */
export function modeSpectrum(modes: Float64Array, grid: GridOptions): ModeSpectrum {
  return continuedSpectrum(gaussianClosure(modes, grid.size ** grid.dim), grid);
}

/** Known means and variances of the modes of a grid, continued to finer ones as by `modeSpectrum`. @throws ArgumentError */
export function continuedSpectrum(
  { mean, variances }: ReturnType<ModeSpectrum["at"]>,
  grid: GridOptions,
): ModeSpectrum {
  const cells = grid.size ** grid.dim;
  if (mean.length !== cells) throw new ArgumentError("mean", mean, `${cells} numbers`);
  if (variances.length !== cells) throw new ArgumentError("variances", variances, `${cells} numbers`);
  const tail = powerLaw(variances, grid);
  return {
    at(size) {
      const place = placeOf({ ...grid, size });
      const inside = placeOf(grid);
      const waves = waveNumbers({ ...grid, size });
      const fine = {
        mean: new Float64Array(size ** grid.dim),
        variances: new Float64Array(size ** grid.dim),
      };
      const side = grid.basis === "fourier" ? grid.size - 1 : grid.size;
      const nyquist = grid.basis === "fourier" ? size - 1 : size;
      for (let p = 0; p < fine.mean.length; p++) {
        const axes = place.axes(p);
        if (axes.some((i) => i >= nyquist)) continue;
        if (axes.every((i) => i < side)) {
          fine.mean[p] = mean[inside.index(axes)];
          fine.variances[p] = variances[inside.index(axes)];
        } else fine.variances[p] = tail(waves[p]);
      }
      return fine;
    },
  };
}

interface Places {
  readonly axes: (p: number) => readonly number[];
  readonly index: (axes: readonly number[]) => number;
}

function placeOf({ size, dim }: GridOptions): Places {
  const axes = (p: number): readonly number[] => (dim === 1 ? [p] : [Math.floor(p / size), p % size]);
  return {
    axes,
    index: (at) => (dim === 1 ? at[0] : at[0] * size + at[1]),
  };
}

/** The line through log λ against log |k| for wavenumbers in the upper half of what the grid resolves. */
function powerLaw(variances: Float64Array, grid: GridOptions): (wave: number) => number {
  const waves = waveNumbers(grid);
  const most = grid.basis === "fourier" ? grid.size / 2 - 1 : grid.size - 1;
  let [count, x, y, xx, xy] = [0, 0, 0, 0, 0];
  variances.forEach((value, p) => {
    const k = waves[p];
    if (value <= 0 || k < most / 2 || k > most) return;
    const [a, b] = [Math.log(k), Math.log(value)];
    count++;
    x += a;
    y += b;
    xx += a * a;
    xy += a * b;
  });
  if (count < 2) return () => 0;
  const slope = (count * xy - x * y) / (count * xx - x * x);
  const offset = (y - slope * x) / count;
  return (k) => Math.exp(offset + slope * Math.log(k));
}
