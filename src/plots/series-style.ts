import { categorical, colours } from "./theme.js";
import type { Spec } from "./spec.js";

/** What a figure says of one series: its name in the legend, and whether it is the exact answer the others are held to. */
export interface SeriesName {
  readonly name: string;
  /** Drawn in ink and dashed: the exact answer, or the bound, that the coloured series are compared with. */
  readonly reference?: boolean;
}

/** Distinct names in the order of their first appearance. */
export function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** Where a legend stands. */
export interface LegendPlace {
  readonly at?: "right" | "bottom";
  /** Pixels that it may take below the figure; 420 unless told. */
  readonly room?: number;
}

/** Colour and dash channels for named series; the legend filters, and series that are filtered out fade. */
export function seriesChannels(
  series: readonly SeriesName[],
  legend: string | null,
  { at = "right", room = 420 }: LegendPlace = {},
  symbol: "stroke" | "circle" | "square" = "stroke",
): Record<string, Spec> {
  const names = distinct(series.map((each) => each.name));
  const isReference = (name: string) => series.some((each) => each.name === name && each.reference === true);
  let next = 0;
  const range = names.map((name) =>
    isReference(name) ? colours.ink : categorical[next++ % categorical.length],
  );
  const dash = names.map((name) => (isReference(name) ? [6, 4] : [1, 0]));
  const title =
    legend === null
      ? null
      : {
          title: legend,
          symbolType: symbol,
          symbolOpacity: 1,
          orient: at,
          ...(at === "bottom" ? { columns: legendColumns(names, room) } : {}),
        };
  return {
    color: { field: "series", type: "nominal", scale: { domain: names, range }, legend: title },
    strokeDash: { field: "series", type: "nominal", scale: { domain: names, range: dash }, legend: title },
    opacity: { condition: { param: "shown", value: 1 }, value: 0.12 },
  };
}

/** Columns of a legend: as many as there is room for, of the longest name (7 pixels a letter, 30 for symbol and gap). */
export function legendColumns(names: readonly string[], room: number): number {
  const longest = Math.max(...names.map(({ length }) => length));
  return Math.max(1, Math.min(names.length, Math.floor(room / (7 * longest + 30))));
}

/** A click on the legend keeps one series, shift-click several. */
export const legendFilter: Spec = {
  name: "shown",
  select: { type: "point", fields: ["series"] },
  bind: "legend",
};
