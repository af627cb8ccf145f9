import type { ClusterLayout, SitePair } from "./clusters.js";

/**
 * Columns of a matrix with a row for each sample: 1, the dictionary ψ of a site, its functions φ_1..φ_n, or the products
 * φ_a(x_k) φ_b(x_l) of a pair (a before b).
 */
export type ColumnBlock =
  | { readonly kind: "one" }
  | { readonly kind: "dictionary" | "functions"; readonly site: number }
  | { readonly kind: "pair"; readonly sites: SitePair };

/** A matrix of moments E[left_i right_j], stored row by row from `offset` on. */
export interface MomentProduct {
  readonly left: readonly ColumnBlock[];
  readonly right: readonly ColumnBlock[];
  readonly rows: number;
  readonly cols: number;
  readonly offset: number;
}

/** A block inside the moments: entry (i, j) is at `offset + i * stride + j`. */
export interface MomentBlock {
  readonly offset: number;
  readonly stride: number;
}

/** Pairs whose Gram blocks are taken in one product: enough rows for a fast one, few enough to skip half by symmetry. */
const GRAM_GROUP = 8;

/**
 * The moments of the data that the linear systems of all components need at any time, and where they lie.
 *
 * They are few: of one site's dictionary with everything one-body, of two dictionaries on a pair, of a dictionary with two
 * neighbours where pairs overlap, of a one-body function with a pair, and of two disjoint pairs.
 */
export class MomentPlan {
  readonly products: readonly MomentProduct[];
  /** Numbers in all products. */
  readonly length: number;
  /** Whether pairs without j are there for component j. */
  readonly withForce: boolean;
  private readonly n: number;
  private readonly sizes: readonly number[];
  private readonly places = new Map<string, MomentBlock>();

  /**
   * @param n functions of a site
   * @param sizes functions ψ in each site's dictionary
   * @param withForce whether E[D φ_0] differs from zero: then components without j in a pair need its moments with ψ(x_j)
   */
  constructor(layout: ClusterLayout, n: number, sizes: readonly number[], withForce: boolean) {
    this.n = n;
    this.withForce = withForce;
    this.sizes = sizes;
    const products: MomentProduct[] = [];
    let length = 0;
    for (const [left, right] of listProducts(layout, withForce)) {
      const [rows, cols] = [this.width(left), this.width(right)];
      this.place(left, right, length, cols);
      products.push({ left, right, rows, cols, offset: length });
      length += rows * cols;
    }
    this.products = products;
    this.length = length;
  }

  /** Columns of a list of blocks. */
  width(blocks: readonly ColumnBlock[]): number {
    return blocks.reduce((sum, block) => sum + this.columns(block), 0);
  }

  columns(block: ColumnBlock): number {
    switch (block.kind) {
      case "one":
        return 1;
      case "dictionary":
        return this.sizes[block.site];
      case "functions":
        return this.n;
      case "pair":
        return this.n * this.n;
    }
  }

  /** Where E[left right] lies. */
  find(left: ColumnBlock, right: ColumnBlock): MomentBlock {
    const block = this.places.get(`${nameOf(left)} ${nameOf(right)}`);
    if (block === undefined)
      throw new Error(`no moments of ${nameOf(left)} and ${nameOf(right)} were planned`);
    return block;
  }

  private place(
    left: readonly ColumnBlock[],
    right: readonly ColumnBlock[],
    start: number,
    stride: number,
  ): void {
    let row = 0;
    for (const a of left) {
      let col = 0;
      for (const b of right) {
        this.places.set(`${nameOf(a)} ${nameOf(b)}`, { offset: start + row * stride + col, stride });
        col += this.columns(b);
      }
      row += this.columns(a);
    }
  }
}

export const one: ColumnBlock = { kind: "one" };
export const dictionary = (site: number): ColumnBlock => ({ kind: "dictionary", site });
export const functions = (site: number): ColumnBlock => ({ kind: "functions", site });
export const pairOf = (k: number, l: number): ColumnBlock => ({
  kind: "pair",
  sites: k < l ? [k, l] : [l, k],
});

function nameOf(block: ColumnBlock): string {
  switch (block.kind) {
    case "one":
      return "1";
    case "pair":
      return `${block.sites[0]}x${block.sites[1]}`;
    case "dictionary":
    case "functions":
      return `${block.kind} ${block.site}`;
  }
}

type Factors = [left: ColumnBlock[], right: ColumnBlock[]];

function listProducts(layout: ClusterLayout, withForce: boolean): Factors[] {
  const { dim, pairs } = layout;
  const sites = Array.from({ length: dim }, (_, k) => k);
  const list: Factors[] = [[sites.map(dictionary), [one, ...sites.map(functions)]]];
  for (const k of sites) {
    const partners = pairs.filter(([first]) => first === k).map(([, l]) => dictionary(l));
    const right = [...partners, ...triples(layout, k, withForce)];
    if (right.length > 0) list.push([[dictionary(k)], right]);
  }
  if (pairs.length > 0) list.push([sites.map(functions), pairs.map(([k, l]) => pairOf(k, l))]);
  return [...list, ...disjointProducts(layout)];
}

/** Products of two sites that meet ψ(x_k): the other ends of two pairs that share k, and pairs of component k without k. */
function triples({ pairs, groups }: ClusterLayout, k: number, withForce: boolean): ColumnBlock[] {
  const found = new Map<string, ColumnBlock>();
  const add = (l: number, q: number): void => {
    const block = pairOf(l, q);
    found.set(nameOf(block), block);
  };
  for (const group of groups) {
    const own = group.pairs.map((p) => pairs[p]);
    const others = own.filter((pair) => pair.includes(k)).map(([a, b]) => (a === k ? b : a));
    others.forEach((l, i) => others.slice(i + 1).forEach((q) => add(l, q)));
    if (withForce && group.components.includes(k)) {
      for (const [a, b] of own) if (a !== k && b !== k) add(a, b);
    }
  }
  return [...found.values()];
}

function disjointProducts({ pairs, groups }: ClusterLayout): Factors[] {
  const partners = pairs.map(() => new Set<number>());
  for (const group of groups) {
    for (const p of group.pairs) {
      for (const q of group.pairs) if (p < q && areDisjoint(pairs[p], pairs[q])) partners[p].add(q);
    }
  }
  const list: Factors[] = [];
  for (let start = 0; start < pairs.length; start += GRAM_GROUP) {
    const members = partners.slice(start, start + GRAM_GROUP);
    const left = [...members.keys()].filter((i) => members[i].size > 0).map((i) => start + i);
    const right = [...new Set(members.flatMap((set) => [...set]))].sort((p, q) => p - q);
    const toBlock = (p: number): ColumnBlock => pairOf(...pairs[p]);
    if (left.length > 0) list.push([left.map(toBlock), right.map(toBlock)]);
  }
  return list;
}

export function areDisjoint(p: SitePair, q: SitePair): boolean {
  return !p.includes(q[0]) && !p.includes(q[1]);
}
