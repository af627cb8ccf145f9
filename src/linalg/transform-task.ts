// Runs in a pool thread.
import { dct, idct } from "./dct.js";
import { fromModes, toModes, type Basis } from "./modes.js";
import { irfft2, rfft2 } from "./real-fft-2d.js";
import { irfft, rfft } from "./real-fft.js";

/** Transforms that may be shared out among threads. */
export const TRANSFORMS = [
  "rfft",
  "irfft",
  "rfft2",
  "irfft2",
  "dct",
  "idct",
  "toModes",
  "fromModes",
] as const;
export type Transform = (typeof TRANSFORMS)[number];

/** A stretch of fields and what is done to them. */
export interface TransformTask {
  readonly transform: Transform;
  readonly values: Float64Array;
  readonly size: number;
  readonly basis: Basis;
  readonly dim: 1 | 2;
}

export function transformed({ transform, values, size, basis, dim }: TransformTask): Float64Array {
  switch (transform) {
    case "rfft":
      return rfft(values, size);
    case "irfft":
      return irfft(values, size);
    case "rfft2":
      return rfft2(values, size);
    case "irfft2":
      return irfft2(values, size);
    case "dct":
      return dct(values, size);
    case "idct":
      return idct(values, size);
    case "toModes":
      return toModes(values, { basis, size, dim });
    case "fromModes":
      return fromModes(values, { basis, size, dim });
  }
}
