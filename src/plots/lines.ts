import { ArgumentError } from "../core/errors.js";
import { checkColumns, shorten } from "./column.js";
import type { Column } from "./column.js";
import { distinct, legendFilter, seriesChannels } from "./series-style.js";
import type { SeriesName } from "./series-style.js";
import type { Spec } from "./spec.js";

/** One curve: y against x, in a panel of its own if it names one. */
export interface LineSeries extends SeriesName {
  readonly x: Column;
  readonly y: Column;
  readonly panel?: string;
}

/** Options of {@link lines}. Titles carry the units. */
export interface LinesOptions {
  readonly title?: string;
  readonly x: string;
  readonly y: string;
  /** Title of the legend; `null` hides it. */
  readonly legend?: string | null;
  /** Where the legend stands; at the right unless told. */
  readonly legendAt?: "right" | "bottom";
  readonly logX?: boolean;
  readonly logY?: boolean;
  readonly xDomain?: readonly [number, number];
  readonly yDomain?: readonly [number, number];
  /** Dots at the values, for a curve of a few measured points. */
  readonly points?: boolean;
  /** Panels beside each other before a new row starts. */
  readonly columns?: number;
  /** Panels with an axis of their own each. */
  readonly independentAxes?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly description?: string;
}

/**
 * Curves, in panels beside each other where the series name them; exact answers dashed in ink.
 * @throws ArgumentError for columns of unequal length, no series, values that are not finite or not positive on a log axis
 */
export function lines(series: readonly LineSeries[], options: LinesOptions): Spec {
  if (series.length === 0) throw new ArgumentError("series", series, "at least one curve");
  const { title, legend = "", columns = 3, independentAxes = false, description } = options;
  const panels = distinct(series.flatMap((each) => (each.panel === undefined ? [] : [each.panel])));
  const view = {
    width: options.width ?? (panels.length > 1 ? 250 : 420),
    height: options.height ?? 240,
    mark: {
      type: "line",
      interpolate: "linear",
      clip: true,
      point: options.points === true ? { size: 45 } : false,
    },
    params: [legendFilter],
    encoding: {
      x: axis("x", options.x, options.logX, options.xDomain),
      y: axis("y", options.y, options.logY, options.yDomain),
      ...seriesChannels(series, legend, options.legendAt),
      tooltip: [
        { field: "series", type: "nominal", title: legend === null || legend === "" ? "series" : legend },
        { field: "x", type: "quantitative", title: options.x, format: ".4~g" },
        { field: "y", type: "quantitative", title: options.y, format: ".4~g" },
      ],
    },
  };
  const head = {
    ...(title === undefined ? {} : { title }),
    description: description ?? title ?? `${options.y} against ${options.x}`,
    data: { values: series.flatMap((each, i) => rows(each, i, options)) },
  };
  if (panels.length === 0) return { ...head, ...view };
  return {
    ...head,
    facet: { field: "panel", type: "nominal", sort: panels, title: null, header: { labelFontSize: 13 } },
    columns,
    spec: view,
    resolve: independentAxes
      ? { scale: { x: "independent", y: "independent" }, axis: { x: "independent", y: "independent" } }
      : { axis: { x: "independent", y: "independent" } },
  };
}

function axis(field: "x" | "y", title: string, log = false, domain?: readonly [number, number]): Spec {
  const scale = {
    ...(log ? { type: "log" } : { zero: false }),
    ...(domain === undefined ? { nice: !log || field === "y" } : { domain: [...domain], nice: false }),
  };
  return { field, type: "quantitative", title, scale, axis: log ? { format: "~g", tickCount: 5 } : {} };
}

function rows({ name, x, y, panel }: LineSeries, index: number, { logX, logY }: LinesOptions): Spec[] {
  const length = checkColumns(`series[${index}]`, { x, y });
  if (logX === true) checkPositiveColumn(`series[${index}].x`, x);
  if (logY === true) checkPositiveColumn(`series[${index}].y`, y);
  return Array.from({ length }, (_, i) => ({
    series: name,
    x: shorten(x[i]),
    y: shorten(y[i]),
    ...(panel === undefined ? {} : { panel }),
  }));
}

function checkPositiveColumn(argument: string, column: Column): void {
  const bad = column.findIndex((value) => value <= 0);
  if (bad >= 0)
    throw new ArgumentError(`${argument}[${bad}]`, column[bad], "a positive number, for a logarithmic axis");
}
