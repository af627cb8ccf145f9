import { checkInteger, checkKeys } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import type { Progress } from "../../core/progress.js";
import { waveNumbers } from "../../linalg/index.js";
import { foldIn, normal, type Key } from "../../random/index.js";
import { gridOf } from "../../targets/fields/index.js";
import { weightsAt, type FieldModel, type Weights } from "./field-net.js";
import { checkLevels } from "./noise-levels.js";
import type { Residual } from "./residual.js";
import { checkRows } from "./rows.js";

/** How a learned residual is corrected, level by level and shell by shell. */
export interface Calibration {
  /** σ, falling. */
  readonly levels: Float64Array;
  /** Shells of |k|, rounded: 0, 1, …; the last holds all waves beyond. */
  readonly numShells: number;
  /** α and β of shell s at level l, at l·numShells + s. */
  readonly gain: Float64Array;
  readonly slope: Float64Array;
}

/** The law whose residual was learned, and a grid. */
export interface CalibratedGrid extends Pick<FieldModel, "noise" | "spectrum"> {
  readonly size: number;
}

/** Options of `calibrate`. */
export interface CalibrateOptions extends CalibratedGrid {
  /** σ of the levels, falling. */
  readonly levels: ArrayLike<number>;
  readonly key: Key;
  /** Default half the points of an axis: the waves that the grid has in all directions. */
  readonly numShells?: number;
  readonly onProgress?: Progress;
}

/**
 * Fit the best linear correction of a learned residual to data. With ŵ the best linear denoiser, E[u | w] = ŵ + κ sqrt(λ) N and
 * y = (w - m)/sqrt(λ + σ²c), the true N has no correlation with y, mode by mode, since ŵ has left none. A learned N̂ has some, most where
 * its loss weighs nothing, and drawing adds it up from level to level: energy is lost or gained. By least squares in every shell,
 *
 *   N ≈ α (N̂ - β y),   β = ⟨N̂ y⟩/⟨y²⟩,   α = ⟨(N̂ - β y) W⟩/⟨(N̂ - β y)²⟩ or 0,   W = (u - ŵ)/(κ sqrt λ)
 *
 * @param modes n·size^dim coefficients of fields of the law, each taken with a noise and its opposite
 * @throws ArgumentError
 */
export async function calibrate(
  residual: Residual,
  modes: Float64Array,
  options: CalibrateOptions,
): Promise<Calibration> {
  checkKeys("options", options, ["noise", "spectrum", "size", "levels", "key", "numShells", "onProgress"]);
  const { noise, size, key, numShells = size / 2, onProgress } = options;
  const levels = checkLevels(options.levels);
  checkInteger("numShells", numShells, { min: 1 });
  const cells = size ** noise.dim;
  checkRows("modes", modes, cells);
  const shells = shellsOf(options, numShells);
  const c = noise.eigenvalues(size);
  const gain = new Float64Array(levels.length * numShells);
  const slope = new Float64Array(levels.length * numShells);
  for (const [l, sigma] of levels.entries()) {
    const xi = normal(foldIn(key, l), modes.length);
    const sums = Array.from({ length: numShells }, () => ({ nn: 0, ny: 0, yy: 0, nw: 0, yw: 0 }));
    const level = weightsAt(options, sigma, size);
    for (const sign of [1, -1]) {
      const w = modes.map((u, i) => u + sign * sigma * Math.sqrt(c[i % cells]) * xi[i]);
      const f = await residual(sigma, w);
      w.forEach((value, i) => {
        const k = i % cells;
        if (level.out[k] === 0) return;
        const { guess, y } = whitened(level, value, k);
        const [n, wanted] = [(f[i] + value - guess) / level.out[k], (modes[i] - guess) / level.out[k]];
        const sum = sums[shells[k]];
        sum.nn += n * n;
        sum.ny += n * y;
        sum.yy += y * y;
        sum.nw += n * wanted;
        sum.yw += y * wanted;
      });
    }
    sums.forEach(({ nn, ny, yy, nw, yw }, s) => {
      const beta = yy > 0 ? ny / yy : 0;
      const own = nn - beta * ny;
      slope[l * numShells + s] = beta;
      gain[l * numShells + s] = own > 0 ? Math.max(0, (nw - beta * yw) / own) : 0;
    });
    onProgress?.({ done: l + 1, total: levels.length });
  }
  return { levels, numShells, gain, slope };
}

/**
 * A residual on any grid with its correction: F = ŵ - w + κ sqrt(λ) α (N̂ - β y), α and β between levels linear in log σ.
 * @throws ArgumentError for a calibration whose arrays do not fit together
 */
export function calibrated(residual: Residual, calibration: Calibration, on: CalibratedGrid): Residual {
  const { levels, numShells, gain, slope } = calibration;
  for (const [name, values] of Object.entries({ gain, slope })) {
    if (values.length !== levels.length * numShells) {
      throw new ArgumentError(name, values, `${levels.length} levels of ${numShells} shells`);
    }
  }
  const shells = shellsOf(on, numShells);
  const cells = shells.length;
  return async (sigma, w) => {
    const f = await residual(sigma, w);
    const level = weightsAt(on, sigma, on.size);
    const [alpha, beta] = [gain, slope].map((table) => atLevel(table, calibration, sigma));
    return w.map((value, i) => {
      const k = i % cells;
      if (level.out[k] === 0) return f[i];
      const { guess, y } = whitened(level, value, k);
      const n = (f[i] + value - guess) / level.out[k];
      return guess - value + level.out[k] * alpha[shells[k]] * (n - beta[shells[k]] * y);
    });
  };
}

/** ŵ and y of a mode. */
function whitened({ mean, skip, spread }: Weights, w: number, k: number): { guess: number; y: number } {
  return { guess: mean[k] + skip[k] * (w - mean[k]), y: (w - mean[k]) / spread[k] };
}

function shellsOf({ noise, size }: CalibratedGrid, numShells: number): Int32Array {
  return Int32Array.from(waveNumbers(gridOf(noise, size)), (k) => Math.min(numShells - 1, Math.round(k)));
}

/** A table's numbers at σ, all shells. */
function atLevel(table: Float64Array, { levels, numShells }: Calibration, sigma: number): Float64Array {
  let l = 0;
  while (l < levels.length - 2 && levels[l + 1] > sigma) l++;
  const last = Math.min(l + 1, levels.length - 1);
  const way = last === l ? 0 : Math.log(levels[l] / sigma) / Math.log(levels[l] / levels[last]);
  const share = Math.min(1, Math.max(0, way));
  return Float64Array.from({ length: numShells }, (_, s) => {
    return (1 - share) * table[l * numShells + s] + share * table[last * numShells + s];
  });
}
