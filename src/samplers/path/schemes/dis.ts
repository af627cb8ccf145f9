import { checkInteger, checkKeys, checkOneOf } from "../../../core/checks.js";
import type { LinearDiffusion } from "../../../sde/linear-diffusion.js";
import { beta, checkPreserving, diffusionTimes, kept, noising, VP } from "./diffusion-times.js";
import { column, type Scheme, type Start } from "./scheme.js";

/** Options of the samplers that run a noising process backwards. */
export interface DisOptions {
  readonly dim: number;
  readonly numSteps: number;
  /** The noising process, from the data at 0; default variance-preserving with β from 0.1 to 10. */
  readonly process?: LinearDiffusion;
  /** Default "truncated": N(0, I) cut to its central mass, its density left as it is, an error below 1e-4. */
  readonly start?: Extract<Start, "normal" | "truncated">;
}

/**
 * The time-reversed diffusion sampler: dX = (½ β X + sqrt(β) u) dt + sqrt(β) dW from N(0, I), against the reversal of the noising
 * process dY = -½ β Y ds + sqrt(β) dW started in the target.
 *
 *   RND = ∫ ½|u|² dt + ∫ u·dW - ½ d ∫ β + log N(X_0; 0, I) - log ρ(X_T),   u* = sqrt(β) ∇ log p_t
 *
 * Euler–Maruyama steps, terms at the left end, ∫ β exactly. Biased by the steps and by KL(N(0, I) | noised target).
 * Source: Berner, Richter and Ullrich 2024.
 * @throws ArgumentError
 */
export function dis(options: DisOptions): Scheme {
  const { dim, numSteps, process, start } = checkDis(options);
  const h = process.horizon / numSteps;
  const times = diffusionTimes(process, numSteps);
  const step = times.time.map((t) => beta(process, t) * h);
  const root = step.map(Math.sqrt);
  return {
    method: "dis",
    dim,
    numSteps,
    steps: {
      keep: step.map((b) => 1 + b / 2),
      gain: step,
      noise: root,
      square: step.map((b) => b / 2),
      cross: root,
      free: column(numSteps, () => 0),
      slope: root,
      clock: column(numSteps, () => Math.sqrt(h)),
      ...noising(process, numSteps),
    },
    times,
    start,
    variance: 1,
    reference: "first",
    pull: true,
    constant: dim * kept(process, numSteps).reduce((sum, c) => sum + Math.log(c), 0),
    exact: false,
  };
}

/** Defaults and checks. @throws ArgumentError */
export function checkDis(options: DisOptions): Required<DisOptions> {
  checkKeys("options", options, ["dim", "numSteps", "process", "start"]);
  const { dim, numSteps, process = VP, start = "truncated" } = options;
  checkInteger("dim", dim, { min: 1 });
  checkInteger("numSteps", numSteps, { min: 1 });
  checkOneOf("start", start, ["normal", "truncated"]);
  checkPreserving("process", process);
  return { dim, numSteps, process, start };
}
