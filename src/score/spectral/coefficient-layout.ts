import type { ClusterLayout } from "./clusters.js";

/** A stretch of features that coefficients multiply in order. */
export interface Run {
  readonly feature: number;
  readonly length: number;
}

/**
 * All features of a point are 1, φ_1(x_1)..φ_n(x_1), φ_1(x_2).., then φ_a φ_b of every pair in the layout's order. A component's
 * coefficients follow the same order with only its own pairs; components lie one after the other.
 */
export interface CoefficientLayout {
  /** Number of features of a point. */
  readonly features: number;
  /** Where each component's coefficients start, and the end of the last. */
  readonly offsets: Int32Array;
  /** The constant and all one-body functions, which every component starts with. */
  readonly base: Run;
  /** The two-body functions of each component. */
  readonly pairRuns: readonly (readonly Run[])[];
}

export function coefficientLayout({ dim, pairs, groups }: ClusterLayout, n: number): CoefficientLayout {
  const base = { feature: 0, length: 1 + dim * n };
  const pairRuns: Run[][] = Array.from({ length: dim }, () => []);
  for (const group of groups) {
    const runs = runsOf(group.pairs, base.length, n * n);
    for (const j of group.components) pairRuns[j] = runs;
  }
  const offsets = new Int32Array(dim + 1);
  pairRuns.forEach((runs, j) => {
    offsets[j + 1] = offsets[j] + runs.reduce((sum, run) => sum + run.length, base.length);
  });
  return { features: base.length + pairs.length * n * n, offsets, base, pairRuns };
}

/** Neighbouring pairs make one run. */
function runsOf(pairs: readonly number[], base: number, width: number): Run[] {
  const runs: { feature: number; length: number }[] = [];
  for (const p of pairs) {
    const last = runs[runs.length - 1];
    const feature = base + p * width;
    if (last !== undefined && last.feature + last.length === feature) last.length += width;
    else runs.push({ feature, length: width });
  }
  return runs;
}
