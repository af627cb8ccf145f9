import { distinct } from "./series-style.js";
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

/** Pixels of a panel: three of them with a legend fit a page of JupyterLab and of exported HTML. */
export function panelWidth(count: number): number {
  if (count > 2) return 210;
  return count > 1 ? 250 : 420;
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
