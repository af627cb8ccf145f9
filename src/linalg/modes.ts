import { checkKeys, checkOneOf } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { dct, idct } from "./dct.js";
import { checkGridSize, checkRows } from "./fft-plan.js";
import { irfft, rfft } from "./real-fft.js";
import { transpose } from "./transpose.js";

/** Real orthonormal bases of a grid: periodic, or with vanishing slope at the ends. */
export type Basis = "fourier" | "cosine";

/** Fields on a grid of `size` points an axis. */
export interface GridOptions {
  readonly basis: Basis;
  /** Points an axis, a power of two. */
  readonly size: number;
  /** Axes. */
  readonly dim: 1 | 2;
}

/**
 * Coefficients of fields in an orthonormal basis of the grid, products of one-dimensional functions:
 *
 *   fourier  1, cos x, sin x, cos 2x, sin 2x, ..., cos (n/2) x  (each over its norm on the grid; the last is the Nyquist mode)
 *   cosine   cos(π k (2j+1)/2n), k = 0..n-1
 *
 * Function i has the frequency `frequencies(basis, size)[i]`, so a coarser grid's coefficients are the leading block of a finer
 * one's (but for the Nyquist mode, and up to the factor (size'/size)^{dim/2} of the norms).
 *
 * @param fields size^dim numbers each
 * @throws ArgumentError
 */
export function toModes(fields: Float64Array, grid: GridOptions): Float64Array {
  checkFields("fields", fields, grid);
  return eachAxis(fields, grid, grid.basis === "fourier" ? realFourier : dct);
}

/** Fields from their coefficients: the inverse of `toModes`, and its transpose. @throws ArgumentError */
export function fromModes(modes: Float64Array, grid: GridOptions): Float64Array {
  checkFields("modes", modes, grid);
  return eachAxis(modes, grid, grid.basis === "fourier" ? inverseRealFourier : idct);
}

/** How often function i of the basis waves: 0, 1, 1, 2, 2, ..., n/2 periods for "fourier", 0, 1, ..., n-1 half periods for "cosine". */
export function frequencies(basis: Basis, size: number): Float64Array {
  checkOneOf("basis", basis, ["fourier", "cosine"]);
  checkGridSize("size", size);
  return Float64Array.from({ length: size }, (_, i) => (basis === "fourier" ? Math.ceil(i / 2) : i));
}

/** |k| of every mode of a grid: the length of the vector of its axes' frequencies, size^dim numbers. @throws ArgumentError */
export function waveNumbers({ basis, size, dim }: GridOptions): Float64Array {
  const k = frequencies(basis, size);
  if (dim === 1) return k;
  return Float64Array.from({ length: size * size }, (_, p) =>
    Math.hypot(k[Math.floor(p / size)], k[p % size]),
  );
}

/** @throws ArgumentError @returns how many fields there are */
export function checkFields(argument: string, fields: Float64Array, grid: GridOptions): number {
  checkKeys("grid", grid, ["basis", "size", "dim"]);
  checkOneOf("grid.basis", grid.basis, ["fourier", "cosine"]);
  checkGridSize("grid.size", grid.size);
  if (grid.dim !== 1 && grid.dim !== 2) throw new ArgumentError("grid.dim", grid.dim, "1 or 2");
  return checkRows(argument, fields, grid.size ** grid.dim);
}

function eachAxis(
  values: Float64Array,
  { size, dim }: GridOptions,
  along: (rows: Float64Array, n: number) => Float64Array,
): Float64Array {
  const once = along(values, size);
  return dim === 1 ? once : turned(along(turned(once, size), size), size);
}

/** Every field transposed. */
function turned(fields: Float64Array, n: number): Float64Array {
  const out = new Float64Array(fields.length);
  for (let at = 0; at < fields.length; at += n * n) {
    out.set(transpose(fields.subarray(at, at + n * n), n, n), at);
  }
  return out;
}

function realFourier(x: Float64Array, n: number): Float64Array {
  const spectra = rfft(x, n);
  const out = new Float64Array(x.length);
  const [one, two] = [Math.sqrt(1 / n), Math.sqrt(2 / n)];
  for (let at = 0, from = 0; at < out.length; at += n, from += n + 2) {
    out[at] = one * spectra[from];
    for (let k = 1; k < n / 2; k++) {
      out[at + 2 * k - 1] = two * spectra[from + 2 * k];
      out[at + 2 * k] = -two * spectra[from + 2 * k + 1];
    }
    out[at + n - 1] = one * spectra[from + n];
  }
  return out;
}

function inverseRealFourier(modes: Float64Array, n: number): Float64Array {
  const spectra = new Float64Array((modes.length / n) * (n + 2));
  const [one, two] = [Math.sqrt(n), Math.sqrt(n / 2)];
  for (let at = 0, to = 0; at < modes.length; at += n, to += n + 2) {
    spectra[to] = one * modes[at];
    for (let k = 1; k < n / 2; k++) {
      spectra[to + 2 * k] = two * modes[at + 2 * k - 1];
      spectra[to + 2 * k + 1] = -two * modes[at + 2 * k];
    }
    spectra[to + n] = one * modes[at + n - 1];
  }
  return irfft(spectra, n);
}
