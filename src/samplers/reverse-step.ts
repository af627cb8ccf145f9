import { normal, type Key } from "../random/index.js";
import { eulerMaruyama, reverseDiffusion, type LinearDiffusion, type TimeScore } from "../sde/index.js";

/** A step from t down to `next`, in place. */
export type ReverseStep = (x: Float64Array, t: number, next: number, key: Key) => Promise<void>;

/** Euler–Maruyama steps of the time reversal, for samplers that do something of their own between two of them. */
export function reverseStep(process: LinearDiffusion, score: TimeScore, length: number): ReverseStep {
  const step = eulerMaruyama.start(reverseDiffusion(process, score), length);
  return async (x, t, next, key) => {
    const root = process.diffusion(t) * Math.sqrt(t - next);
    const noise = normal(key, length).map((z) => root * z);
    await step(x, t, next, noise);
  };
}
