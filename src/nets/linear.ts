import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { kaimingUniform, uniform, type Initialiser } from "./initialisers.js";
import { parametrised, unflatten, type Param, type Parametrised, type ParamTensors } from "./params.js";

/** A net of one input. */
export interface Net extends Parametrised {
  /**
   * The net's outputs [n, outputs] for inputs `x` [n, inputs], in tfjs ops.
   * @throws ArgumentError for parameters or inputs of another shape
   */
  readonly apply: (params: ParamTensors, x: Tensor) => Tensor;
}

/** A net from its parameters and its function. */
export function net({ spec, count, init }: Parametrised, apply: Net["apply"]): Net {
  return { spec, count, init, apply };
}

/** How a layer starts. */
export interface LayerInit {
  /** Of the weight [inputs, outputs]; default U(±1/sqrt(inputs)), PyTorch's. */
  readonly weight?: Initialiser;
  /** Of the bias [outputs]; default U(±1/sqrt(inputs)), PyTorch's; `false` for a layer without one. */
  readonly bias?: Initialiser | false;
}

/** A single layer. */
export interface LinearOptions extends LayerInit {
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * An affine layer: x W + b.
 *
 * Starts as PyTorch's `Linear` does, kaimingUniform(√5) for W and U(±1/sqrt(inputs)) for b, unless told otherwise.
 * @throws ArgumentError
 */
export function linear(options: LinearOptions): Net {
  const { inputs, outputs, weight = kaimingUniform(Math.sqrt(5)), bias } = options;
  checkInteger("inputs", inputs, { min: 1 });
  checkInteger("outputs", outputs, { min: 1 });
  const spec: Param[] = [{ name: "weight", shape: [inputs, outputs], init: weight }];
  if (bias !== false) {
    spec.push({ name: "bias", shape: [outputs], init: bias ?? uniform(1 / Math.sqrt(inputs)) });
  }
  return net(parametrised(spec), (params, x) => {
    checkInputs(x, inputs);
    const tensors = unflatten(spec, params);
    const product = x.matMul(tensors.weight);
    return bias === false ? product : product.add(tensors.bias);
  });
}

/** Rows of the right width. @throws ArgumentError */
export function checkInputs(x: Tensor, inputs: number): void {
  if (x.rank !== 2 || x.shape[1] !== inputs) {
    throw new ArgumentError("x", `a tensor of shape [${x.shape.join(", ")}]`, `the shape [n, ${inputs}]`);
  }
}
