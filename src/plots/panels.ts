import { distinct } from "./series-style.js";
import type { LegendPlace } from "./series-style.js";
import type { Spec } from "./spec.js";

/** How panels stand beside each other. */
export interface PanelOptions {
  /** Panels beside each other before a new row starts; 3 unless told. */
  readonly columns?: number;
  /** Panels with axes of their own each. */
  readonly independentAxes?: boolean;
}

/** Names of panels in the order of their first appearance; none where nothing names a panel. */
export function panelNames(things: readonly { readonly panel?: string }[]): string[] {
  return distinct(things.flatMap(({ panel }) => (panel === undefined ? [] : [panel])));
}

/** Pixels of a panel: up to five in a row, with axes and the legend below, fit the 800 that JupyterLab leaves on a small screen. */
export function panelWidth(count: number, columns = 3): number {
  const across = Math.min(count, columns);
  if (across > 2) return Math.floor(800 / across) - 79;
  return count > 1 ? 240 : 420;
}

/** The legend of panels: below where three of them stand beside each other, unless told; as wide as all in a row. */
export function panelLegend(
  panels: readonly string[],
  width: number,
  { legendAt, columns = 3 }: { readonly legendAt?: "right" | "bottom"; readonly columns?: number },
): Required<LegendPlace> {
  const across = Math.max(1, Math.min(columns, panels.length));
  return { at: legendAt ?? (across > 2 ? "bottom" : "right"), room: across * width };
}

/** One view, or one for each panel: every panel has ticks of its own. */
export function inPanels(
  head: Spec,
  view: Spec,
  panels: readonly string[],
  { columns = 3, independentAxes = false }: PanelOptions = {},
): Spec {
  if (panels.length === 0) return { ...head, ...view };
  return {
    ...head,
    facet: {
      field: "panel",
      type: "nominal",
      sort: panels,
      title: null,
      header: { labelFontSize: 13 },
    },
    columns: Math.min(columns, panels.length),
    spec: view,
    resolve: independentAxes
      ? { scale: { x: "independent", y: "independent" }, axis: { x: "independent", y: "independent" } }
      : { axis: { x: "independent", y: "independent" } },
  };
}
