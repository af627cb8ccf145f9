import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { activation as activationOf, type Activation } from "./activations.js";
import { combine } from "./combine.js";
import { zeros } from "./initialisers.js";
import { linear, net, type LayerInit, type Net } from "./linear.js";
import type { NamedTensors } from "./params.js";

/** A fully connected net. */
export interface MlpOptions {
  /** Widths from the inputs over the hidden layers to the outputs, such as [3, 64, 64, 2]. */
  readonly sizes: readonly number[];
  /** After every layer but the last; default "gelu". */
  readonly activation?: Activation;
  /** How hidden layers start; default PyTorch's law. */
  readonly hidden?: LayerInit;
  /** How the last layer starts; default as the hidden ones. */
  readonly output?: LayerInit;
  /** Add a linear map from the inputs to the outputs, started at zero; default false. */
  readonly skip?: boolean;
}

/**
 * A multilayer perceptron: z_0 = x, z_{l+1} = a(z_l W_l + b_l), result z_{L-1} W_{L-1} + b_{L-1} (+ x S).
 *
 * Parameters `layers.l.weight` [sizes[l], sizes[l+1]] and `layers.l.bias`, `skip.weight`: Σ (sizes[l] + 1) sizes[l+1] numbers without skip.
 * @throws ArgumentError for fewer than two sizes or an unknown activation
 */
export function mlp(options: MlpOptions): Net {
  const { sizes, activation = "gelu", hidden = {}, output = hidden, skip = false } = options;
  if (!Array.isArray(sizes) || sizes.length < 2) {
    throw new ArgumentError("sizes", sizes, "at least two widths, inputs and outputs");
  }
  sizes.forEach((size: number, l) => checkInteger(`sizes[${l}]`, size, { min: 1 }));
  const act = activationOf(activation);
  const last = sizes.length - 2;
  const layers = sizes.slice(1).map((outputs: number, l) => {
    return linear({ inputs: sizes[l] as number, outputs, ...(l === last ? output : hidden) });
  });
  const side = skip ? skipLayer(sizes) : undefined;
  const parts = Object.fromEntries(layers.map((layer, l) => [`layers.${l}`, layer]));
  const model = combine(side === undefined ? parts : { ...parts, skip: side });
  return net(model, (params, x) => {
    const of: Readonly<Record<string, NamedTensors>> = model.split(params);
    const z = layers.reduce((value, layer, l) => {
      const next = layer.apply(of[`layers.${l}`], value);
      return l === last ? next : act(next);
    }, x);
    return side === undefined ? z : z.add(side.apply(of.skip, x));
  });
}

function skipLayer(sizes: readonly number[]): Net {
  return linear({ inputs: sizes[0], outputs: sizes[sizes.length - 1], weight: zeros(), bias: false });
}
