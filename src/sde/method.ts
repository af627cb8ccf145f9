import type { System } from "./system.js";

/** A one-step or multi-step scheme for dY = drift(t, Y) |dt| + diffusion(t) dW with additive noise. */
export interface Method {
  readonly name: string;
  /** Weak order for additive noise, and order for an ODE. */
  readonly order: number;
  /** Evaluations of the drift for each step. */
  readonly evaluations: number;
  /** Make the buffers for states of this length. */
  start(system: System, length: number): Step;
}

/**
 * Advance y in place from time t to `next`; `noise` holds diffusion·sqrt(|next - t|)·ξ, zeros for an ODE.
 */
export type Step = (y: Float64Array, t: number, next: number, noise: Float64Array) => Promise<void>;
