import type { Tensor } from "@tensorflow/tfjs";
import { checkOneOf } from "../core/checks.js";
import { gelu } from "../engine/gelu.js";

/** A function that acts on every entry by itself. */
export type ActivationFunction = (x: Tensor) => Tensor;

const ACTIVATIONS = {
  elu: (x: Tensor): Tensor => x.elu(),
  gelu: (x: Tensor): Tensor => gelu(x),
  identity: (x: Tensor): Tensor => x,
  relu: (x: Tensor): Tensor => x.relu(),
  sigmoid: (x: Tensor): Tensor => x.sigmoid(),
  silu: (x: Tensor): Tensor => x.mul(x.sigmoid()),
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
