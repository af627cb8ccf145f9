import type { Tensor } from "@tensorflow/tfjs";
import { checkOneOf } from "../core/checks.js";
import { gelu } from "../engine/gelu.js";
import { tf } from "../engine/tfjs.js";

/** A function that acts on every entry by itself. */
export type ActivationFunction = (x: Tensor) => Tensor;

/** x σ(x), whose slope σ + x σ (1 - σ) shares both factors with the value. */
function silu(x: Tensor): Tensor {
  return tf().customGrad((value, save) => {
    const z = value as Tensor;
    (save as (tensors: Tensor[]) => void)([z]);
    return {
      value: z.mul(z.sigmoid()),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const gate = saved[0].sigmoid();
        return dy.mul(gate.add(saved[0].mul(gate).mul(tf().sub(1, gate))));
      },
    };
  })(x);
}

const ACTIVATIONS = {
  elu: (x: Tensor): Tensor => x.elu(),
  gelu: (x: Tensor): Tensor => gelu(x),
  identity: (x: Tensor): Tensor => x,
  relu: (x: Tensor): Tensor => x.relu(),
  sigmoid: (x: Tensor): Tensor => x.sigmoid(),
  silu,
  sin: (x: Tensor): Tensor => x.sin(),
  softplus: (x: Tensor): Tensor => x.softplus(),
  tanh: (x: Tensor): Tensor => x.tanh(),
} as const;

/** Names of activations. */
export type ActivationName = keyof typeof ACTIVATIONS;

/** An activation by name, or a function of one's own in tfjs ops. */
export type Activation = ActivationName | ActivationFunction;

/**
 * The function of a name; a function is returned as it is.
 *
 * elu x or e^x - 1; gelu x Φ(x) with the exact normal distribution function; silu x / (1 + e^-x); softplus log(1 + e^x).
 * @throws ArgumentError for an unknown name, with the nearest one
 */
export function activation(of: Activation): ActivationFunction {
  if (typeof of === "function") return of;
  return ACTIVATIONS[checkOneOf("activation", of, Object.keys(ACTIVATIONS) as ActivationName[])];
}
