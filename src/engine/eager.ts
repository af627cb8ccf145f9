import type { Tensor } from "@tensorflow/tfjs";
import { flatten, unflatten, type TreeShape } from "../core/tree.js";
import { tf } from "./tfjs.js";

/**
 * Run a function operation by operation on tfjs's current backend.
 * @param asTensors whether to return tensors, else their entries
 */
export async function runEagerly(
  fn: (input: unknown) => unknown,
  tree: TreeShape,
  inputs: readonly Tensor[],
  asTensors: boolean,
): Promise<unknown> {
  const isTensor = (value: unknown): value is Tensor => value instanceof tf().Tensor;
  const result = tf().tidy(() => fn(unflatten(tree, inputs)) as never) as unknown;
  const { leaves, shape } = flatten(
    "the result of fn",
    result,
    isTensor,
    "a tensor, or a list or record of them",
  );
  if (asTensors) {
    tf().dispose(inputs.filter((input) => !leaves.includes(input)));
    return result;
  }
  const entries = await Promise.all(leaves.map((leaf) => leaf.data()));
  tf().dispose([...inputs, ...leaves]);
  return unflatten(shape, entries);
}
