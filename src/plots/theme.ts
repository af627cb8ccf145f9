import { checkSpec, SCHEMA } from "./spec.js";
import type { Spec } from "./spec.js";

/** Okabe and Ito's eight colours (2008): told apart under the common forms of colour blindness. */
export const colours = {
  blue: "#0072B2",
  vermillion: "#D55E00",
  green: "#009E73",
  orange: "#E69F00",
  purple: "#CC79A7",
  sky: "#56B4E9",
  yellow: "#F0E442",
  ink: "#1A1A1A",
} as const;

/** Order in which series take colours. Yellow comes last: it is faint on white. Ink is kept for exact references. */
export const categorical: readonly string[] = [
  colours.blue,
  colours.vermillion,
  colours.green,
  colours.orange,
  colours.purple,
  colours.sky,
  colours.yellow,
];

const FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";
const QUIET = "#8A8A8A";

/**
 * The look of every figure. Colours and text are drawn on a white card, so a figure reads the same on a light and on a
 * dark page; text is 12 px or more; the grid stays behind the data.
 */
export const theme: Spec = {
  background: "white",
  padding: 12,
  font: FONT,
  axis: {
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    titlePadding: 8,
    labelColor: "#333333",
    titleColor: colours.ink,
    gridColor: "#EBEBEB",
    domainColor: QUIET,
    tickColor: QUIET,
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    labelColor: "#333333",
    titleColor: colours.ink,
    labelLimit: 320,
    titleLimit: 320,
    symbolStrokeWidth: 2.5,
  },
  header: { labelFontSize: 13, titleFontSize: 13, labelColor: colours.ink, titleColor: colours.ink },
  title: {
    fontSize: 15,
    fontWeight: 600,
    subtitleFontSize: 13,
    anchor: "start",
    color: colours.ink,
    subtitleColor: "#444444",
    offset: 10,
  },
  text: { fontSize: 12, color: colours.ink },
  range: { category: categorical, ramp: { scheme: "viridis" }, heatmap: { scheme: "viridis" } },
  line: { strokeWidth: 2 },
  rule: { color: colours.ink },
  bar: { color: colours.blue },
  point: { filled: true, size: 40, color: colours.blue },
  // One description names the whole figure; a label on each of 3,000 marks only makes the file three times as large.
  mark: { aria: false, color: colours.blue },
  view: { stroke: null, continuousWidth: 420, continuousHeight: 260 },
};

/** The specification with the schema and the theme added; what it sets itself wins. @throws ArgumentError */
export function themed(spec: Spec): Spec {
  checkSpec("spec", spec);
  return { $schema: SCHEMA, ...spec, config: merge(theme, (spec.config ?? {}) as Spec) };
}

function merge(base: Spec, over: Spec): Spec {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    merged[key] = isRecord(value) && isRecord(base[key]) ? merge(base[key], value) : value;
  }
  return merged;
}

function isRecord(value: unknown): value is Spec {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
