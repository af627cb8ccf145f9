import type { Tensor } from "@tensorflow/tfjs";
import { unflatten } from "../../core/tree.js";
import { tf } from "../tfjs.js";
import { checkLike, flattenTensors, innerProduct, pullBack } from "./reverse.js";

/**
 * Jacobian-vector product, as the derivative of u -> <u^T df/dx, v>, which is linear in u: compiled, nothing but the
 * forward derivative remains.
 * @param f from a tree of tensors to a tree of tensors
 * @param v a tree like x
 * @returns f(x), and df/dx v as a tree like f(x)
 * @throws ArgumentError where v does not fit x
 */
export function jvp<X, Y>(f: (x: X) => Y, x: X, v: X): { value: Y; tangent: Y } {
  const input = flattenTensors("x", x);
  const direction = flattenTensors("v", v);
  checkLike("v", direction, input);
  const run = (xs: Tensor[]) => flattenTensors("f(x)", f(unflatten(input.shape, xs) as X));
  return tf().tidy(() => {
    const value = run(input.leaves);
    const { gradients } = pullBack(
      (us) => {
        const back = pullBack((xs) => innerProduct(run(xs).leaves, us), input.leaves);
        return innerProduct(back.gradients, direction.leaves);
      },
      value.leaves.map((leaf) => tf().zeros(leaf.shape)),
    );
    return {
      value: unflatten(value.shape, value.leaves) as Y,
      tangent: unflatten(value.shape, gradients) as Y,
    } as never;
  });
}
