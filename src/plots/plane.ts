import { ArgumentError } from "../core/errors.js";
import type { ColourMapName } from "./colour-map.js";
import { checkColumns, filled } from "./column.js";
import type { Column } from "./column.js";
import { frameOf, framed } from "./frames.js";
import type { Frames } from "./frames.js";
import { inPanels, panelLegend, panelNames } from "./panels.js";
import { planeLayers } from "./plane-layers.js";
import { extentAxes, rasterLayer, rasterRow, valueRange } from "./raster.js";
import type { Extent, Grid2d } from "./raster.js";
import type { SeriesName } from "./series-style.js";
import type { Spec } from "./spec.js";

/** Where a thing in the plane is shown. */
interface Place {
  readonly panel?: string;
  /** The slider's frame, from 0; all of them unless told. */
  readonly frame?: number;
}

/** Points, such as samples. */
export interface PlanePoints extends Place, SeriesName {
  readonly x: Column;
  readonly y: Column;
}

/** A curve through points in their order, such as a path, a contour or an {@link ellipse}. */
export type PlanePath = PlanePoints;

/** A vector at each point, such as a score; the longest of a figure takes `options.arrowLength` pixels. */
export interface PlaneArrows extends PlanePoints {
  readonly u: Column;
  readonly v: Column;
}

/** A density behind everything else, filling the figure's extent. */
export type PlaneDensity = Grid2d & Place;

/** What a picture of the plane holds. */
export interface PlaneContent {
  readonly density?: readonly PlaneDensity[];
  readonly points?: readonly PlanePoints[];
  readonly paths?: readonly PlanePath[];
  readonly arrows?: readonly PlaneArrows[];
}

/** Options of {@link plane}. Titles carry the units. */
export interface PlaneOptions {
  readonly title?: string;
  readonly x: string;
  readonly y: string;
  readonly extent: Extent;
  /** Title of the legend; `null` hides it. */
  readonly legend?: string | null;
  readonly legendAt?: "right" | "bottom";
  /** Colours of the density; `mist` unless told. */
  readonly colours?: ColourMapName;
  /** Area of a point in square pixels; 14 unless told. */
  readonly size?: number;
  /** Opacity of points, from 0 to 1; 0.6 unless told. */
  readonly opacity?: number;
  /** Pixels that a path is wide; 1.75 unless told. */
  readonly pathWidth?: number;
  /** Pixels of the longest arrow; 18 unless told. */
  readonly arrowLength?: number;
  readonly frames?: Frames;
  readonly columns?: number;
  readonly width?: number;
  readonly height?: number;
  readonly description?: string;
}

/**
 * The plane: samples, paths, ellipses and arrows over a density, in panels and over time. The density is one image; a
 * figure shows up to 3,000 points at a time.
 * @throws ArgumentError for nothing to draw, columns of unequal length, values that are not finite, or more than 3,000 points in a frame
 */
export function plane(content: PlaneContent, options: PlaneOptions): Spec {
  const { density = [], points = [], paths = [], arrows = [] } = content;
  const things = [...density, ...points, ...paths, ...arrows];
  const series = [...points, ...paths, ...arrows];
  if (series.length === 0)
    throw new ArgumentError(
      "content",
      content,
      "points, paths or arrows (plots.fields draws a density alone)",
    );
  const { title, frames, description, extent, width = 260, height = 260 } = options;
  checkCount(points);
  const panels = panelNames(things);
  const columns = ["x", "y", ...(arrows.length > 0 ? ["angle", "area"] : [])];
  const rows = [
    ...densityRows(density, options),
    ...points.map((each, i) => row("points", `content.points[${i}]`, each, frames)),
    ...paths.map((each, i) => ({ ...row("path", `content.paths[${i}]`, each, frames), path: i })),
    ...arrowRows(arrows, options),
  ];
  const head = {
    ...framed(title, frames, [{ flatten: columns }]),
    description: description ?? title ?? `${options.y} against ${options.x}`,
    data: { values: filled(rows, columns).map(withPlace) },
  };
  const { legend = "", size = 14, opacity = 0.6, pathWidth = 1.75 } = options;
  const kinds = [
    ...(points.length > 0 ? (["points"] as const) : []),
    ...(paths.length > 0 ? (["path"] as const) : []),
    ...(arrows.length > 0 ? (["arrow"] as const) : []),
  ];
  const layer = [
    ...(density.length > 0 ? [rasterLayer(width, height)] : []),
    ...planeLayers(kinds, series, extentAxes(extent, options), {
      legend,
      place: panelLegend(panels, width, options),
      size,
      opacity,
      pathWidth,
    }),
  ];
  return inPanels(head, { width, height, layer }, panels, { columns: options.columns });
}

/** A picture has no place on the axes, but only rows with one entry at least are flattened into rows. */
function withPlace(each: Spec): Spec {
  return each.kind === "raster" ? { ...each, x: [null] } : each;
}

const MAX_POINTS = 3000;

function checkCount(points: readonly PlanePoints[]): void {
  const counts = new Map<number | undefined, number>();
  for (const { frame, x } of points) counts.set(frame, (counts.get(frame) ?? 0) + x.length);
  const always = counts.get(undefined) ?? 0;
  const most = Math.max(0, ...[...counts].map(([frame, n]) => (frame === undefined ? n : n + always)));
  if (most > MAX_POINTS)
    throw new ArgumentError(
      "content.points",
      `${most} points at a time`,
      `at most ${MAX_POINTS}: draw a part, or a density`,
    );
}

function row(kind: string, argument: string, each: PlanePoints, frames: Frames | undefined): Spec {
  const { name, x, y, panel, frame } = each;
  checkColumns(argument, { x, y });
  return {
    kind,
    series: name,
    ...(panel === undefined ? {} : { panel }),
    ...frameOf(`${argument}.frame`, frame, frames),
    x: Array.from(x, coarse),
    y: Array.from(y, coarse),
  };
}

/** Four digits are less than a pixel; with many frames they decide whether a figure fits. */
function coarse(value: number): number {
  return Number(value.toPrecision(4));
}

function densityRows(density: readonly PlaneDensity[], { colours = "mist", frames }: PlaneOptions): Spec[] {
  const [, high] = valueRange(density.map((each) => each.values));
  return density.map((each, i) => ({
    ...rasterRow(`content.density[${i}]`, each, { colours, low: 0, high }),
    ...(each.panel === undefined ? {} : { panel: each.panel }),
    ...frameOf(`content.density[${i}].frame`, each.frame, frames),
  }));
}

/** Directions on the screen, clockwise from upwards; the longest arrow takes `arrowLength` pixels. */
function arrowRows(arrows: readonly PlaneArrows[], options: PlaneOptions): Spec[] {
  const { extent, frames, width = 260, height = 260, arrowLength = 18 } = options;
  const right = width / (extent.x[1] - extent.x[0]);
  const up = height / (extent.y[1] - extent.y[0]);
  const lengths = arrows.map(({ x, u, v }, i) => {
    checkColumns(`content.arrows[${i}]`, { x, u, v });
    return Array.from(u, (each, j) => Math.hypot(each * right, v[j] * up));
  });
  const longest = Math.max(Number.MIN_VALUE, ...lengths.flat());
  return arrows.map((each, i) => ({
    ...row("arrow", `content.arrows[${i}]`, each, frames),
    angle: Array.from(each.u, (u, j) => coarse((180 / Math.PI) * Math.atan2(u * right, each.v[j] * up))),
    area: lengths[i].map((length) => coarse(((arrowLength * length) / longest) ** 2)),
  }));
}
