import { checkInteger, checkPoints } from "../../core/checks.js";
import type { KernelModel } from "./kernel-model.js";

/** One axis of every kernel. */
export interface LocalAxes {
  /** Unit vectors, N·d numbers. */
  readonly directions: Float64Array;
  /** Standard deviations along them, N numbers. */
  readonly deviations: Float64Array;
}

/**
 * The j-th axes of all kernels, from the shortest (0) to the longest (d - 1).
 * @throws ArgumentError for an axis that there is not
 */
export function localAxes(model: KernelModel, j: number): LocalAxes {
  const { dim, count, axes, variances } = model;
  checkInteger("j", j, { min: 0, max: dim - 1 });
  return {
    directions: Float64Array.from({ length: dim * count }, (_, k) => axes[k * dim + j]),
    deviations: Float64Array.from({ length: count }, (_, i) => Math.sqrt(variances[i * dim + j])),
  };
}

/** The length of a way on paper, and in a metric. */
export interface WayLength {
  readonly paper: number;
  readonly metric: number;
}

/**
 * Length of a way through points in the metric ds² = dxᵀ Γ(x) dx, each piece with Γ at its middle: distances in local standard deviations.
 *
 * @param way points one after the other, n·d numbers, n ≥ 2
 * @param precisionAt Γ at any points, such as a training's `precisionAt`
 * @throws ArgumentError
 */
export async function wayLength(
  way: Float64Array,
  dim: number,
  precisionAt: (points: Float64Array) => Promise<Float64Array>,
): Promise<WayLength> {
  const pieces = checkInteger("points of the way", checkPoints("way", way, dim), { min: 2 }) - 1;
  const middles = Float64Array.from({ length: pieces * dim }, (_, k) => (way[k] + way[k + dim]) / 2);
  const gamma = await precisionAt(middles);
  let [paper, metric] = [0, 0];
  for (let i = 0; i < pieces; i++) {
    let [square, form] = [0, 0];
    for (let a = 0; a < dim; a++) {
      const da = way[(i + 1) * dim + a] - way[i * dim + a];
      square += da * da;
      for (let b = 0; b < dim; b++) {
        form += da * gamma[(i * dim + a) * dim + b] * (way[(i + 1) * dim + b] - way[i * dim + b]);
      }
    }
    paper += Math.sqrt(square);
    metric += Math.sqrt(form);
  }
  return { paper, metric };
}
