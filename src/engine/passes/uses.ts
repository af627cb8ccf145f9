import type { IrNode } from "../ir/scope.js";

/** How often each name is read, by nodes, by the loops inside of them, and as a result. */
export function countUses(nodes: readonly IrNode[], kept: readonly string[]): Map<string, number> {
  const uses = new Map<string, number>();
  const note = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1);
  const visit = (list: readonly IrNode[]): void => {
    for (const node of list) {
      node.inputs.forEach(note);
      if (node.body === undefined) continue;
      visit(node.body.scope.nodes);
      node.body.outputs.forEach(({ name }) => note(name));
    }
  };
  visit(nodes);
  kept.forEach(note);
  return uses;
}
