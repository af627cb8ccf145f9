import { ArgumentError } from "../core/errors.js";
import { checkNumber } from "../core/checks.js";
import { shorten } from "./column.js";
import { distinct, seriesChannels } from "./series-style.js";
import type { Spec } from "./spec.js";

/** A measured mean with its spread, in a row and, where given, a panel. */
export interface Interval {
  readonly label: string;
  readonly series: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly panel?: string;
}

/** A level that the measurements are held against, drawn as a dashed rule across its panel. */
export interface Level {
  readonly name: string;
  readonly value: number;
  readonly panel?: string;
}

/** Options of {@link intervals}. */
export interface IntervalsOptions {
  readonly title?: string;
  /** Title of the value axis, with units. */
  readonly x: string;
  readonly levels?: readonly Level[];
  readonly width?: number;
  readonly description?: string;
}

/**
 * Means with spreads as dots with bars, one row a label, beside the levels they are compared with.
 * @throws ArgumentError for no intervals, numbers that are not finite, or low > mean or mean > high
 */
export function intervals(values: readonly Interval[], options: IntervalsOptions): Spec {
  if (values.length === 0) throw new ArgumentError("values", values, "at least one interval");
  values.forEach(checkInterval);
  const { title, x, levels = [], width = 300, description } = options;
  const panels = distinct(values.map((each) => each.panel ?? ""));
  const position = { type: "quantitative", title: x, scale: { zero: false, nice: true } };
  const row = {
    field: "label",
    type: "nominal",
    title: null,
    sort: distinct(values.map((each) => each.label)),
  };
  const marks = levels.flatMap((level) => levelRows(level, panels, levels));
  const data = [...values.map(intervalRow), ...marks];
  const { color } = seriesChannels(
    values.map((each) => ({ name: each.series })),
    values.every((each) => each.series === each.label) ? null : "",
  );
  const dots = { filter: "datum.kind === 'interval'" };
  const rules = { filter: "datum.kind === 'level'" };
  const spec = {
    width,
    height: { step: 30 },
    layer: [
      {
        transform: [rules],
        mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 1.5 },
        encoding: { x: { field: "value", ...position }, tooltip: tooltip(["name", "value"]) },
      },
      ...distinct(marks.map((mark) => mark.side as string)).map((side) => levelNames(side, position)),
      {
        transform: [dots],
        mark: { type: "rule", strokeWidth: 2.5 },
        encoding: { x: { field: "low", ...position }, x2: { field: "high" }, y: row, color },
      },
      {
        transform: [dots],
        mark: { type: "point", size: 90 },
        encoding: {
          x: { field: "value", ...position },
          y: row,
          color,
          tooltip: tooltip(["label", "value", "low", "high"]),
        },
      },
    ],
  };
  return {
    ...(title === undefined ? {} : { title }),
    description: description ?? title ?? x,
    data: { values: data },
    facet: {
      field: "panel",
      type: "nominal",
      sort: panels,
      title: null,
      header: { labelFontSize: 13, labelPadding: 22 },
    },
    columns: 1,
    spec,
    resolve: { axis: { x: "independent" } },
  };
}

/** Names above the rules: the least level's to its left, the others' to their right, so that two close levels keep apart. */
function levelNames(side: string, position: Spec): Spec {
  const sign = side === "left" ? -1 : 1;
  return {
    transform: [{ filter: `datum.kind === 'level' && datum.side === '${side}'` }],
    mark: {
      type: "text",
      align: side === "left" ? "right" : "left",
      baseline: "bottom",
      dx: 3 * sign,
      dy: -2,
      fontSize: 12,
    },
    encoding: { x: { field: "value", ...position }, y: { value: 0 }, text: { field: "name" } },
  };
}

function tooltip(fields: readonly string[]): Spec[] {
  return fields.map((field) =>
    field === "label" || field === "name"
      ? { field, type: "nominal" }
      : { field, type: "quantitative", format: ".4~g" },
  );
}

function checkInterval({ mean, low, high }: Interval, i: number): void {
  checkNumber(`values[${i}].mean`, mean);
  checkNumber(`values[${i}].low`, low, { max: mean });
  checkNumber(`values[${i}].high`, high, { min: mean });
}

function intervalRow({ label, series, mean, low, high, panel = "" }: Interval): Spec {
  return {
    kind: "interval",
    label,
    series,
    panel,
    value: shorten(mean),
    low: shorten(low),
    high: shorten(high),
  };
}

function levelRows(
  { name, value, panel }: Level,
  panels: readonly string[],
  levels: readonly Level[],
): Spec[] {
  checkNumber(`levels.${name}`, value);
  return (panel === undefined ? panels : [panel]).map((each) => {
    const here = levels.filter((level) => (level.panel ?? each) === each);
    const side = here.length > 1 && here.every((level) => level.value >= value) ? "left" : "right";
    return { kind: "level", name, side, panel: each, value: shorten(value) };
  });
}
