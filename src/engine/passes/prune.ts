import type { IrNode, ScanBody } from "../ir/scope.js";

/** The nodes that the kept names depend on, in their order; loops lose what nobody reads, step by step. */
export function prune(nodes: readonly IrNode[], kept: readonly string[]): IrNode[] {
  const needed = new Set(kept);
  const alive: IrNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    const reduced = node.body === undefined ? node : pruneLoop(node, node.body, needed);
    alive.push(reduced);
    for (const name of readNames(reduced)) needed.add(name);
  }
  return alive.reverse();
}

/** Names that a node reads, its loop's body included. */
export function readNames(node: IrNode): string[] {
  if (node.body === undefined) return [...node.inputs];
  return [...node.inputs, ...bodyReads(node.body.nodes), ...node.body.outputs.map(({ name }) => name)];
}

function bodyReads(nodes: readonly IrNode[]): string[] {
  return nodes.flatMap(readNames);
}

/**
 * A carried value is needed where its last value is, or where a needed output of a step depends on it: found by
 * repetition, as needing one may need others.
 */
function pruneLoop(node: IrNode, body: ScanBody, needed: ReadonlySet<string>): IrNode {
  const isCarried = (place: number): boolean => place < body.numCarried;
  const alive = node.outputs.map((name) => needed.has(name));
  let nodes: IrNode[] = [];
  let reads = new Set<string>();
  for (let grown = true; grown;) {
    const outputs = body.outputs.filter((_, place) => alive[place]).map(({ name }) => name);
    nodes = prune(body.nodes, outputs);
    reads = new Set([...bodyReads(nodes), ...outputs]);
    grown = false;
    body.inputs.forEach(({ name }, place) => {
      if (isCarried(place) && !alive[place] && reads.has(name)) grown = alive[place] = true;
    });
  }
  const scanned = body.inputs.map(({ name }, place) => !isCarried(place) && reads.has(name));
  // Without anything to scan the loop would not know its length.
  if (!scanned.includes(true)) scanned[body.numCarried] = true;
  const keepInput = (_: unknown, place: number): boolean =>
    isCarried(place) ? alive[place] : scanned[place];
  return {
    ...node,
    inputs: node.inputs.filter(keepInput),
    outputs: node.outputs.filter((_, place) => alive[place]),
    body: {
      ...body,
      nodes,
      inputs: body.inputs.filter(keepInput),
      outputs: body.outputs.filter((_, place) => alive[place]),
      numCarried: alive.slice(0, body.numCarried).filter(Boolean).length,
    },
  };
}
