import { ArgumentError } from "../core/errors.js";
import { layered, type Placed } from "./layered.js";
import { distinct, legendColumns } from "./series-style.js";
import type { Spec } from "./spec.js";
import { categorical } from "./theme.js";

/** A node of a graph, and the names of those that it depends on. */
export interface GraphNode {
  readonly name: string;
  /** What stands beside it. */
  readonly label: string;
  /** What its colour says. */
  readonly kind: string;
  readonly from: readonly string[];
}

/** Options of {@link graph}. */
export interface GraphOptions {
  readonly title?: string;
  /** Title of the legend. */
  readonly legend?: string;
  /** Pixels between rows and between columns; 24 and 58 unless told. */
  readonly rowStep?: number;
  readonly columnStep?: number;
  readonly description?: string;
}

/**
 * A graph without cycles from top to bottom: every node stands below all that it depends on.
 * @throws ArgumentError for no nodes, a name used twice, or a dependence on a node that is not there or comes later
 */
export function graph(nodes: readonly GraphNode[], options: GraphOptions = {}): Spec {
  if (nodes.length === 0) throw new ArgumentError("nodes", nodes, "at least one node");
  checkOrder(nodes);
  const { title, legend = "operation", rowStep = 24, columnStep = 58, description } = options;
  const edges = nodes.flatMap(({ name, from }) => distinct(from).map((other) => [other, name] as const));
  const room = new Map(nodes.map(({ name, label }) => [name, labelRoom(label, columnStep)]));
  const { nodes: places, routes } = layered(nodes.map(({ name }) => name), edges, room); // prettier-ignore
  const all = routes.flat().concat(places);
  const left = Math.min(...all.map(({ column }) => column)) - 0.2;
  const right = Math.max(...all.map(({ name, column }) => column + (room.get(name) ?? 0.2)));
  const last = Math.max(...places.map(({ row }) => row));
  const kinds = distinct(nodes.map(({ kind }) => kind));
  const x = {
    field: "x",
    type: "quantitative",
    axis: null,
    scale: { domain: [left, right], nice: false },
  };
  const y = {
    field: "y",
    type: "quantitative",
    axis: null,
    scale: { domain: [last + 0.5, -0.5], nice: false },
  };
  const color = {
    field: "kind",
    type: "nominal",
    title: legend,
    legend: { orient: "bottom", columns: legendColumns(kinds, columnStep * (right - left)) },
    scale: { domain: kinds, range: kinds.map((_, i) => categorical[i % categorical.length]) },
  };
  return {
    ...(title === undefined ? {} : { title }),
    description: description ?? title ?? `a graph of ${nodes.length} nodes`,
    width: Math.ceil(columnStep * (right - left)),
    height: rowStep * (last + 1),
    layer: [
      {
        data: { values: routes.flatMap(routeRows) },
        mark: { type: "line", strokeWidth: 1, color: "#B0B0B0", interpolate: "linear" },
        encoding: {
          x,
          y,
          detail: { field: "route", type: "nominal" },
          order: { field: "step", type: "quantitative" },
        },
      },
      {
        data: {
          values: nodes.map(({ label, kind }, i) => ({ label, kind, x: places[i].column, y: places[i].row })),
        },
        encoding: { x, y },
        layer: [
          {
            mark: { type: "point", size: 90, opacity: 1 },
            encoding: { color, tooltip: { field: "label", type: "nominal" } },
          },
          {
            mark: { type: "text", align: "left", dx: 8, fontSize: 12 },
            encoding: { text: { field: "label", type: "nominal" } },
          },
        ],
      },
    ],
  };
}

/** Columns from a node's middle to behind its label: 8 pixels to the text, 8 a letter, 8 to what comes next. */
function labelRoom(label: string, columnStep: number): number {
  return (16 + 8 * label.length) / columnStep;
}

function routeRows(route: readonly Placed[], index: number): Spec[] {
  return route.map(({ row, column }, step) => ({ route: index, step, x: column, y: row }));
}

function checkOrder(nodes: readonly GraphNode[]): void {
  const known = new Set<string>();
  nodes.forEach(({ name, from }, i) => {
    if (known.has(name)) throw new ArgumentError(`nodes[${i}].name`, name, "every name once");
    const missing = from.find((other) => !known.has(other));
    if (missing !== undefined)
      throw new ArgumentError(`nodes[${i}].from`, missing, "names of nodes before it");
    known.add(name);
  });
}
