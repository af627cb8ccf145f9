import { legendFilter, seriesChannels } from "./series-style.js";
import type { LegendPlace, SeriesName } from "./series-style.js";
import type { Spec } from "./spec.js";

/** How marks in the plane look. */
export interface PlaneLook {
  readonly legend: string | null;
  readonly place: LegendPlace;
  readonly size: number;
  readonly opacity: number;
  readonly pathWidth: number;
}

/** The layers of the kinds of rows that a figure has, paths under arrows under points; the legend filters all of them. */
export function planeLayers(
  kinds: readonly ("points" | "path" | "arrow")[],
  series: readonly SeriesName[],
  axes: { readonly x: Spec; readonly y: Spec },
  { legend, place, size, opacity, pathWidth }: PlaneLook,
): Spec[] {
  const symbol = kinds.includes("path") ? "stroke" : "circle";
  const { color, strokeDash, ...rest } = seriesChannels(series, legend, place, symbol);
  const faded = (value: number) => ({ ...rest.opacity, condition: { param: "shown", value }, value: 0.04 });
  const tooltip = [
    { field: "series", type: "nominal", title: legend ? legend : "series" },
    { ...axes.x, format: ".4~g", scale: undefined, axis: undefined },
    { ...axes.y, format: ".4~g", scale: undefined, axis: undefined },
  ];
  const layers: Record<(typeof kinds)[number], Spec> = {
    path: {
      mark: { type: "line", strokeWidth: pathWidth, clip: true },
      encoding: {
        ...axes,
        color,
        strokeDash,
        detail: { field: "path", type: "nominal" },
        order: { value: null },
        opacity: faded(1),
      },
    },
    arrow: {
      mark: { type: "point", shape: "arrow", filled: true, clip: true },
      encoding: {
        ...axes,
        color,
        angle: { field: "angle", type: "quantitative", scale: null },
        size: { field: "area", type: "quantitative", scale: null },
        opacity: faded(0.85),
      },
    },
    points: {
      mark: { type: "circle", size, clip: true },
      encoding: { ...axes, color, opacity: faded(opacity), tooltip },
    },
  };
  return (["path", "arrow", "points"] as const)
    .filter((kind) => kinds.includes(kind))
    .map((kind, i) => ({
      transform: [{ filter: `datum.kind === '${kind}'` }],
      ...layers[kind],
      ...(i === 0 ? { params: [legendFilter] } : {}),
    }));
}
