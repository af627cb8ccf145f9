import { checkInteger, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { histogram } from "../metrics/index.js";
import { checkColumns, shorten } from "./column.js";
import type { Column } from "./column.js";
import { plane } from "./plane.js";
import type { PlanePath } from "./plane.js";
import { colours } from "./theme.js";
import type { Spec } from "./spec.js";

/** A density that a side of the figure is held against. */
export interface SideDensity {
  readonly name: string;
  readonly x: Column;
  readonly y: Column;
}

/** Options of {@link pathDensity}. Titles carry the units. */
export interface PathDensityOptions {
  readonly title?: string;
  /** Times of a path's states, evenly spaced: T + 1 of them. */
  readonly times: Column;
  /** Title of the time axis. */
  readonly x: string;
  /** Title of the state axis. */
  readonly y: string;
  readonly low: number;
  readonly high: number;
  /** Bins of the state; 80 unless told. */
  readonly bins?: number;
  /** Paths drawn one by one; 12 unless told. */
  readonly numShown?: number;
  /** The exact densities at the first and the last time, where known. */
  readonly first?: SideDensity;
  readonly last?: SideDensity;
  readonly width?: number;
  readonly height?: number;
  readonly description?: string;
}

/**
 * The density of paths from the first time to the last, such as from a prior to a target: each time's histogram as one
 * column of an image, scaled to its own maximum, some paths over it, and the first and last marginals at the sides.
 * @param paths n × (T + 1) states, path by path
 * @throws ArgumentError for a ragged array, less than two times, times that are not evenly spaced, or low ≥ high
 */
export function pathDensity(paths: Float64Array, options: PathDensityOptions): Spec {
  const { times, low, high, bins = 80, title, width = 420, height = 240 } = options;
  const numTimes = checkTimes(times);
  const n = checkPoints("paths", paths, numTimes);
  const columns = Array.from({ length: numTimes }, (_, t) => {
    const states = Float64Array.from({ length: n }, (_, i) => paths[i * numTimes + t]);
    return histogram(states, { low, high, bins });
  });
  const image = plane(
    {
      density: [{ values: image2d(columns.map(({ density }) => density)), width: numTimes, height: bins }],
      paths: shownPaths(paths, n, options),
    },
    {
      x: options.x,
      y: options.y,
      extent: { x: [times[0], times[numTimes - 1]], y: [low, high] },
      legend: null,
      pathWidth: 0.8,
      width,
      height,
    },
  );
  const side = (at: number, exact: SideDensity | undefined, left: boolean): Spec =>
    marginal(columns[at], exact, { ...options, height, left });
  return {
    ...(title === undefined ? {} : { title }),
    description: options.description ?? title ?? `paths: ${options.y} against ${options.x}`,
    hconcat: [side(0, options.first, true), image, side(numTimes - 1, options.last, false)],
    spacing: 8,
    resolve: { scale: { color: "independent" } },
  };
}

function checkTimes(times: Column): number {
  checkColumns("options", { times });
  const n = times.length;
  if (n < 2) throw new ArgumentError("options.times", times, "at least two times");
  const step = (times[n - 1] - times[0]) / (n - 1);
  const bad = times.findIndex((t, i) => Math.abs(t - times[0] - i * step) > 1e-6 * Math.abs(step));
  if (bad >= 0 || step <= 0)
    throw new ArgumentError(
      `options.times[${Math.max(bad, 0)}]`,
      times[Math.max(bad, 0)],
      "evenly spaced, rising times",
    );
  return n;
}

/** Columns side by side, each scaled to a maximum of 1. */
function image2d(columns: readonly Float64Array[]): Float64Array {
  const [width, height] = [columns.length, columns[0].length];
  const values = new Float64Array(width * height);
  columns.forEach((column, t) => {
    const most = column.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE);
    for (let row = 0; row < height; row++) values[row * width + t] = column[row] / most;
  });
  return values;
}

function shownPaths(
  paths: Float64Array,
  n: number,
  { times, numShown = 12 }: PathDensityOptions,
): PlanePath[] {
  checkInteger("options.numShown", numShown, { min: 1 });
  const numTimes = times.length;
  return Array.from({ length: Math.min(n, numShown) }, (_, i) => ({
    name: "path",
    x: times,
    y: paths.slice(i * numTimes, (i + 1) * numTimes),
  }));
}

interface SideOptions extends PathDensityOptions {
  readonly left: boolean;
}

/** A marginal on its side: the state runs upwards, the density away from the picture. */
function marginal(
  { centres, density }: { centres: Float64Array; density: Float64Array },
  exact: SideDensity | undefined,
  { low, high, height, left }: SideOptions,
): Spec {
  if (exact !== undefined) checkColumns(`options.${left ? "first" : "last"}`, { x: exact.x, y: exact.y });
  const rows = Array.from(centres, (x, i) => ({ kind: "samples", x: shorten(x), y: shorten(density[i]) }));
  const curve = Array.from(exact?.x ?? [], (x, i) => ({
    kind: exact?.name,
    x: shorten(x),
    y: shorten(exact?.y[i] ?? 0),
  }));
  const state = {
    field: "x",
    type: "quantitative",
    scale: { domain: [low, high], nice: false },
    axis: null,
  };
  const value = { field: "y", type: "quantitative", axis: null, scale: { reverse: left } };
  const tooltip = [
    { field: "kind", type: "nominal", title: "density of" },
    { ...state, title: "state", format: ".4~g", scale: undefined, axis: undefined },
    { field: "y", type: "quantitative", title: "density", format: ".4~g" },
  ];
  return {
    width: 60,
    height,
    data: { values: [...rows, ...curve] },
    layer: [
      {
        transform: [{ filter: "datum.kind === 'samples'" }],
        mark: { type: "area", orient: "horizontal", color: "#6892B0", opacity: 0.6, clip: true },
        encoding: { y: state, x: value, tooltip },
      },
      ...(exact === undefined
        ? []
        : [
            {
              transform: [{ filter: "datum.kind !== 'samples'" }],
              mark: {
                type: "line",
                orient: "horizontal",
                color: colours.ink,
                strokeDash: [6, 4],
                clip: true,
              },
              encoding: { y: state, x: value, order: { field: "x", type: "quantitative" }, tooltip },
            },
          ]),
    ],
  };
}
