import { ArgumentError } from "../core/errors.js";
import { pngField } from "./field.js";
import type { ColourMapName } from "./colour-map.js";
import type { Spec } from "./spec.js";

/** A field on a grid: row by row, the first row at the lower end of the y axis, the first column at the lower end of x. */
export interface Grid2d {
  readonly values: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** The ranges of the two axes that a grid fills, or that a figure shows. */
export interface Extent {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Least and greatest value of several fields. */
export function valueRange(fields: readonly Float64Array[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const field of fields)
    for (const value of field) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  return [low, high];
}

/** A row that holds a field as one picture. @throws ArgumentError as pngField does, by the argument's name */
export function rasterRow(
  argument: string,
  { values, width, height }: Grid2d,
  look: { colours: ColourMapName; low: number; high: number },
): Spec {
  if (values.length !== width * height)
    throw new ArgumentError(
      `${argument}.values`,
      values,
      `width·height = ${width * height} numbers, row by row`,
    );
  return { kind: "raster", url: pngField(values, width, height, { ...look, upwards: true }) };
}

/** The layer that draws such rows over the whole panel. */
export function rasterLayer(width: number, height: number, tooltip: readonly Spec[] = []): Spec {
  return {
    transform: [{ filter: "datum.kind === 'raster'" }],
    mark: { type: "image", width, height, aspect: false },
    encoding: {
      x: { value: width / 2 },
      y: { value: height / 2 },
      url: { field: "url", type: "nominal" },
      ...(tooltip.length === 0 ? {} : { tooltip }),
    },
  };
}

/** Axes over an extent, which the picture fills to its edges. @throws ArgumentError for an empty or reversed range */
export function extentAxes(
  { x, y }: Extent,
  titles: { readonly x: string; readonly y: string },
): { x: Spec; y: Spec } {
  const axis = (field: "x" | "y", domain: readonly [number, number]): Spec => {
    if (!(Number.isFinite(domain[0]) && Number.isFinite(domain[1]) && domain[0] < domain[1]))
      throw new ArgumentError(`options.extent.${field}`, domain, "two finite numbers, the lower first");
    return {
      field,
      type: "quantitative",
      title: titles[field],
      scale: { domain: [...domain], nice: false, zero: false },
      axis: { grid: false, tickCount: 5, zindex: 1 },
    };
  };
  return { x: axis("x", x), y: axis("y", y) };
}
