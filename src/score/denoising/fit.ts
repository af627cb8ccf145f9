import type { Tensor } from "@tensorflow/tfjs";
import { checkKeys } from "../../core/checks.js";
import { normals, rows, type Loss } from "../../train/index.js";
import { learn, LEARN_OPTIONS, prepare, type LearnedScore, type LearnOptions } from "../neural/learn.js";
import { LEVEL_WIDTH } from "../neural/noise-levels.js";
import type { ScoreNet } from "../neural/score-net.js";

/** Options of `fit`. */
export type DenoisingOptions = LearnOptions;

/**
 * Learn the score of noised data by denoising: with X_t = m X_0 + √v ξ of a linear diffusion,
 *
 *   J(θ) = E_{t, X_0, ξ} | √v s_θ(t, X_t) + ξ |²,   least at s = ∇ log p_t
 *
 * The excess over the least value is E v |s_θ - ∇ log p_t|². Times are drawn row by row, uniformly in t or in log t.
 * Sources: P. Vincent 2011; Y. Song et al. 2021, equation 7 with λ = v.
 *
 * @param data n·dim numbers
 * @throws ArgumentError for NaN, ragged data or a net of other widths; DivergenceError where a run diverges
 * @example
 * const process = sde.varianceExploding({ horizon: 100 });
 * const { score } = await denoising.fit(points, { dim: 2, process, key: key(0), numSteps: 10_000, times: { earliest: 1e-4 } });
 */
export async function fit(data: Float64Array, options: DenoisingOptions): Promise<LearnedScore> {
  checkKeys("options", options, LEARN_OPTIONS);
  const net = prepare(data, options);
  const inputs = { x: rows(data, net.dim), noise: normals(net.dim) };
  return learn(net, data, { name: "denoising", loss: denoisingLoss(net), inputs }, options);
}

/** J as a function of the parameters and a batch of points, noise and levels. */
function denoisingLoss({ scaled }: ScoreNet): Loss {
  return (params, { x, noise, level }) => {
    const [factor, std]: Tensor[] = level.split(LEVEL_WIDTH, 1);
    const noisy = x.mul(factor).add(noise.mul(std));
    return scaled(params, noisy, level).add(noise).square().sum(1).mean();
  };
}
