import type { Tensor } from "@tensorflow/tfjs";
import { ArgumentError } from "../../core/errors.js";
import { tf } from "../../engine/index.js";
import type { Parametrised, ParamTensors } from "../../nets/index.js";
import type { Start } from "./schemes/scheme.js";

/** A density whose log and score can be compiled: rows [n, dim] to [n] and to [n, dim]. */
export interface CompilableTarget {
  readonly dim: number;
  readonly ops: {
    readonly logDensity: (x: Tensor) => Tensor;
    readonly score: (x: Tensor) => Tensor;
  };
}

/** Numbers that change during training without a new program. */
export interface Limits {
  /** Where controls and scores are clipped, where a control asks for it. */
  readonly clip: Tensor;
}

/** Per-step tensors, by name: [N, 1, 1], [1, 1] inside of one step, or [m, 1, 1] for m steps. */
export type Columns = Readonly<Record<string, Tensor>>;

/** Points at one step [B, dim], or at m steps [m, B, dim], and what belongs to them. */
export interface Place {
  readonly x: Tensor;
  /** What the step adds to x besides its drift: noise ξ, with additional drifts in ξ. */
  readonly noise: Tensor;
  /** What the step kept besides the point, such as the score. */
  readonly kept: readonly Tensor[];
  readonly at: Columns;
  /** What the model's nets of time alone give: [1, width] or [m, 1, width] each. */
  readonly codes: readonly Tensor[];
}

/** What one step gives. */
export interface Moved {
  readonly x: Tensor;
  /** Added to RND without its stochastic integral, and that integral: [B, dim], coordinate by coordinate. */
  readonly running: Tensor;
  readonly ito: Tensor;
  readonly kept: readonly Tensor[];
}

/** A step with a given end. */
export type StepTo = Omit<Place, "kept" | "noise"> & { readonly next: Tensor };

/** A sampler with its networks and its target: what losses are built from. */
export interface PathModel extends Parametrised {
  readonly dim: number;
  readonly numSteps: number;
  readonly target: CompilableTarget;
  readonly start: Start;
  readonly variance: number;
  readonly reference: "first" | "last";
  readonly constant: number;
  /** Whether the running costs without the stochastic integral are those of the lower bound. */
  readonly exact: boolean;
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** Nets of time alone, at all steps: [N, 1, width] each. */
  readonly encode: (params: ParamTensors, at: Columns, limits: Limits) => Tensor[];
  /** What is kept beside x at a step, before any net: the target's score, tamed. */
  readonly keep: (x: Tensor, at: Columns, limits: Limits) => Tensor[];
  readonly step: (params: ParamTensors, place: Omit<Place, "kept">, limits: Limits) => Moved;
  /** The same step where its end `next` is given and its noise asked for; undefined where paths cannot be replayed. */
  readonly stepTo?: (
    params: ParamTensors,
    place: StepTo,
    limits: Limits,
  ) => Moved & { readonly noise: Tensor };
  /** What RND has of the noise [N, B, dim] alone, [B]; undefined for nothing. */
  readonly ofNoise?: (noise: Tensor, at: Columns) => Tensor;
  /**
   * One number whose gradient is Σ weight ∇ RND over all rows, with the paths held: weights [1, B, dim], a path's weight in each of
   * its coordinates.
   */
  readonly surrogate: (params: ParamTensors, place: Place, weights: Tensor, limits: Limits) => Tensor;
}

/** A log density and a score of the right shapes. @throws ArgumentError that says which is not */
export function checkedTarget(target: CompilableTarget): CompilableTarget {
  const { dim, ops } = target as Partial<CompilableTarget>;
  if (dim === undefined || typeof ops?.logDensity !== "function" || typeof ops.score !== "function") {
    const expected =
      "a target with ops.logDensity and ops.score, such as targets.custom makes of any log density";
    throw new ArgumentError("target", target, expected);
  }
  const check = (name: string, y: Tensor, shape: number[]): Tensor => {
    if (y.shape.join() === shape.join()) return y;
    const expected = `the shape [${shape.join(", ")}] for points of shape [${shape[0]}, ${dim}]`;
    throw new ArgumentError(`target.ops.${name}(x)`, `a tensor of shape [${y.shape.join(", ")}]`, expected);
  };
  return {
    dim,
    ops: {
      logDensity: (x) => check("logDensity", ops.logDensity(x), [x.shape[0]]),
      score: (x) => check("score", ops.score(x), [x.shape[0], dim]),
    },
  };
}

/** The per-step constants as tensors [N, 1, 1]. */
export function columnTensors(columns: PathModel["columns"]): Record<string, Tensor> {
  const entries = Object.entries(columns).map(([name, values]) => {
    return [name, tf().tensor3d(Float32Array.from(values), [values.length, 1, 1])] as const;
  });
  return Object.fromEntries(entries);
}
