import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { divergence } from "../../engine/index.js";
import type { Loss } from "../../train/index.js";
import { LEVEL_WIDTH } from "../neural/noise-levels.js";
import type { ScoreNet } from "../neural/score-net.js";

/** How the loss weighs noise levels: by their variance, or all alike. */
export type LevelWeight = "variance" | "none";

/**
 * The implicit loss w(t) (½ |s|² + div s) of a net, a mean over the rows of a batch of noised points.
 *
 * The batch holds `x` and `noise` [n, d], `level` [n, 4], and for Hutchinson's estimate of the divergence `probes` [n, k, d],
 * of which the signs count.
 */
export function implicitLoss({ scaled }: ScoreNet, weight: LevelWeight): Loss {
  return (params, { x, noise, level, probes }) => {
    const [factor, std]: Tensor[] = level.split(LEVEL_WIDTH, 1);
    const noisy = x.mul(factor).add<Tensor2D>(noise.mul(std));
    const field = (points: Tensor): Tensor => scaled(params, points, level);
    const signs = probes === undefined ? {} : { probes: probes.sign().transpose([1, 0, 2]) };
    // with √v s in place of s: v (½ |s|² + div s) = ½ |√v s|² + √v div(√v s)
    const half = field(noisy).square().sum(1).mul(0.5);
    const deviation = std.flatten();
    const weighted = half.add(deviation.mul(divergence(field, signs)(noisy)));
    return (weight === "variance" ? weighted : weighted.div(deviation.square())).mean();
  };
}
