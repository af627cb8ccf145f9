import { groupSize, type ClusterGroup } from "./clusters.js";
import { coefficientLayout } from "./coefficient-layout.js";
import type { Problem } from "./problem.js";

/** Floating-point operations of a fit, an addition and a multiplication counting as two: the leading terms. */
export interface FitCost {
  /** Moments of the data, once. */
  readonly moments: number;
  /** Elimination and solution, all time levels. */
  readonly levels: number;
  /** What the same linear systems cost when their matrices are averaged over the samples at every time level. */
  readonly samplewise: number;
  /** One evaluation of the score at one point. */
  readonly score: number;
}

export function fitCost(problem: Problem, samples: number, levels: number): FitCost {
  const { dim, n, layout, plan } = problem;
  const entries = plan.products.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  const width = 1 + dim * n;
  const block = n * n;
  const shared = width ** 3 / 3 + layout.pairs.length * block * width * (width + block);
  const own = layout.groups.reduce((sum, group) => sum + groupCost(group, width, block), 0);
  const averaged = layout.groups.reduce((sum, group) => sum + groupSize(layout, group, n) ** 2, 0);
  const { offsets, features } = coefficientLayout(layout, n);
  return {
    moments: 2 * samples * entries,
    levels: levels * (shared + own),
    samplewise: levels * samples * averaged,
    score: 2 * offsets[dim] + features,
  };
}

function groupCost({ pairs, components }: ClusterGroup, width: number, block: number): number {
  const size = pairs.length * block;
  const couplings = (pairs.length * (pairs.length - 1)) / 2;
  const solution = components.length * (4 * size * width + 2 * size ** 2 + 2 * width ** 2);
  return 2 * couplings * block ** 2 * width + size ** 3 / 3 + solution;
}
