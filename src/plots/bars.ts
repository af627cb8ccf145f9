import { checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { shorten } from "./column.js";
import { inPanels, panelNames } from "./panels.js";
import { distinct, legendFilter, seriesChannels } from "./series-style.js";
import type { Spec } from "./spec.js";
import { colours } from "./theme.js";

/** A measured number with its spread: one bar of its label's group. */
export interface Bar {
  readonly label: string;
  readonly series: string;
  readonly value: number;
  /** Ends of the error bar, such as the range over seeds. */
  readonly low?: number;
  readonly high?: number;
  readonly panel?: string;
}

/** A number that a bar is held against, such as its floor or the talk's. */
export interface BarMark {
  /** What it is, for the legend: marks of a name have one shape. */
  readonly name: string;
  readonly label: string;
  /** The bar's series; at every bar of the label unless told. */
  readonly series?: string;
  readonly value: number;
  readonly panel?: string;
}

/** Options of {@link bars}. Titles carry the units. */
export interface BarsOptions {
  readonly title?: string;
  readonly y: string;
  /** Title of the label axis. */
  readonly x?: string;
  readonly legend?: string | null;
  readonly legendAt?: "right" | "bottom";
  readonly marks?: readonly BarMark[];
  /** A logarithmic axis has no zero to stand on: numbers are drawn as dots. */
  readonly logY?: boolean;
  readonly yDomain?: readonly [number, number];
  readonly columns?: number;
  /** Pixels a bar takes; 32 unless told. */
  readonly step?: number;
  readonly height?: number;
  readonly description?: string;
}

/** Shapes of the marks' names, in order of appearance. */
const SHAPES = ["diamond", "stroke", "triangle-up", "cross", "square"];

/**
 * Bars in groups, with error bars, and marks for what they are held against.
 * @throws ArgumentError for no bars, numbers that are not finite (not positive on a logarithmic axis), low > value or value > high,
 * or a mark at no bar
 */
export function bars(values: readonly Bar[], options: BarsOptions): Spec {
  if (values.length === 0) throw new ArgumentError("bars", values, "at least one bar");
  const { title, y, x = null, marks = [], step = 32, height = 240, description } = options;
  const names = distinct(values.map((each) => each.series));
  const longest = Math.max(...values.map((each) => each.label.length));
  const panels = panelNames(values);
  const rows = [
    ...values.map((each, i) => barRow(each, i, options)),
    ...marks.flatMap((each, i) => markRows(each, i, values, options)),
  ];
  const place = {
    x: {
      field: "label",
      type: "nominal",
      title: x,
      sort: distinct(values.map((each) => each.label)),
      axis: { labelAngle: longest * 7 > names.length * step ? -40 : 0, grid: false },
    },
    offset: { field: "series", type: "nominal", sort: names, scale: { domain: names } },
  };
  const view = {
    width: { step },
    height,
    layer: [
      ...barLayers(names, place, options),
      ...errorLayer(values, names, place, options),
      ...markLayer(marks, place, options),
    ],
  };
  const head = {
    ...(title === undefined ? {} : { title }),
    description: description ?? title ?? y,
    data: { values: rows },
  };
  return inPanels(head, view, panels, { columns: options.columns });
}

interface Place {
  readonly x: Spec;
  readonly offset: Spec;
}

function barChannels(names: readonly string[], { legend = "", legendAt }: BarsOptions): Record<string, Spec> {
  return seriesChannels(
    names.map((name) => ({ name })),
    legend,
    { at: legendAt },
    "square",
  );
}

function barLayers(names: readonly string[], { x, offset }: Place, options: BarsOptions): Spec[] {
  const { legend = "", logY = false } = options;
  const channels = barChannels(names, options);
  const at = { x, xOffset: offset, y: valueAxis(options), color: channels.color, opacity: channels.opacity };
  const number = (field: string) => ({ field, type: "quantitative", format: ".4~g" });
  return [
    {
      transform: [{ filter: "datum.kind === 'bar'" }],
      params: [legendFilter],
      mark: logY ? { type: "point", size: 80 } : { type: "bar", width: { band: 0.86 }, cornerRadiusEnd: 2 },
      encoding: {
        ...at,
        tooltip: [
          { field: "label", type: "nominal" },
          { field: "series", type: "nominal", title: legend ? legend : "series" },
          { ...number("value"), title: options.y },
          number("low"),
          number("high"),
        ],
      },
    },
  ];
}

/** Whiskers; without any there is no layer, whose empty range a logarithmic axis would refuse. */
function errorLayer(
  values: readonly Bar[],
  names: readonly string[],
  { x, offset }: Place,
  options: BarsOptions,
): Spec[] {
  if (values.every(({ low, high }) => low === undefined && high === undefined)) return [];
  return [
    {
      transform: [{ filter: "datum.kind === 'bar' && isValid(datum.low)" }],
      mark: { type: "rule", strokeWidth: 1.5 },
      encoding: {
        x,
        xOffset: offset,
        y: { ...valueAxis(options), field: "low" },
        y2: { field: "high" },
        opacity: barChannels(names, options).opacity,
      },
    },
  ];
}

function markLayer(marks: readonly BarMark[], { x, offset }: Place, options: BarsOptions): Spec[] {
  if (marks.length === 0) return [];
  const names = distinct(marks.map((mark) => mark.name));
  const range = names.map((_, i) => SHAPES[i % SHAPES.length]);
  const shape = { domain: names, range };
  return [
    {
      transform: [{ filter: "datum.kind === 'mark'" }],
      mark: {
        type: "point",
        size: Math.min(110, (0.8 * (options.step ?? 32)) ** 2),
        filled: false,
        opacity: 1,
        strokeWidth: 2,
        color: colours.ink,
      },
      encoding: {
        x,
        xOffset: offset,
        y: valueAxis(options),
        shape: {
          field: "name",
          type: "nominal",
          scale: shape,
          legend: { title: null, orient: options.legendAt ?? "right" },
        },
        tooltip: [
          { field: "name", type: "nominal" },
          { field: "value", type: "quantitative", format: ".4~g" },
        ],
      },
    },
  ];
}

function valueAxis({ y, logY = false, yDomain }: BarsOptions): Spec {
  const scale = {
    ...(logY ? { type: "log" } : {}),
    ...(yDomain === undefined ? { nice: true } : { domain: [...yDomain], nice: false, clamp: true }),
  };
  return {
    field: "value",
    type: "quantitative",
    title: y,
    scale,
    axis: logY ? { format: "~g", tickCount: 5 } : {},
  };
}

function barRow({ label, series, value, low, high, panel }: Bar, i: number, { logY }: BarsOptions): Spec {
  const argument = `bars[${i}]`;
  const least = logY === true ? { min: Number.MIN_VALUE } : {};
  checkNumber(`${argument}.value`, value, least);
  if (low !== undefined) checkNumber(`${argument}.low`, low, { ...least, max: value });
  if (high !== undefined) checkNumber(`${argument}.high`, high, { min: value });
  const spread =
    low === undefined && high === undefined
      ? {}
      : { low: shorten(low ?? value), high: shorten(high ?? value) };
  return {
    kind: "bar",
    label,
    series,
    ...(panel === undefined ? {} : { panel }),
    value: shorten(value),
    ...spread,
  };
}

/** A mark stands at every bar that its label, series and panel leave: all of a group's, or all panels', where it names none. */
function markRows(mark: BarMark, i: number, values: readonly Bar[], { logY }: BarsOptions): Spec[] {
  const { name, label, series, value, panel } = mark;
  checkNumber(`options.marks[${i}].value`, value, logY === true ? { min: Number.MIN_VALUE } : {});
  const held = values.filter(
    (bar) =>
      bar.label === label &&
      [bar.series, undefined].includes(series) &&
      [bar.panel, undefined].includes(panel),
  );
  if (held.length === 0)
    throw new ArgumentError(`options.marks[${i}]`, mark, "the label, series and panel of a bar");
  return held.map((bar) => ({
    kind: "mark",
    name,
    label,
    series: bar.series,
    ...(bar.panel === undefined ? {} : { panel: bar.panel }),
    value: shorten(value),
  }));
}
