import type { IrNode, Scope } from "../ir/scope.js";
import { countUses } from "./uses.js";

/** Matrix products take the row that is added to their result along: a b + c is one operation. Loops' bodies, too. */
export function addBiases(nodes: readonly IrNode[], scope: Scope, kept: readonly string[]): IrNode[] {
  const uses = countUses(nodes, kept);
  const products = new Map<string, IrNode>();
  const result: IrNode[] = [];
  for (const node of nodes.map((each) => inLoop(each, scope))) {
    const place = node.op === "Add" ? node.inputs.findIndex((name) => products.has(name)) : -1;
    const product = products.get(node.inputs[place]);
    const bias = node.inputs[1 - place];
    if (product !== undefined && isRow(scope, bias, product.outputs[0])) {
      result.splice(result.indexOf(product), 1);
      result.push({ ...product, inputs: [...product.inputs, bias], outputs: node.outputs });
    } else {
      result.push(node);
      const [name] = node.outputs;
      if (node.op === "Gemm" && uses.get(name) === 1) products.set(name, node);
    }
  }
  return result;
}

function inLoop(node: IrNode, scope: Scope): IrNode {
  if (node.body === undefined) return node;
  const kept = node.body.outputs.map(({ name }) => name);
  return { ...node, body: { ...node.body, nodes: addBiases(node.body.nodes, scope, kept) } };
}

/** Whether a value is one row for all rows of a matrix. */
function isRow(scope: Scope, value: string, matrix: string): boolean {
  const [shape, [, columns]] = [scope.shapes.get(value), scope.shapes.get(matrix) as readonly number[]];
  return shape !== undefined && shape.length > 0 && shape.length <= 2 && shape.at(-1) === columns && (shape.length === 1 || shape[0] === 1); // prettier-ignore
}
