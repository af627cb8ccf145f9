import type { Process } from "./process.js";

/** A learned or exact score ∇ log ρ_t at n points: n·dim numbers. */
export type TimeScore = (t: number, x: Float64Array) => Promise<Float64Array>;

/**
 * What an integrator marches along a grid of times: dY = drift(t, Y) |dt| + diffusion(t) dW.
 *
 * The drift is per elapsed time in the direction of the grid, which may run down; so the time reversal of a process is a system
 * on the same times t, taken from T to 0.
 */
export interface System {
  /** Write the drift at all points into `out`. */
  drift(t: number, y: Float64Array, out: Float64Array): void | Promise<void>;
  /** Strength of the noise, the same for all points and coordinates; 0 for an ODE. */
  readonly diffusion: number | ((t: number) => number);
  /** Map points back into the domain, in place, after each step. */
  project?(y: Float64Array): void;
}

/** A process as a system on an increasing grid. */
export function forwardSde(process: Process): System {
  const { project } = projection(process);
  return {
    drift(_, y, out) {
      process.drift(y, out);
    },
    diffusion: process.diffusion,
    ...(project && { project }),
  };
}

/**
 * The time reversal of a process given the score of its law (Anderson 1982):
 *
 *   dY = [∇V(Y) + (2/β) ∇ log ρ_t(Y)] |dt| + sqrt(2/β) dW,   t from T to 0
 *
 * Noise, drift and score have to be of one convention. (Reversing the process at β = 2 with a score learnt at β = 1 is the
 * mixture of the unit-noise equation with the sqrt(2)-noise generator.)
 */
export function reverseSde(process: Process, score: TimeScore): System {
  return reversed(process, score, process.diffusion ** 2, process.diffusion);
}

/**
 * The probability flow that carries ρ_T back to the data without noise (Song et al. 2021, eq. 13):
 *
 *   dY = [∇V(Y) + (1/β) ∇ log ρ_t(Y)] |dt|,   t from T to 0
 */
export function probabilityFlow(process: Process, score: TimeScore): System {
  return reversed(process, score, process.diffusion ** 2 / 2, 0);
}

function reversed(process: Process, score: TimeScore, factor: number, diffusion: number): System {
  return {
    async drift(t, y, out) {
      const s = await score(t, y);
      process.drift(y, out);
      for (let at = 0; at < y.length; at++) out[at] = factor * s[at] - out[at];
    },
    diffusion,
    ...projection(process),
  };
}

function projection(process: Process): Pick<System, "project"> {
  return process.project === undefined ? {} : { project: (y) => process.project?.(y) };
}

/** A projection that keeps every coordinate within [low, high]. */
export function clip(low: number, high: number): (y: Float64Array) => void {
  return (y) => {
    for (let at = 0; at < y.length; at++) y[at] = Math.min(high, Math.max(low, y[at]));
  };
}

/** The noise strength at a time. */
export function diffusionAt(system: System, t: number): number {
  return typeof system.diffusion === "number" ? system.diffusion : system.diffusion(t);
}
