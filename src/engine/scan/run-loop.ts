import type { Tensor } from "@tensorflow/tfjs";
import type { TensorFlow } from "../tfjs.js";
import { currentTracing } from "../trace/tracing.js";
import { checkCarry, TracedLoop, type FlatStep, type LoopInputs } from "./loop.js";

/** What a loop ends with: the last carried tensors, and what all steps yield, stacked in the order of the entries. */
export interface LoopResult {
  readonly carry: Tensor[];
  readonly yields: Tensor[];
}

/** A loop as one operation of the program that is being traced. */
export function runLoop(tf: TensorFlow, step: FlatStep, inputs: LoopInputs): LoopResult {
  const loop = new TracedLoop(tf, step, inputs);
  const tracing = currentTracing();
  for (const tensor of loop.captured) {
    // The gradient runs the body again, when the scope that made the tensor may have ended.
    if (!tensor.kept) tracing.kept.push(tf.keep(tensor));
  }
  const all = [...inputs.init, ...inputs.xs, ...loop.captured];
  const results = tf.engine().runKernel<Tensor[]>("Scan", all as never, { loop } as never);
  const numYields = results.length - 2 * loop.numCarried;
  return {
    carry: results.slice(0, loop.numCarried),
    yields: results.slice(loop.numCarried, loop.numCarried + numYields),
  };
}

/** A loop step by step, on tfjs's current backend. */
export function unrollLoop(
  tf: TensorFlow,
  step: FlatStep,
  { init, xs, length, reverse }: LoopInputs,
): LoopResult {
  let carry = [...init];
  const yields: Tensor[][] = [];
  const columns = xs.map((x) => x.unstack());
  for (let i = 0; i < length; i++) {
    const place = reverse ? length - 1 - i : i;
    const result = step(
      carry,
      columns.map((entries) => entries[place]),
    );
    checkCarry(init, result.carry);
    carry = result.carry;
    yields[place] = result.yields;
  }
  const numYields = yields[0]?.length ?? 0;
  const stacked = Array.from({ length: numYields }, (_, i) => tf.stack(yields.map((row) => row[i])));
  return { carry, yields: stacked };
}
