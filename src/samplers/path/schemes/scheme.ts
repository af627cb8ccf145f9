/** Numbers of a scheme, one for every step. */
export type Column = Float64Array;

/**
 * What one step does, for a control given as a score s (the drift is gain·s) and a standard normal ξ:
 *
 *   x' = keep x + gain s + noise ξ,     RND += square |s|² + cross s·ξ - free |ξ|²
 */
export interface StepTable {
  readonly keep: Column;
  readonly gain: Column;
  readonly noise: Column;
  readonly square: Column;
  readonly cross: Column;
  readonly free: Column;
  /** d RND / d s = slope ξ with the path held: what the log-variance loss regresses on. */
  readonly slope: Column;
  /** Square root of the step's length: an additional drift e moves ξ by clock e. */
  readonly clock: Column;
  /** The uncontrolled process given where it is after a step: x ~ N(back x', spread² I) before it. */
  readonly back: Column;
  readonly spread: Column;
}

/** What a control may know of a step's time. */
export interface TimeTable {
  /** Time in the scheme's own units. */
  readonly time: Column;
  /** From 0 at the start to 1 at the end. */
  readonly progress: Column;
  /** σ(t): a control in the units of the SDE is σ times the score. */
  readonly sigma: Column;
  /** Share of the end point in what a point is: a² where x is about N(a y, 1 - a²), t/T for a bridge from 0 to y. */
  readonly signal: Column;
  /** Log of the variance that is still to come, in units of what is left of the data. */
  readonly logVariance: Column;
  /** Largest score that moves the implied end point by one unit of length. */
  readonly reach: Column;
  /** Typical size of the score. */
  readonly size: Column;
}

/** How paths start: all at 0, or in the standard normal law, perhaps cut to its central mass per coordinate. */
export type Start = "origin" | "normal" | "truncated";

/**
 * A sampler of path space on a time grid. With ρ the target, V the variance of the reference law and Z = ∫ ρ,
 *
 *   RND = log (law of the controlled path) / (law of the reference path) up to log Z: at the optimum -log Z on every path.
 */
export interface Scheme {
  readonly method: string;
  readonly dim: number;
  readonly numSteps: number;
  readonly steps: StepTable;
  readonly times: TimeTable;
  readonly start: Start;
  /** V of the Gaussian N(0, V I) that the paths come from or are compared with. */
  readonly variance: number;
  /** Where log N(·; 0, V I) enters: of the first point, or of the last. */
  readonly reference: "first" | "last";
  /** What a control adds to its score to leave a target N(0, V I) alone: -x / V, or nothing. */
  readonly pull: boolean;
  /** Added to every RND. */
  readonly constant: number;
  /** Whether exp(-RND) is unbiased for Z at any number of steps. */
  readonly exact: boolean;
}

/** Central mass outside of which a truncated start draws nothing: 1e-4 per coordinate. */
export const TRUNCATION: number = 3.890591886413124;

/** A column from a function of the step. */
export function column(numSteps: number, of: (k: number) => number): Column {
  return Float64Array.from({ length: numSteps }, (_, k) => of(k));
}
