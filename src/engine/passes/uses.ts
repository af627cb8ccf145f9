import type { IrNode } from "../ir/scope.js";
import { readNames } from "./prune.js";

/** How often each name is read: by nodes, by the loops inside of them, and as a result. */
export function countUses(nodes: readonly IrNode[], kept: readonly string[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const name of [...nodes.flatMap(readNames), ...kept]) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}
