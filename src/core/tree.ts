import { ArgumentError } from "./errors.js";

/** How leaves are arranged: nested lists and records with named members, in order. */
export type TreeShape =
  | { readonly kind: "leaf" }
  | { readonly kind: "list"; readonly items: readonly TreeShape[] }
  | { readonly kind: "record"; readonly names: readonly string[]; readonly items: readonly TreeShape[] };

/** A tree taken apart: its leaves in order, the path to each (`.params[0]`), and how they were arranged. */
export interface FlatTree<Leaf> {
  readonly leaves: Leaf[];
  readonly paths: string[];
  readonly shape: TreeShape;
}

/**
 * Take a tree of lists and records apart.
 * @param argument name of the tree in messages
 * @param expected what a leaf has to be, in words
 * @throws ArgumentError where something is neither a leaf, a list nor a record
 */
export function flatten<Leaf>(
  argument: string,
  tree: unknown,
  isLeaf: (value: unknown) => value is Leaf,
  expected: string,
): FlatTree<Leaf> {
  const leaves: Leaf[] = [];
  const paths: string[] = [];
  const visit = (node: unknown, path: string): TreeShape => {
    if (isLeaf(node)) {
      leaves.push(node);
      paths.push(path);
      return { kind: "leaf" };
    }
    if (Array.isArray(node)) {
      return { kind: "list", items: node.map((item, i) => visit(item, `${path}[${i}]`)) };
    }
    if (!isRecord(node)) throw new ArgumentError(`${argument}${path}`, node, expected);
    const names = Object.keys(node);
    return { kind: "record", names, items: names.map((name) => visit(node[name], `${path}.${name}`)) };
  };
  const shape = visit(tree, "");
  return { leaves, paths, shape };
}

/** Put leaves together in a given arrangement. */
export function unflatten(shape: TreeShape, leaves: readonly unknown[]): unknown {
  let next = 0;
  const build = (node: TreeShape): unknown => {
    if (node.kind === "leaf") return leaves[next++];
    const items = node.items.map(build);
    return node.kind === "list" ? items : Object.fromEntries(node.names.map((name, i) => [name, items[i]]));
  };
  return build(shape);
}

/** Whether two arrangements are the same, names and their order included. */
export function sameTree(a: TreeShape, b: TreeShape): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
