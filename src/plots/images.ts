import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { ColourMapName } from "./colour-map.js";
import { pngField } from "./field.js";
import type { Spec } from "./spec.js";

/** A row of pictures that belong together, such as generated digits: count·height·width values, picture by picture. */
export interface ImageRow {
  readonly name: string;
  readonly pixels: Float64Array;
}

/** Options of {@link images}. */
export interface ImagesOptions {
  readonly title?: string;
  /** Pixels of one picture. */
  readonly width: number;
  readonly height: number;
  /** Pictures beside each other before a group wraps. */
  readonly columns?: number;
  readonly colours?: ColourMapName;
  /** Values of the first and last colour; the whole figure's range unless told. */
  readonly low?: number;
  readonly high?: number;
  /** Screen pixels a picture's pixel takes. */
  readonly zoom?: number;
  readonly description?: string;
}

/**
 * Groups of pictures, each group one bitmap with its name above it.
 * @throws ArgumentError for no groups, or a length that is no multiple of width·height
 */
export function images(groups: readonly ImageRow[], options: ImagesOptions): Spec {
  if (groups.length === 0) throw new ArgumentError("groups", groups, "at least one group of pictures");
  const { title, width, height, zoom = 1.5, columns = 10, description } = options;
  checkInteger("options.width", width, { min: 1 });
  checkInteger("options.height", height, { min: 1 });
  checkInteger("options.columns", columns, { min: 1 });
  const all = groups.flatMap((group) => Array.from(group.pixels));
  const low = options.low ?? all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = options.high ?? all.reduce((a, b) => Math.max(a, b), -Infinity);
  return {
    ...(title === undefined ? {} : { title }),
    description: description ?? title ?? groups.map((group) => group.name).join(", "),
    spacing: 10,
    vconcat: groups.map((group, i) => {
      const sheet = contactSheet(group, i, { width, height, columns, low, high });
      const url = pngField(sheet.values, sheet.width, sheet.height, { colours: options.colours, low, high });
      return {
        title: { text: group.name, fontSize: 13, fontWeight: "normal", offset: 6 },
        width: sheet.width * zoom,
        height: sheet.height * zoom,
        data: { values: [{ url, name: group.name }] },
        mark: {
          type: "image",
          align: "left",
          baseline: "top",
          width: sheet.width * zoom,
          height: sheet.height * zoom,
        },
        encoding: {
          x: { value: 0 },
          y: { value: 0 },
          url: { field: "url", type: "nominal" },
          tooltip: { field: "name", type: "nominal" },
        },
      };
    }),
  };
}

interface SheetOptions {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly low: number;
  readonly high: number;
}

/** Pictures laid out in rows with a gap of one pixel in the background's colour. */
function contactSheet(
  { pixels }: ImageRow,
  index: number,
  { width, height, columns, low }: SheetOptions,
): { values: Float64Array; width: number; height: number } {
  const count = pixels.length / (width * height);
  if (!Number.isInteger(count) || count === 0)
    throw new ArgumentError(
      `groups[${index}].pixels`,
      pixels,
      `a positive multiple of width·height = ${width * height} values`,
    );
  const across = Math.min(columns, count);
  const sheetWidth = across * (width + 1) - 1;
  const sheetHeight = Math.ceil(count / across) * (height + 1) - 1;
  const values = new Float64Array(sheetWidth * sheetHeight).fill(low);
  for (let picture = 0; picture < count; picture++) {
    const left = (picture % across) * (width + 1);
    const top = Math.floor(picture / across) * (height + 1);
    for (let row = 0; row < height; row++) {
      const start = (picture * height + row) * width;
      values.set(pixels.subarray(start, start + width), (top + row) * sheetWidth + left);
    }
  }
  return { values, width: sheetWidth, height: sheetHeight };
}
