import { fftPlan } from "../../linalg/fft-plan.js";
import { rowOf, type KeptModes } from "./kept-modes.js";

/** Two real fields as one complex field u + iv, transformed between kept modes and the grid. */
export interface PlaneTransform {
  /**
   * Go through the grid row by row and back: u + iv is made from its kept modes, `atRow` changes every row of the grid, and the
   * kept modes of the outcome take the old ones' place.
   */
  through(atRow: (row: Float64Array) => void): void;
  /** Interleaved modes of u + iv on the full plane: column k_x = -most..most after column, each k_y as in the half plane's rows. */
  readonly plane: Float64Array;
}

const transforms = new Map<number, PlaneTransform>();

/**
 * The transform of a size, made once a thread. Only the columns that hold kept modes are transformed, 2/3 of them, and a row goes to
 * the grid and back while it is in the cache: 3.3 n transforms of length n, where two complex transforms of the square take 4 n.
 */
export function planeTransform(modes: KeptModes): PlaneTransform {
  const known = transforms.get(modes.size);
  if (known !== undefined) return known;
  const made = create(modes);
  transforms.set(modes.size, made);
  return made;
}

function create(modes: KeptModes): PlaneTransform {
  const { size: n, most, rows } = modes;
  const plan = fftPlan("size", n);
  const { input, output } = plan;
  const width = 2 * most + 1;
  const plane = new Float64Array(2 * width * rows);
  /** Row y of the grid, kept columns only: 2·width numbers, padded so that columns do not share cache sets. */
  const stride = 2 * width + 8;
  const half = new Float64Array(n * stride);
  /** Place in a transform's input or output, for k = -most..most and the other direction's -k. */
  const at = Int32Array.from({ length: width }, (_, c) => 2 * ((c - most + n) % n));
  const reversed = Int32Array.from({ length: width }, (_, c) => 2 * ((most - c + n) % n));
  const rowAt = Int32Array.from({ length: rows }, (_, c) => 2 * rowOf(modes, c - most));

  const columnsToGrid = (): void => {
    for (let c = 0; c < width; c++) {
      input.fill(0);
      const column = 2 * c * rows;
      for (let r = 0; r < rows; r++) {
        input[reversed[r]] = plane[column + rowAt[r]];
        input[reversed[r] + 1] = plane[column + rowAt[r] + 1];
      }
      plan.run();
      for (let y = 0, to = 2 * c; y < n; y++, to += stride) {
        half[to] = output[2 * y];
        half[to + 1] = output[2 * y + 1];
      }
    }
  };
  const rowThrough = (y: number, atRow: (row: Float64Array) => void): void => {
    const from = y * stride;
    input.fill(0);
    for (let c = 0; c < width; c++) {
      input[reversed[c]] = half[from + 2 * c];
      input[reversed[c] + 1] = half[from + 2 * c + 1];
    }
    plan.run();
    input.set(output);
    atRow(input);
    plan.run();
    for (let c = 0; c < width; c++) {
      half[from + 2 * c] = output[at[c]];
      half[from + 2 * c + 1] = output[at[c] + 1];
    }
  };
  const columnsToModes = (): void => {
    const scale = 1 / (n * n);
    for (let c = 0; c < width; c++) {
      for (let y = 0, from = 2 * c; y < n; y++, from += stride) {
        input[2 * y] = half[from];
        input[2 * y + 1] = half[from + 1];
      }
      plan.run();
      const column = 2 * c * rows;
      for (let r = 0; r < rows; r++) {
        plane[column + rowAt[r]] = scale * output[at[r]];
        plane[column + rowAt[r] + 1] = scale * output[at[r] + 1];
      }
    }
  };
  return {
    plane,
    through(atRow) {
      columnsToGrid();
      for (let y = 0; y < n; y++) rowThrough(y, atRow);
      columnsToModes();
    },
  };
}
