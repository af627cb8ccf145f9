import { rowOf, rowWavenumber, type KeptModes } from "./kept-modes.js";
import { planeTransform } from "./plane-transform.js";

/** Speeds of a flow on the grid, largest in either direction. */
export interface Speeds {
  u: number;
  v: number;
}

/** Writes the kept modes of -u·∇w + f to `rate`, and the largest speeds to `speeds`. */
export type VorticityRate = (
  spectrum: Float64Array,
  forcing: Float64Array | undefined,
  rate: Float64Array,
  speeds: Speeds,
) => void;

/**
 * The advection of vorticity on the kept modes, by one complex transform each way:
 *
 *   -div(u w) = (∂_yy - ∂_xx)(uv) + ∂_xy(u² - v²),   (u + iv)² = u² - v² + 2i uv,   u = ψ_y,  v = -ψ_x,  -Δψ = w
 *
 * The flux form and this one agree on all kept modes, where products are exact. Source: Basdevant (1983), for the form.
 *
 * @param unit 2π/length, the smallest wavenumber
 */
export function vorticityRate(modes: KeptModes, unit: number): VorticityRate {
  const { most, rows, columns } = modes;
  const transform = planeTransform(modes);
  const { plane } = transform;
  return (spectrum, forcing, rate, speeds) => {
    spreadVelocity(modes, unit, spectrum, plane);
    speeds.u = speeds.v = 0;
    transform.through((row) => squareRow(row, speeds));
    for (let row = 0; row < rows; row++) {
      const ky = rowWavenumber(modes, row);
      const opposite = rowOf(modes, -ky);
      for (let kx = 0; kx < columns; kx++) {
        const a = 2 * ((kx + most) * rows + row);
        const b = 2 * ((most - kx) * rows + opposite);
        const squareRe = (plane[a] + plane[b]) / 2;
        const squareIm = (plane[a + 1] - plane[b + 1]) / 2;
        const twiceRe = (plane[a + 1] + plane[b + 1]) / 2;
        const twiceIm = (plane[b] - plane[a]) / 2;
        const diagonal = (unit * unit * (kx * kx - ky * ky)) / 2;
        const mixed = unit * unit * kx * ky;
        const to = 2 * (row * columns + kx);
        rate[to] = diagonal * twiceRe - mixed * squareRe + (forcing === undefined ? 0 : forcing[to]);
        rate[to + 1] = diagonal * twiceIm - mixed * squareIm + (forcing === undefined ? 0 : forcing[to + 1]);
      }
    }
  };
}

/** û + iv̂ = (k_x + i k_y) ŵ / k² on the full plane; the mean flow is zero. */
function spreadVelocity(modes: KeptModes, unit: number, spectrum: Float64Array, plane: Float64Array): void {
  const { most, rows, columns } = modes;
  for (let row = 0; row < rows; row++) {
    const ky = rowWavenumber(modes, row);
    const opposite = rowOf(modes, -ky);
    for (let kx = 0; kx < columns; kx++) {
      const square = kx * kx + ky * ky;
      if (kx === 0 && ky < 0) continue; // the mirror image of ky > 0
      const scale = square === 0 ? 0 : 1 / (unit * square);
      const from = 2 * (row * columns + kx);
      const re = scale * spectrum[from];
      const im = scale * spectrum[from + 1];
      const a = 2 * ((kx + most) * rows + row);
      plane[a] = kx * re - ky * im;
      plane[a + 1] = kx * im + ky * re;
      if (square === 0) continue;
      const b = 2 * ((most - kx) * rows + opposite);
      plane[b] = -kx * re - ky * im;
      plane[b + 1] = kx * im - ky * re;
    }
  }
}

/** (u + iv)² in place of u + iv. */
function squareRow(row: Float64Array, speeds: Speeds): void {
  let mostU = speeds.u;
  let mostV = speeds.v;
  for (let x = 0; x < row.length; x += 2) {
    const u = row[x];
    const v = row[x + 1];
    // "not at most", so that NaN is the largest
    if (!(Math.abs(u) <= mostU)) mostU = Math.abs(u);
    if (!(Math.abs(v) <= mostV)) mostV = Math.abs(v);
    row[x] = u * u - v * v;
    row[x + 1] = 2 * u * v;
  }
  speeds.u = mostU;
  speeds.v = mostV;
}
