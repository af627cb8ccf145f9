import { checkNumber } from "../core/checks.js";
import { shorten } from "./column.js";
import type { Spec } from "./spec.js";

/** A named level across a panel, such as a floor, a bound or the talk's number. */
export interface Guide {
  readonly name: string;
  readonly value: number;
  /** The axis whose value it marks; `y`, a horizontal rule, unless told. */
  readonly axis?: "x" | "y";
  /** The panel it belongs to; all of them unless told. */
  readonly panel?: string;
}

/** The rows of guides, one a panel that shows it, with their columns as lists. @throws ArgumentError for a value that is not finite */
export function guideRows(guides: readonly Guide[], panels: readonly string[]): Spec[] {
  return guides.flatMap(({ name, value, axis = "y", panel }, i) => {
    checkNumber(`guides[${i}].value`, value);
    const shared = { kind: `guide-${axis}`, name, [axis]: [shorten(value)] };
    const shownIn = panel === undefined ? panels : [panel];
    return panels.length === 0 ? [shared] : shownIn.map((each) => ({ ...shared, panel: each }));
  });
}

/** Dotted rules with their names at the end, behind the curves. */
export function guideLayers(
  guides: readonly Guide[],
  titles: { readonly x: string; readonly y: string },
): Spec[] {
  return (["x", "y"] as const).flatMap((axis) => {
    if (!guides.some((guide) => (guide.axis ?? "y") === axis)) return [];
    const at = { field: axis, type: "quantitative", title: titles[axis] };
    const across = axis === "y" ? { x: { value: "width" } } : { y: { value: 0 } };
    const transform = [{ filter: `datum.kind === 'guide-${axis}'` }];
    const look =
      axis === "y"
        ? { align: "right", baseline: "bottom", dx: -2, dy: -2 }
        : { align: "left", baseline: "top", dx: 4, dy: 2 };
    return [
      {
        transform,
        mark: { type: "rule", strokeDash: [2, 3], strokeWidth: 1.5 },
        encoding: {
          [axis]: at,
          tooltip: [
            { field: "name", type: "nominal" },
            { field: axis, type: "quantitative", title: "value", format: ".4~g" },
          ],
        },
      },
      {
        transform,
        mark: { type: "text", fontSize: 12, ...look },
        encoding: { [axis]: at, ...across, text: { field: "name", type: "nominal" } },
      },
    ];
  });
}
