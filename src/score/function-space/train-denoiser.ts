import { split, type Key } from "../../random/index.js";
import {
  adam,
  ema,
  fit,
  powerDecay,
  warmupCosine,
  type FitInfo,
  type FitOptions,
} from "../../train/index.js";

/** What is trained, and how long. */
export interface DenoiserTraining extends Pick<
  FitOptions,
  "loss" | "batch" | "checkpoint" | "onProgress" | "signal"
> {
  readonly net: { readonly init: (key: Key) => Float32Array };
  readonly key: Key;
  readonly numSteps: number;
  /** Of Adam, falling by a cosine after a fiftieth of the steps. */
  readonly learningRate: number;
}

/** The training of all denoisers of fields: gradients of norm 1 at most, a running average of the parameters with decay up to 0.999. */
export async function trainDenoiser(
  training: DenoiserTraining,
): Promise<{ readonly params: Float32Array; readonly info: FitInfo }> {
  const { net, loss, batch, key, numSteps, learningRate, checkpoint, onProgress, signal } = training;
  const [first, rest] = split(key);
  const { average, params, info } = await fit({
    loss,
    batch,
    params: net.init(first),
    key: rest,
    numSteps,
    optimiser: adam({
      learningRate: warmupCosine({ peak: learningRate, numSteps, warmup: Math.floor(numSteps / 50) }),
    }),
    average: ema({ decay: powerDecay({ max: 0.999 }) }),
    clipNorm: 1,
    ...(checkpoint && { checkpoint }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  return { params: average ?? params, info };
}
