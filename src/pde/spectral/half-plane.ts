import { irfft2, rfft2 } from "../../linalg/index.js";
import type { KeptModes } from "./kept-modes.js";

/** Kept modes of fields, normalised by 1/n²: rows·columns interleaved complex numbers each, without their means. */
export function toHalfPlane(fields: Float64Array, modes: KeptModes): Float64Array {
  const { size: n, rows, columns, most } = modes;
  const spectra = rfft2(fields, n);
  const count = fields.length / (n * n);
  const out = new Float64Array(2 * count * rows * columns);
  for (let field = 0; field < count; field++) {
    for (let row = 0; row < rows; row++) {
      const from = field * n * (n + 2) + (row <= most ? row : n - rows + row) * (n + 2);
      const to = 2 * (field * rows + row) * columns;
      for (let i = 0; i < 2 * columns; i++) out[to + i] = spectra[from + i] / (n * n);
    }
    out.fill(0, 2 * field * rows * columns, 2 * field * rows * columns + 2);
  }
  return out;
}

/** Fields of kept modes on a grid of n points an axis. */
export function fromHalfPlane(spectra: Float64Array, modes: KeptModes): Float64Array {
  const { size: n, rows, columns, most } = modes;
  const count = spectra.length / (2 * rows * columns);
  const full = new Float64Array(count * n * (n + 2));
  for (let field = 0; field < count; field++) {
    for (let row = 0; row < rows; row++) {
      const to = field * n * (n + 2) + (row <= most ? row : n - rows + row) * (n + 2);
      const from = 2 * (field * rows + row) * columns;
      for (let i = 0; i < 2 * columns; i++) full[to + i] = spectra[from + i] * n * n;
    }
  }
  return irfft2(full, n);
}
