import { ArgumentError } from "../core/errors.js";
import { checkColumns, checkPositiveColumn, filled, shorten } from "./column.js";
import type { Column } from "./column.js";
import { frameOf, framed } from "./frames.js";
import type { Frames } from "./frames.js";
import { guideLayers, guideRows } from "./guides.js";
import type { Guide } from "./guides.js";
import { inPanels, panelLegend, panelNames, panelWidth } from "./panels.js";
import type { PanelOptions } from "./panels.js";
import { legendFilter, seriesChannels } from "./series-style.js";
import type { LegendPlace, SeriesName } from "./series-style.js";
import type { Spec } from "./spec.js";

/** One curve: y against x, in a panel of its own if it names one. */
export interface LineSeries extends SeriesName {
  readonly x: Column;
  readonly y: Column;
  /** Lower and upper ends of a band about the curve, such as the range over seeds. */
  readonly low?: Column;
  readonly high?: Column;
  readonly panel?: string;
  /** The slider's frame in which it is drawn, from 0; in all of them unless told. */
  readonly frame?: number;
}

/** Options of {@link lines}. Titles carry the units. */
export interface LinesOptions extends PanelOptions {
  readonly title?: string;
  readonly x: string;
  readonly y: string;
  /** Title of the legend; `null` hides it. */
  readonly legend?: string | null;
  /** Where the legend stands; at the right unless told, below three panels in a row. */
  readonly legendAt?: "right" | "bottom";
  readonly logX?: boolean;
  readonly logY?: boolean;
  readonly xDomain?: readonly [number, number];
  readonly yDomain?: readonly [number, number];
  /** Dots at the values, for a curve of a few measured points. */
  readonly points?: boolean;
  /** Levels that the curves are held against, such as a floor or the talk's number. */
  readonly guides?: readonly Guide[];
  /** A slider over moments. */
  readonly frames?: Frames;
  readonly width?: number;
  readonly height?: number;
  readonly description?: string;
}

/**
 * Curves, in panels beside each other where the series name them; exact answers dashed in ink, spreads as bands.
 * @throws ArgumentError for columns of unequal length, no series, values that are not finite or not positive on a log axis
 */
export function lines(series: readonly LineSeries[], options: LinesOptions): Spec {
  if (series.length === 0) throw new ArgumentError("series", series, "at least one curve");
  const { title, description, guides = [], frames } = options;
  const panels = panelNames(series);
  const columns = ["x", "y", ...(hasBands(series) ? ["low", "high"] : [])];
  const width = options.width ?? panelWidth(panels.length, options.columns);
  const place = panelLegend(panels, width, options);
  const view = {
    width,
    height: options.height ?? 240,
    layer: [
      ...bandLayer(series, options, place),
      ...guideLayers(guides, options),
      lineLayer(series, options, place),
    ],
  };
  const head = {
    ...framed(title, frames, [{ flatten: columns }]),
    description: description ?? title ?? `${options.y} against ${options.x}`,
    data: {
      values: filled(
        [...series.map((each, i) => row(each, i, options)), ...guideRows(guides, panels)],
        columns,
      ),
    },
  };
  return inPanels(head, view, panels, options);
}

function lineLayer(series: readonly LineSeries[], options: LinesOptions, place: LegendPlace): Spec {
  const { legend = "" } = options;
  return {
    transform: [{ filter: "datum.kind === 'curve'" }],
    mark: {
      type: "line",
      interpolate: "linear",
      clip: true,
      point: options.points === true ? { size: 45 } : false,
    },
    params: [legendFilter],
    encoding: {
      ...position(options),
      ...seriesChannels(series, legend, place),
      tooltip: [
        { field: "series", type: "nominal", title: legend === null || legend === "" ? "series" : legend },
        { field: "x", type: "quantitative", title: options.x, format: ".4~g" },
        { field: "y", type: "quantitative", title: options.y, format: ".4~g" },
      ],
    },
  };
}

function bandLayer(series: readonly LineSeries[], options: LinesOptions, place: LegendPlace): Spec[] {
  if (!hasBands(series)) return [];
  const { x, y } = position(options);
  const { color } = seriesChannels(series, options.legend ?? "", place);
  return [
    {
      transform: [{ filter: "isValid(datum.low)" }],
      mark: { type: "area", clip: true },
      encoding: {
        x,
        y: { ...y, field: "low" },
        y2: { field: "high" },
        color,
        opacity: { condition: { param: "shown", value: 0.2 }, value: 0.02 },
      },
    },
  ];
}

function hasBands(series: readonly LineSeries[]): boolean {
  return series.some(({ low }) => low !== undefined);
}

function position(options: LinesOptions): { x: Spec; y: Spec } {
  return {
    x: axis("x", options.x, options.logX, options.xDomain),
    y: axis("y", options.y, options.logY, options.yDomain),
  };
}

function axis(field: "x" | "y", title: string, log = false, domain?: readonly [number, number]): Spec {
  const scale = {
    ...(log ? { type: "log" } : { zero: false }),
    ...(domain === undefined ? { nice: !log || field === "y" } : { domain: [...domain], nice: false }),
  };
  return { field, type: "quantitative", title, scale, axis: log ? { format: "~g", tickCount: 5 } : {} };
}

/** One row a curve, its columns as lists: a third of the size of one row a point. */
function row(each: LineSeries, index: number, { logX, logY, frames }: LinesOptions): Spec {
  const argument = `series[${index}]`;
  const { name, x, y, low, high, panel, frame } = each;
  checkColumns(argument, { x, y, low, high });
  if ((low === undefined) !== (high === undefined))
    throw new ArgumentError(`${argument}.${low ? "high" : "low"}`, undefined, "the other end of the band");
  if (logX === true) checkPositiveColumn(`${argument}.x`, x);
  for (const [column, values] of Object.entries({ y, low, high }))
    if (logY === true && values !== undefined) checkPositiveColumn(`${argument}.${column}`, values);
  return {
    kind: "curve",
    series: name,
    ...(panel === undefined ? {} : { panel }),
    ...frameOf(`${argument}.frame`, frame, frames),
    x: Array.from(x, shorten),
    y: Array.from(y, shorten),
    ...(low && high ? { low: Array.from(low, shorten), high: Array.from(high, shorten) } : {}),
  };
}
