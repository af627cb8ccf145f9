import type { Tensor } from "@tensorflow/tfjs";
import type { Parametrised, ParamTensors } from "../../../nets/index.js";
import type { Columns, Limits } from "../model.js";

/** Where a control is evaluated: x [B, dim] or [m, B, dim]; columns [1, 1] or [m, 1, 1]; code [1, width] or [m, 1, width]. */
export interface ControlPlace {
  readonly x: Tensor;
  /** What `guide` made of the score here. */
  readonly guide: Tensor;
  readonly code: Tensor;
  readonly at: Columns;
}

/** A learned control s(x, t) in score units, cut into what depends on time alone, on the target alone, and the rest. */
export interface Control extends Parametrised {
  /** All that depends on time alone: columns [N, 1, 1] to [N, 1, width]; once for all paths. */
  readonly encode: (params: ParamTensors, at: Columns, limits: Limits) => Tensor;
  /** What the control sees of the target's score; free of parameters, so that it is computed once. */
  readonly guide: (score: Tensor, x: Tensor, at: Columns, limits: Limits) => Tensor;
  readonly apply: (params: ParamTensors, place: ControlPlace, limits: Limits) => Tensor;
}
