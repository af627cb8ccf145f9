import type { ScoreField } from "./reverse-drift.js";

/**
 * "eulerMaruyama": weak order 1. "heun": the mean of the drifts at both ends of a step, with the same noise; weak order 2 for this
 * additive noise, and order 2 for the probability flow.
 */
export type Integrator = "eulerMaruyama" | "heun";

/** A cloud of points that is carried backwards in time. */
export interface Cloud {
  readonly count: number;
  /** count·dim numbers. */
  readonly points: Float64Array;
  /** Standard normal draws of the step, as many; not read by the probability flow. */
  readonly noise: Float64Array;
  readonly drift: Float64Array;
  readonly trial: Float64Array;
  readonly later: Float64Array;
}

export interface ReverseDynamics {
  readonly field: ScoreField;
  /** 2 for the reverse SDE, 1 for the probability flow. */
  readonly weight: number;
  /** sqrt(2/β), or 0 for the probability flow. */
  readonly diffusion: number;
}

/** One step from time `from` to the earlier time `to`, in place. */
export type Step = (dynamics: ReverseDynamics, cloud: Cloud, from: number, to: number) => void;

export const STEPS: { readonly [name in Integrator]: Step } = { eulerMaruyama, heun };

/** Y ← Y + h b(t, Y) + sqrt(2h/β) ξ */
function eulerMaruyama(
  { field, weight, diffusion }: ReverseDynamics,
  cloud: Cloud,
  from: number,
  to: number,
): void {
  const { points, noise, drift, count } = cloud;
  const h = from - to;
  const spread = diffusion * Math.sqrt(h);
  field.setTime(from);
  field.drift(points, drift, count, weight);
  for (let i = 0; i < points.length; i++) points[i] += h * drift[i] + spread * noise[i];
}

/** Y' = Y + h b(t, Y) + sqrt(2h/β) ξ,  Y ← Y + h/2 (b(t, Y) + b(t - h, Y')) + sqrt(2h/β) ξ */
function heun({ field, weight, diffusion }: ReverseDynamics, cloud: Cloud, from: number, to: number): void {
  const { points, noise, drift, trial, later, count } = cloud;
  const h = from - to;
  const spread = diffusion * Math.sqrt(h);
  field.setTime(from);
  field.drift(points, drift, count, weight);
  for (let i = 0; i < points.length; i++) trial[i] = points[i] + h * drift[i] + spread * noise[i];
  field.setTime(to);
  field.drift(trial, later, count, weight);
  for (let i = 0; i < points.length; i++) {
    points[i] += (h / 2) * (drift[i] + later[i]) + spread * noise[i];
  }
}
