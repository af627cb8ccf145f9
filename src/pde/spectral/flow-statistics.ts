import { checkInteger, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { checkGridSize, rfft2 } from "../../linalg/index.js";

/** Where fields of vorticity live. */
export interface FlowGrid {
  readonly size: number;
  /** Side of the square; default 2π. */
  readonly length?: number;
}

/** Energy and enstrophy by wavenumber, means over the batch. */
export interface FlowSpectra {
  /** k = 1, 2, ..., size/2, in units of 2π/length. */
  readonly wavenumbers: Float64Array;
  /** E(k): Σ_k E(k) = ½⟨|u|²⟩ over the shells and beyond. */
  readonly energy: Float64Array;
  /** Z(k): Σ_k Z(k) = ½⟨w²⟩. */
  readonly enstrophy: Float64Array;
  /** Z(k) of every field: batch·(size/2) numbers. */
  readonly enstrophyOfField: Float64Array;
}

/**
 * Isotropic spectra of vorticity: sums over the shells k - ½ ≤ |k| < k + ½ of ½|ŵ|² and ½|ŵ|²/|k|².
 *
 * @param vorticity batch·size·size numbers
 * @throws ArgumentError
 */
export function flowSpectra(vorticity: Float64Array, grid: FlowGrid): FlowSpectra {
  const { size, length = 2 * Math.PI } = grid;
  const shells = size / 2;
  const unit = (2 * Math.PI) / checkPositive("grid.length", length);
  const count = checkCount(vorticity, size);
  const enstrophyOfField = new Float64Array(count * shells);
  const [energy, enstrophy] = [new Float64Array(shells), new Float64Array(shells)];
  eachMode(vorticity, size, (field, kx, ky, square) => {
    const wave = Math.hypot(kx, ky);
    const shell = Math.round(wave) - 1;
    if (shell < 0 || shell >= shells) return;
    enstrophyOfField[field * shells + shell] += square / 2;
    enstrophy[shell] += square / 2 / count;
    energy[shell] += square / 2 / count / (unit * wave) ** 2;
  });
  return {
    wavenumbers: Float64Array.from({ length: shells }, (_, k) => k + 1),
    energy,
    enstrophy,
    enstrophyOfField,
  };
}

/**
 * The coherent sum over shells of the l¹ norm that the authors' code calls a spectrum: |Σ_{k_x + k_y = j, both ≥ 0} ŵ| with the sum
 * over grid points for ŵ, mean over the batch. Not an energy spectrum: phases cancel in it.
 *
 * @returns j = 0..size/2 - 1
 * @throws ArgumentError
 */
export function coherentSpectrum(vorticity: Float64Array, grid: FlowGrid): Float64Array {
  const { size } = grid;
  const count = checkCount(vorticity, size);
  const spectra = rfft2(vorticity, size);
  const out = new Float64Array(size / 2);
  for (let field = 0; field < count; field++) {
    for (let j = 0; j < size / 2; j++) {
      let [re, im] = [0, 0];
      for (let kx = 0; kx <= j; kx++) {
        const at = field * size * (size + 2) + (j - kx) * (size + 2) + 2 * kx;
        re += spectra[at];
        im += spectra[at + 1];
      }
      out[j] += Math.hypot(re, im) / count;
    }
  }
  return out;
}

/** What a flow has, loses and is given; means over the square, a number a field. */
export interface FlowBudget {
  /** E = ½⟨|u|²⟩ */
  readonly energy: Float64Array;
  /** Z = ½⟨w²⟩ */
  readonly enstrophy: Float64Array;
  /** dE/dt = -2νZ + ⟨ψ f⟩ */
  readonly energyRate: Float64Array;
  /** dZ/dt = -ν⟨|∇w|²⟩ + ⟨w f⟩ */
  readonly enstrophyRate: Float64Array;
}

/** Options of `flowBudget`. */
export interface FlowBudgetOptions extends FlowGrid {
  readonly viscosity: number;
  /** size² numbers for all fields, or as many as there are of vorticity; default none. */
  readonly forcing?: Float64Array;
}

/** Energy, enstrophy and how they change, by the modes of vorticity. @throws ArgumentError */
export function flowBudget(vorticity: Float64Array, options: FlowBudgetOptions): FlowBudget {
  const { size, length = 2 * Math.PI, viscosity, forcing } = options;
  const count = checkCount(vorticity, size);
  const unit = (2 * Math.PI) / checkPositive("options.length", length);
  const [energy, enstrophy, palinstrophy] = [0, 1, 2].map(() => new Float64Array(count));
  eachMode(vorticity, size, (field, kx, ky, square) => {
    const wave = unit * unit * (kx * kx + ky * ky);
    if (wave === 0) return;
    energy[field] += square / 2 / wave;
    enstrophy[field] += square / 2;
    palinstrophy[field] += square * wave;
  });
  const work = forcing === undefined ? undefined : workOf(vorticity, forcing, size, unit);
  return {
    energy,
    enstrophy,
    energyRate: enstrophy.map((z, i) => -2 * viscosity * z + (work?.onEnergy[i] ?? 0)),
    enstrophyRate: palinstrophy.map((p, i) => -viscosity * p + (work?.onEnstrophy[i] ?? 0)),
  };
}

/** ⟨ψ f⟩ and ⟨w f⟩. */
function workOf(
  vorticity: Float64Array,
  forcing: Float64Array,
  size: number,
  unit: number,
): { readonly onEnergy: Float64Array; readonly onEnstrophy: Float64Array } {
  if (forcing.length !== size * size && forcing.length !== vorticity.length) {
    throw new ArgumentError("options.forcing", forcing, "one field, or as many as there are of vorticity");
  }
  const count = vorticity.length / (size * size);
  const [onEnergy, onEnstrophy] = [new Float64Array(count), new Float64Array(count)];
  const [w, f] = [rfft2(vorticity, size), rfft2(forcing, size)];
  const scale = 1 / size ** 4;
  eachPlace(w.length, size, (field, at, kx, ky, weight) => {
    const from = f.length === w.length ? at : at % (size * (size + 2));
    const product = weight * scale * (w[at] * f[from] + w[at + 1] * f[from + 1]);
    if (kx === 0 && ky === 0) return;
    onEnstrophy[field] += product;
    onEnergy[field] += product / (unit * unit * (kx * kx + ky * ky));
  });
  return { onEnergy, onEnstrophy };
}

/** Every mode of every field with the mean square that it and its mirror image contribute. */
function eachMode(
  vorticity: Float64Array,
  size: number,
  visit: (field: number, kx: number, ky: number, square: number) => void,
): void {
  const spectra = rfft2(vorticity, size);
  eachPlace(spectra.length, size, (field, at, kx, ky, weight) => {
    visit(field, kx, ky, (weight * (spectra[at] ** 2 + spectra[at + 1] ** 2)) / size ** 4);
  });
}

function eachPlace(
  length: number,
  size: number,
  visit: (field: number, at: number, kx: number, ky: number, weight: number) => void,
): void {
  for (let at = 0, row = 0; at < length; row++) {
    const [field, y] = [Math.floor(row / size), row % size];
    const ky = y <= size / 2 ? y : y - size;
    for (let kx = 0; kx <= size / 2; kx++, at += 2) {
      visit(field, at, kx, ky, kx === 0 || kx === size / 2 ? 1 : 2);
    }
  }
}

function checkCount(vorticity: Float64Array, size: number): number {
  checkGridSize("grid.size", size);
  const count = vorticity.length / (size * size);
  if (!Number.isInteger(count))
    throw new ArgumentError("vorticity", vorticity, `batch·${size}·${size} numbers`);
  return checkInteger("the batch", count, { min: 1 });
}
