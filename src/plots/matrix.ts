import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { shorten } from "./column.js";
import { distinct } from "./series-style.js";
import type { Spec } from "./spec.js";

/** A square matrix, row by row, in a panel with its name. */
export interface MatrixPanel {
  readonly name: string;
  readonly values: Float64Array;
}

/** Options of {@link matrices}. */
export interface MatricesOptions {
  readonly title?: string;
  /** What rows and columns count, such as "site". */
  readonly index: string;
  /** What an entry is, with its unit. */
  readonly value: string;
  /** Colours around zero, one for each sign, instead of from least to most. */
  readonly diverging?: boolean;
  /** Screen pixels an entry takes; 22 unless told, 18 where three matrices stand beside each other. */
  readonly cell?: number;
  readonly description?: string;
}

/**
 * Square matrices of at most 30 rows beside each other, on one colour scale; entries show on hover.
 * @throws ArgumentError for no panels, a length that is no square, more than 30 rows, values that are not finite
 */
export function matrices(panels: readonly MatrixPanel[], options: MatricesOptions): Spec {
  if (panels.length === 0) throw new ArgumentError("panels", panels, "at least one matrix");
  const { title, index, value, diverging = false, cell = panels.length > 2 ? 18 : 22, description } = options;
  const rows = panels.flatMap((panel, i) => entries(panel, i));
  const size = Math.sqrt(panels[0].values.length);
  const scale = diverging ? { scheme: "purpleorange", domainMid: 0 } : { scheme: "viridis" };
  const site = (field: string) => ({ field, type: "ordinal", title: index, axis: { labelAngle: 0 } });
  return {
    ...(title === undefined ? {} : { title }),
    description: description ?? title ?? value,
    data: { values: rows },
    facet: { field: "panel", type: "nominal", sort: distinct(panels.map((each) => each.name)), title: null },
    columns: 3,
    spec: {
      width: cell * size,
      height: cell * size,
      mark: "rect",
      encoding: {
        x: site("column"),
        y: site("row"),
        color: { field: "value", type: "quantitative", title: value, scale },
        tooltip: [
          { field: "row", type: "ordinal" },
          { field: "column", type: "ordinal" },
          { field: "value", type: "quantitative", title: value, format: ".4~g" },
        ],
      },
    },
    resolve: { axis: { x: "independent", y: "independent" } },
  };
}

function entries({ name, values }: MatrixPanel, panel: number): Spec[] {
  const size = Math.sqrt(values.length);
  checkInteger(`panels[${panel}] rows`, size, { min: 1, max: 30 });
  return Array.from(values, (value, i) => {
    if (!Number.isFinite(value))
      throw new ArgumentError(`panels[${panel}].values[${i}]`, value, "a finite number");
    return { panel: name, row: Math.floor(i / size) + 1, column: (i % size) + 1, value: shorten(value) };
  });
}
