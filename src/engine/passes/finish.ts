import type { Graph, GraphNode } from "../../onnx/graph.js";
import type { IrNode, Scope } from "../ir/scope.js";
import type { TensorSpec } from "../program.js";
import { pushFactors } from "./factors.js";
import { prune } from "./prune.js";

/**
 * The finished graph of a program: factors moved into weights, what nothing uses left out, outputs named.
 * @param results values to return; one that is an input, a constant or returned twice gets a copy under its own name
 */
export function finish(
  scope: Scope,
  results: readonly TensorSpec[],
): { readonly graph: Graph; readonly outputs: readonly TensorSpec[] } {
  const names = new Set<string>();
  const copies: IrNode[] = [];
  const computed = new Set(scope.nodes.flatMap((node) => node.outputs));
  const outputs = results.map((result, i) => {
    if (computed.has(result.name) && !names.has(result.name)) {
      names.add(result.name);
      return result;
    }
    const name = `out${i}`;
    copies.push({ op: "Identity", inputs: [result.name], outputs: [name], attributes: {} });
    return { ...result, name };
  });
  const kept = outputs.map((output) => output.name);
  const nodes = prune(pushFactors(prune([...scope.nodes, ...copies], kept), scope, kept), kept);
  const used = usedNames(nodes);
  const graph: Graph = {
    name: "program",
    nodes: nodes.map(toGraphNode),
    inputs: scope.inputs.map(({ name, type, shape }) => ({ name, type, shape })),
    outputs: outputs.map(({ name, type, shape }) => ({ name, type, shape })),
    initializers: scope.constants.filter(({ name }) => used.has(name)),
  };
  return { graph, outputs: graph.outputs as readonly TensorSpec[] };
}

function usedNames(nodes: readonly IrNode[]): Set<string> {
  const used = new Set<string>();
  for (const node of nodes) {
    node.inputs.forEach((name) => used.add(name));
    if (node.body !== undefined) usedNames(node.body.scope.nodes).forEach((name) => used.add(name));
    node.body?.outputs.forEach(({ name }) => used.add(name));
  }
  return used;
}

function toGraphNode(node: IrNode): GraphNode {
  const { op, inputs, outputs, attributes } = node;
  return { op, inputs, outputs, attributes };
}
