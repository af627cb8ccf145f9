import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { sameTree, unflatten, type TreeShape } from "../../core/tree.js";
import { flattenTensors, type FlatTensors } from "../derivatives/reverse.js";
import { tf } from "../tfjs.js";
import { ongoingTracing } from "../trace/tracing.js";
import { registerLoopGradient } from "./adjoint.js";
import type { FlatStep } from "./loop.js";
import { runLoop, unrollLoop } from "./run-loop.js";

/** How a recurrence runs. */
export interface ScanOptions {
  /** From the last entry to the first. */
  readonly reverse?: boolean;
  /** Number of steps, for a loop over nothing. */
  readonly length?: number;
}

/**
 * A recurrence: (c, y_i) = body(c, x_i) for i = 0, …, n - 1.
 *
 * In a compiled function this is one operation however many steps there are: the body is written down once. Its
 * gradient is another such loop that recomputes each step, so that memory is n carried values and no more. The body may
 * use any tensor around it, and may differentiate; gradients of any order flow to the start, the entries, and those
 * tensors. Outside of a compiled function it is an ordinary loop.
 *
 * @param body from carried tensors and one entry to the next carried tensors and what to yield; trees, of the same shapes at every step
 * @param init the carried tensors at the start
 * @param xs a tree of tensors whose first axis has length n
 * @returns [the carried tensors after the last step, what was yielded, stacked along a new first axis]
 * @throws ArgumentError where the entries differ in number or the carried tensors change their shapes
 */
export function scan<C, X, Y>(
  body: (carry: C, x: X) => readonly [C, Y],
  init: C,
  xs: X,
  options: ScanOptions = {},
): [C, Y] {
  checkKeys("options", options, ["reverse", "length"]);
  const start = flattenTensors("init", init);
  const entries = flattenTensors("xs", xs);
  const length = numSteps(entries, options.length);
  let yieldTree: TreeShape | undefined;
  const step: FlatStep = (carry, x) => {
    const result = body(unflatten(start.shape, carry) as C, unflatten(entries.shape, x) as X);
    if (!Array.isArray(result) || result.length !== 2)
      throw new ArgumentError("body", result, "a function that returns [carry, yields]");
    const next = flattenTensors("body: carry", result[0]);
    if (!sameTree(next.shape, start.shape))
      throw new ArgumentError(
        "body: carry",
        next.paths.join(" "),
        `a tree like init: ${start.paths.join(" ")}`,
      );
    const yields = flattenTensors("body: yields", result[1]);
    yieldTree = yields.shape;
    return { carry: next.leaves, yields: yields.leaves };
  };
  const inputs = { init: start.leaves, xs: entries.leaves, length, reverse: options.reverse === true };
  const module = tf();
  registerLoopGradient(module);
  const { carry, yields } =
    ongoingTracing() === undefined ? unrollLoop(module, step, inputs) : runLoop(module, step, inputs);
  return [unflatten(start.shape, carry) as C, unflatten(yieldTree!, yields) as Y];
}

function numSteps(entries: FlatTensors, wanted: number | undefined): number {
  const lengths = entries.leaves.map((leaf: Tensor) => leaf.shape[0]);
  lengths.forEach((length, i) => {
    if (length === undefined || length !== (wanted ?? lengths[0])) {
      const what = `a first axis of length ${wanted ?? lengths[0] ?? "n"}`;
      throw new ArgumentError(`xs${entries.paths[i]}`, `shape [${entries.leaves[i].shape.join(", ")}]`, what);
    }
  });
  return checkInteger("options.length", wanted ?? lengths[0], { min: 1 });
}
