import { checkInteger, checkKeys, checkOneOf } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";

/** Which pairs of coordinates have two-body functions; the constant and all one-body functions are always there. */
export type Clusters =
  | { readonly kind: "oneBody" }
  | { readonly kind: "local"; readonly range: number }
  | { readonly kind: "allPairs" }
  | { readonly kind: "window"; readonly range: number; readonly reach: number };

/** No two-body functions. */
export function oneBody(): Clusters {
  return { kind: "oneBody" };
}

/** Pairs k < l ≤ k + range, the same for every component of the score. @throws ArgumentError unless range ≥ 1 */
export function local(options: { readonly range?: number } = {}): Clusters {
  checkKeys("options", options, ["range"]);
  const { range = 1 } = options;
  return { kind: "local", range: checkInteger("range", range, { min: 1 }) };
}

/** Every pair of coordinates. */
export function allPairs(): Clusters {
  return { kind: "allPairs" };
}

/**
 * For component j the pairs k < l ≤ k + range with both sites within `reach` of j: far fewer functions than `local`, and nearly as
 * good for a chain.
 *
 * @param options range (default 1), reach (default range)
 * @throws ArgumentError unless both are at least 1
 */
export function window(options: { readonly range?: number; readonly reach?: number } = {}): Clusters {
  checkKeys("options", options, ["range", "reach"]);
  const { range = 1, reach = range } = options;
  checkInteger("range", range, { min: 1 });
  checkInteger("reach", reach, { min: 1 });
  return { kind: "window", range, reach };
}

/** A pair of coordinates, the smaller first. */
export type SitePair = readonly [k: number, l: number];

/** Components of the score that have the same two-body functions, and so the same linear system. */
export interface ClusterGroup {
  readonly components: readonly number[];
  /** Places in the layout's list of pairs, ascending. */
  readonly pairs: readonly number[];
}

/** The pairs of all components and who uses them. */
export interface ClusterLayout {
  readonly dim: number;
  readonly pairs: readonly SitePair[];
  readonly groups: readonly ClusterGroup[];
}

/** @throws ArgumentError for something that is not one of the four kinds of clusters */
export function layOut(clusters: Clusters, dim: number): ClusterLayout {
  const { range, reach } = ranges(clusters, dim);
  const pairs: SitePair[] = [];
  for (let k = 0; k < dim; k++) {
    for (let l = k + 1; l < dim && l <= k + range; l++) pairs.push([k, l]);
  }
  const groups = new Map<string, { components: number[]; pairs: number[] }>();
  for (let j = 0; j < dim; j++) {
    const own = [...pairs.keys()].filter((p) => pairs[p].every((site) => Math.abs(site - j) <= reach));
    const name = own.join();
    if (!groups.has(name)) groups.set(name, { components: [], pairs: own });
    groups.get(name)?.components.push(j);
  }
  return { dim, pairs, groups: [...groups.values()] };
}

function ranges(clusters: Clusters, dim: number): { range: number; reach: number } {
  if (typeof clusters !== "object" || clusters === null || !("kind" in clusters)) {
    throw new ArgumentError(
      "clusters",
      clusters,
      "oneBody(), local({ range }), allPairs() or window({ range })",
    );
  }
  checkOneOf("clusters.kind", clusters.kind, ["oneBody", "local", "allPairs", "window"]);
  switch (clusters.kind) {
    case "oneBody":
      return { range: 0, reach: dim };
    case "allPairs":
      return { range: dim, reach: dim };
    case "local":
      return { range: checkInteger("clusters.range", clusters.range, { min: 1 }), reach: dim };
    case "window":
      checkInteger("clusters.range", clusters.range, { min: 1 });
      return { range: clusters.range, reach: checkInteger("clusters.reach", clusters.reach, { min: 1 }) };
  }
}

/** Functions in the linear system of a group: 1 + n·dim + n²·pairs. */
export function groupSize({ dim }: ClusterLayout, group: ClusterGroup, n: number): number {
  return 1 + n * dim + n * n * group.pairs.length;
}
