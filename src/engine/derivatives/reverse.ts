import type { Tensor } from "@tensorflow/tfjs";
import { ArgumentError } from "../../core/errors.js";
import { flatten, unflatten, type TreeShape } from "../../core/tree.js";
import { tf } from "../tfjs.js";

/** A tree of tensors taken apart. */
export interface FlatTensors {
  readonly leaves: Tensor[];
  readonly paths: string[];
  readonly shape: TreeShape;
}

/** @throws ArgumentError where something in the tree is not a tensor */
export function flattenTensors(argument: string, tree: unknown): FlatTensors {
  const isTensor = (value: unknown): value is Tensor => value instanceof tf().Tensor;
  return flatten(argument, tree, isTensor, "a tensor, or a list or record of them");
}

/**
 * Gradients of y = f(xs) for a given dy (ones by default); zeros for inputs on which y does not depend, and for those
 * that are not float32. The inputs are copied first: a tensor that f captures as well counts as a constant there.
 */
export function pullBack(
  f: (xs: Tensor[]) => Tensor,
  xs: readonly Tensor[],
  dy?: Tensor,
): { value: Tensor; gradients: Tensor[] } {
  const module = tf();
  return module.tidy(() => {
    const copies = xs.map((x) => x.clone());
    const { value, grads } = module.engine().gradients(() => f(copies), copies, dy);
    return { value, gradients: grads };
  });
}

/**
 * Value and gradient of a scalar function of a tree of tensors.
 * @param f returns one number (a tensor with one entry)
 * @returns x -> { value, gradient }; the gradient is a tree like x
 * @throws ArgumentError where f returns something else
 */
export function valueAndGrad<X>(f: (x: X) => Tensor): (x: X) => { value: Tensor; gradient: X } {
  return (x) => {
    const { leaves, shape } = flattenTensors("x", x);
    const { value, gradients } = pullBack((xs) => scalar(f(unflatten(shape, xs) as X)), leaves);
    return { value, gradient: unflatten(shape, gradients) as X };
  };
}

/**
 * Gradient of a scalar function of a tree of tensors.
 * @param f returns one number (a tensor with one entry)
 * @returns x -> gradient, a tree like x
 * @throws ArgumentError where f returns something else
 */
export function grad<X>(f: (x: X) => Tensor): (x: X) => X {
  return (x) =>
    tf().tidy(() => {
      const { gradient } = valueAndGrad(f)(x);
      return gradient as never;
    });
}

function scalar(y: Tensor): Tensor {
  if (!(y instanceof tf().Tensor) || y.size !== 1) {
    throw new ArgumentError("f", y, "a function that returns a tensor with one entry");
  }
  return y;
}

/** The inner product of two trees of the same arrangement. */
export function innerProduct(a: readonly Tensor[], b: readonly Tensor[]): Tensor {
  return a.map((x, i) => x.mul(b[i]).sum()).reduce((sum, term) => sum.add(term));
}

/**
 * Vector-Jacobian product.
 * @param f from a tree of tensors to a tree of tensors
 * @param v a tree like f(x)
 * @returns f(x), and v^T df/dx as a tree like x
 * @throws ArgumentError where v does not fit f(x)
 */
export function vjp<X, Y>(f: (x: X) => Y, x: X, v: Y): { value: Y; gradient: X } {
  const input = flattenTensors("x", x);
  const direction = flattenTensors("v", v);
  return tf().tidy(() => {
    const outputs: Tensor[] = [];
    const run = (xs: Tensor[]): Tensor => {
      const value = flattenTensors("f(x)", f(unflatten(input.shape, xs) as X));
      checkLike("v", direction, value);
      outputs.push(...value.leaves.map((leaf) => tf().keep(leaf.clone())));
      return innerProduct(value.leaves, direction.leaves);
    };
    const { gradients } = pullBack(run, input.leaves);
    const value = unflatten(direction.shape, outputs.map(release)) as Y;
    return { value, gradient: unflatten(input.shape, gradients) as X } as never;
  });
}

/** Ends the special life of a kept tensor: the scope around it owns what is returned. */
function release(kept: Tensor): Tensor {
  const copy = kept.clone();
  kept.dispose();
  return copy;
}

/** @throws ArgumentError where two trees differ in arrangement or in the shape of a leaf */
export function checkLike(argument: string, given: FlatTensors, expected: FlatTensors): void {
  expected.leaves.forEach((leaf, i) => {
    const other = given.leaves.at(i);
    if (given.paths[i] !== expected.paths[i] || other?.shape.join() !== leaf.shape.join()) {
      const what = `a tensor of shape [${leaf.shape.join(", ")}]`;
      throw new ArgumentError(`${argument}${expected.paths[i]}`, other?.shape, what);
    }
  });
}
