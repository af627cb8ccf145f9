import { ArgumentError } from "../core/errors.js";
import { histogram } from "../metrics/index.js";
import { checkColumns, filled, shorten } from "./column.js";
import { frameOf, framed } from "./frames.js";
import type { Frames } from "./frames.js";
import type { LineSeries } from "./lines.js";
import { inPanels, panelLegend, panelNames, panelWidth } from "./panels.js";
import { legendFilter, seriesChannels } from "./series-style.js";
import type { Spec } from "./spec.js";

/** Samples on the line, whose density is drawn in bins. */
export interface HistogramSeries {
  readonly name: string;
  readonly samples: Float64Array;
  readonly panel?: string;
  /** The slider's frame, from 0; all of them unless told. */
  readonly frame?: number;
}

/** Options of {@link histograms}. Titles carry the units. */
export interface HistogramsOptions {
  readonly title?: string;
  readonly x: string;
  /** Title of the density axis; "density" unless told. */
  readonly y?: string;
  readonly low: number;
  readonly high: number;
  /** Bins of equal width; 60 unless told. */
  readonly bins?: number;
  /** Densities that the samples are held against. */
  readonly curves?: readonly LineSeries[];
  readonly legend?: string | null;
  readonly legendAt?: "right" | "bottom";
  readonly frames?: Frames;
  readonly columns?: number;
  readonly width?: number;
  readonly height?: number;
  readonly description?: string;
}

/**
 * Histograms as densities (samples outside [low, high) count in the total), with exact densities as curves.
 * @throws ArgumentError for no samples, low ≥ high, or curves whose columns differ in length
 */
export function histograms(series: readonly HistogramSeries[], options: HistogramsOptions): Spec {
  if (series.length === 0) throw new ArgumentError("series", series, "at least one set of samples");
  const { title, x, y = "density", curves = [], frames, description, legend = "" } = options;
  const panels = panelNames([...series, ...curves]);
  const rows = [
    ...series.map((each, i) => stepsRow(each, i, options)),
    ...curves.map((each, i) => curveRow(each, i, frames)),
  ];
  const width = options.width ?? panelWidth(panels.length, options.columns);
  const { color, strokeDash, opacity } = seriesChannels(
    [...series, ...curves],
    legend,
    panelLegend(panels, width, options),
  );
  const position = {
    x: {
      field: "x",
      type: "quantitative",
      title: x,
      scale: { domain: [options.low, options.high], nice: false },
    },
    y: { field: "y", type: "quantitative", title: y, stack: null },
  };
  const tooltip = [
    { field: "series", type: "nominal", title: legend ? legend : "series" },
    { field: "x", type: "quantitative", title: x, format: ".4~g" },
    { field: "y", type: "quantitative", title: y, format: ".4~g" },
  ];
  const steps = { filter: "datum.kind === 'steps'" };
  const view = {
    width,
    height: options.height ?? 240,
    layer: [
      {
        transform: [steps],
        params: [legendFilter],
        mark: {
          type: "area",
          interpolate: "step",
          clip: true,
          line: { interpolate: "step", strokeWidth: 1.5 },
        },
        encoding: {
          ...position,
          color,
          opacity: { ...opacity, condition: { param: "shown", value: 0.3 } },
          tooltip,
        },
      },
      ...(curves.length === 0
        ? []
        : [
            {
              transform: [{ filter: "datum.kind === 'curve'" }],
              mark: { type: "line", clip: true },
              encoding: { ...position, color, strokeDash, opacity, tooltip },
            },
          ]),
    ],
  };
  const head = {
    ...framed(title, frames, [{ flatten: ["x", "y"] }]),
    description: description ?? title ?? `${y} of ${x}`,
    data: { values: filled(rows, ["x", "y"]) },
  };
  return inPanels(head, view, panels, { columns: options.columns });
}

/** Steps about the middles of the bins, drawn on to the ends of the range. */
function stepsRow(
  { name, samples, panel, frame }: HistogramSeries,
  i: number,
  options: HistogramsOptions,
): Spec {
  const { low, high, bins, frames } = options;
  const { centres, density } = histogram(samples, { low, high, bins });
  const [first, last] = [density[0], density[density.length - 1]];
  return {
    kind: "steps",
    series: name,
    ...(panel === undefined ? {} : { panel }),
    ...frameOf(`series[${i}].frame`, frame, frames),
    x: [low, ...Array.from(centres, shorten), high],
    y: [shorten(first), ...Array.from(density, shorten), shorten(last)],
  };
}

function curveRow({ name, x, y, panel, frame }: LineSeries, i: number, frames: Frames | undefined): Spec {
  checkColumns(`options.curves[${i}]`, { x, y });
  return {
    kind: "curve",
    series: name,
    ...(panel === undefined ? {} : { panel }),
    ...frameOf(`options.curves[${i}].frame`, frame, frames),
    x: Array.from(x, shorten),
    y: Array.from(y, shorten),
  };
}
