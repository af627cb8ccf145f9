import { createRequire } from "node:module";
import type * as FastPng from "fast-png";
import { checkFinite, checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { colourMap } from "./colour-map.js";
import type { ColourMapName } from "./colour-map.js";

/** Options of {@link pngField}. */
export interface PngFieldOptions {
  /** Colour map; `viridis` unless told. */
  readonly colours?: ColourMapName;
  /** Value of the map's first colour; the smallest value unless told. */
  readonly low?: number;
  /** Value of the map's last colour; the largest value unless told. */
  readonly high?: number;
  /** Rows run upwards, as a y axis does: the first row is drawn at the bottom. False unless told. */
  readonly upwards?: boolean;
}

/**
 * A field of numbers as one small picture: a PNG of width × height pixels in a data URI, the `url` of an image mark.
 * Values outside [low, high] take the end colours.
 * @param values row by row, width·height finite numbers
 * @throws ArgumentError for a wrong length, values that are not finite, or low > high
 */
export function pngField(
  values: Float64Array | Float32Array | Uint8Array,
  width: number,
  height: number,
  { colours = "viridis", low, high, upwards = false }: PngFieldOptions = {},
): string {
  checkInteger("width", width, { min: 1 });
  checkInteger("height", height, { min: 1 });
  if (values.length !== width * height)
    throw new ArgumentError("values", values, `width·height = ${width * height} numbers, row by row`);
  if (!(values instanceof Uint8Array)) checkFinite("values", values);
  const [from, to] = range(values, low, high);
  const table = colourMap(colours);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const source = (upwards ? height - 1 - row : row) * width;
    for (let column = 0; column < width; column++) {
      const level = to > from ? (values[source + column] - from) / (to - from) : 0.5;
      const entry = 3 * Math.round(255 * Math.min(1, Math.max(0, level)));
      data.set(table.subarray(entry, entry + 3), 3 * (row * width + column));
    }
  }
  const png = createRequire(import.meta.url)("fast-png") as typeof FastPng;
  const bytes = png.encode({ width, height, data, channels: 3, depth: 8 });
  return `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`;
}

function range(values: ArrayLike<number>, low?: number, high?: number): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]);
    most = Math.max(most, values[i]);
  }
  const [from, to] = [low ?? least, high ?? most];
  if (!(from <= to)) throw new ArgumentError("low", from, `a number of at most high = ${to}`);
  return [from, to];
}
