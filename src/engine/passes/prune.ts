import type { IrNode } from "../ir/scope.js";

/** The nodes that the kept names depend on, in their order. */
export function prune(nodes: readonly IrNode[], kept: readonly string[]): IrNode[] {
  const needed = new Set(kept);
  const alive: IrNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    alive.push(node);
    for (const name of node.inputs) needed.add(name);
  }
  return alive.reverse();
}
