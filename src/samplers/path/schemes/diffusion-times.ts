import type { LinearDiffusion } from "../../../sde/linear-diffusion.js";
import { variancePreserving } from "../../../sde/linear-diffusion.js";
import { ArgumentError } from "../../../core/errors.js";
import { column, type StepTable, type TimeTable } from "./scheme.js";

/** The noising process of the published samplers: β from 0.1 at the data to 10. */
export const VP: LinearDiffusion = variancePreserving({ betaMin: 0.1, betaMax: 10 });

/** Its β at generative time t, where it falls. */
export function beta(process: LinearDiffusion, t: number): number {
  return process.diffusion(process.horizon - t) ** 2;
}

/** exp(-½ ∫ β) over every step: what the noising process keeps of a point. */
export function kept(process: LinearDiffusion, numSteps: number): Float64Array {
  const factor = (k: number): number =>
    process.marginal(Math.max(0, process.horizon * (1 - k / numSteps))).factor;
  return column(numSteps, (k) => factor(k) / factor(k + 1));
}

/** The noising process's own steps, exactly: x ~ N(back x', spread² I) with back² + spread² = 1. */
export function noising(process: LinearDiffusion, numSteps: number): Pick<StepTable, "back" | "spread"> {
  const back = kept(process, numSteps);
  return { back, spread: back.map((c) => Math.sqrt(-Math.expm1(2 * Math.log(c)))) };
}

/** What controls know of the times of a noising process that is run backwards on a uniform grid. */
export function diffusionTimes(process: LinearDiffusion, numSteps: number): TimeTable {
  const { horizon } = process;
  const time = column(numSteps, (k) => (horizon * k) / numSteps);
  const signal = time.map((t) => process.marginal(horizon - t).factor ** 2);
  return {
    time,
    progress: column(numSteps, (k) => k / numSteps),
    sigma: time.map((t) => Math.sqrt(beta(process, t))),
    ...signalTimes(signal),
  };
}

/** The columns that depend on the share a² of the data in a point's variance. */
export function signalTimes(
  signal: Float64Array,
): Pick<TimeTable, "signal" | "logVariance" | "reach" | "size"> {
  return {
    signal,
    logVariance: signal.map((a2) => Math.log((1 - a2) / a2 + 1e-4)),
    reach: signal.map((a2) => Math.sqrt(a2) / (1 - a2 + 1e-9)),
    size: signal.map((a2) => Math.sqrt(a2 / (1 - a2 + 0.05))),
  };
}

/** @throws ArgumentError for a process whose stationary law is not N(0, I): a² + variance = 1 is what the samplers rest on */
export function checkPreserving(argument: string, process: LinearDiffusion): void {
  const { factor, variance } = process.marginal(process.horizon / 2);
  if (Math.abs(factor ** 2 + variance - 1) > 1e-9) {
    throw new ArgumentError(
      argument,
      process,
      "a process that preserves N(0, I), such as sde.variancePreserving",
    );
  }
}
