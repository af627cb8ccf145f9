import { ArgumentError } from "../core/errors.js";
import { checkFinite } from "../core/checks.js";
import { cssColours } from "./colour-map.js";
import type { ColourMapName } from "./colour-map.js";
import { shorten } from "./column.js";
import { frameOf, framed } from "./frames.js";
import type { Frames } from "./frames.js";
import { inPanels, panelNames } from "./panels.js";
import { extentAxes, rasterLayer, rasterRow, valueRange } from "./raster.js";
import type { Extent, Grid2d } from "./raster.js";
import type { Spec } from "./spec.js";

/** A field in a panel of its own if it names one. */
export interface Field extends Grid2d {
  readonly panel?: string;
  /** The slider's frame in which it is drawn, from 0; in all of them unless told. */
  readonly frame?: number;
}

/** Options of {@link fields}. Titles carry the units. */
export interface FieldsOptions {
  readonly title?: string;
  readonly x: string;
  readonly y: string;
  /** What the colours mean: the title of the colour bar. */
  readonly value: string;
  /** The ranges of the axes that the grid fills. */
  readonly extent: Extent;
  /** `viridis` unless told; `blueorange` for signed values, whose range is then made symmetric about 0. */
  readonly colours?: ColourMapName;
  /** Ends of the colour bar; the least and greatest value of all fields unless told. */
  readonly low?: number;
  readonly high?: number;
  readonly frames?: Frames;
  readonly columns?: number;
  /** Screen pixels of a panel; 220 × 220 unless told. */
  readonly width?: number;
  readonly height?: number;
  readonly description?: string;
}

/**
 * Fields as small multiples on one colour scale with a colour bar, each one image, whatever its resolution.
 * @throws ArgumentError for no fields, values that are not finite, a length other than width·height, or low ≥ high
 */
export function fields(values: readonly Field[], options: FieldsOptions): Spec {
  if (values.length === 0) throw new ArgumentError("fields", values, "at least one field");
  values.forEach((each, i) => checkFinite(`fields[${i}].values`, each.values));
  const {
    title,
    frames,
    extent,
    colours = "viridis",
    width = 220,
    height = 220,
    value,
    description,
  } = options;
  const [low, high] = colourRange(values, options);
  const rows = values.map((field, i) => {
    const [least, greatest] = valueRange([field.values]);
    return {
      ...rasterRow(`fields[${i}]`, field, { colours, low, high }),
      ...(field.panel === undefined ? {} : { panel: field.panel }),
      ...frameOf(`fields[${i}].frame`, field.frame, frames),
      least: shorten(least),
      greatest: shorten(greatest),
    };
  });
  const panels = panelNames(values);
  const corners = (panels.length === 0 ? [undefined] : panels).map((panel) => ({
    kind: "corner",
    ...(panel === undefined ? {} : { panel }),
    x: extent.x[0],
    y: extent.y[0],
    value: shorten(low),
  }));
  const view = {
    width,
    height,
    layer: [
      rasterLayer(width, height, tooltips(panels.length > 0, value)),
      colourBar(options, colours, [low, high]),
    ],
  };
  const head = {
    ...framed(title, frames),
    description: description ?? title ?? value,
    data: { values: [...rows, ...corners] },
  };
  return inPanels(head, view, panels, { columns: options.columns });
}

function colourRange(values: readonly Field[], { low, high, colours }: FieldsOptions): [number, number] {
  const [least, greatest] = valueRange(values.map((each) => each.values));
  const reach = Math.max(Math.abs(least), Math.abs(greatest));
  const [from, to] =
    colours === "blueorange" ? [low ?? -reach, high ?? reach] : [low ?? least, high ?? greatest];
  if (from < to) return [from, to];
  if (from === to && low === undefined && high === undefined) return [from, from + 1]; // a constant field
  throw new ArgumentError("options.low", from, `a number below high = ${to}`);
}

/** An unseen point makes Vega-Lite draw the axes and the bar that belong to the pictures. */
function colourBar(options: FieldsOptions, colours: ColourMapName, domain: readonly [number, number]): Spec {
  const scale = { domain: domain.map(shorten), range: cssColours(colours), interpolate: "rgb" };
  const legend = { title: options.value, gradientLength: 180, format: ".3~g", tickCount: 5 };
  return {
    transform: [{ filter: "datum.kind === 'corner'" }],
    mark: { type: "point", opacity: 0, size: 1 },
    encoding: {
      ...extentAxes(options.extent, options),
      color: { field: "value", type: "quantitative", scale, legend },
    },
  };
}

function tooltips(named: boolean, value: string): Spec[] {
  return [
    ...(named ? [{ field: "panel", type: "nominal", title: "field" }] : []),
    { field: "least", type: "quantitative", title: `least ${value}`, format: ".4~g" },
    { field: "greatest", type: "quantitative", title: `greatest ${value}`, format: ".4~g" },
  ];
}
