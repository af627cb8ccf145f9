import type { Graph, GraphNode } from "../../onnx/graph.js";
import type { IrNode, Scope } from "../ir/scope.js";
import type { TensorSpec } from "../program.js";
import { addBiases } from "./biases.js";
import { pushFactors } from "./factors.js";
import { prune, readNames } from "./prune.js";

/**
 * The finished graph of a program: biases and factors taken along by products, what nothing uses left out, outputs named.
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
  const biased = addBiases(prune([...scope.nodes, ...copies], kept), scope, kept);
  const nodes = prune(pushFactors(biased, scope, kept), kept);
  const used = new Set(nodes.flatMap(readNames));
  const graph: Graph = {
    name: "program",
    nodes: nodes.map(toGraphNode),
    inputs: scope.inputs.map(toValueInfo),
    outputs: outputs.map(toValueInfo),
    initializers: scope.constants.filter(({ name }) => used.has(name)),
  };
  return { graph, outputs };
}

function toValueInfo({ name, type, shape }: TensorSpec): TensorSpec {
  return { name, type, shape };
}

function toGraphNode({ op, inputs, outputs, attributes, body }: IrNode): GraphNode {
  if (body === undefined) return { op, inputs, outputs, attributes };
  const graph: Graph = {
    name: "body",
    nodes: body.nodes.map(toGraphNode),
    inputs: body.inputs.map(toValueInfo),
    outputs: body.outputs.map(toValueInfo),
    initializers: [],
  };
  const direction = Number(body.reverse);
  const scanned = body.inputs.slice(body.numCarried).map(() => direction);
  const stacked = body.outputs.slice(body.numCarried).map(() => direction);
  return {
    op,
    inputs,
    outputs,
    attributes: {
      body: { graph },
      num_scan_inputs: scanned.length,
      scan_input_directions: scanned,
      ...(stacked.length > 0 ? { scan_output_directions: stacked } : {}),
    },
  };
}
