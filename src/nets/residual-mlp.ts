import { checkInteger, checkOneOf } from "../core/checks.js";
import { activation as activationOf, type Activation, type ActivationFunction } from "./activations.js";
import { combine } from "./combine.js";
import { linear, net, type LayerInit, type Net } from "./linear.js";
import type { NamedTensors } from "./params.js";

/** A fully connected net whose blocks add to what they receive. */
export interface ResidualMlpOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Width of every block. */
  readonly width: number;
  readonly blocks: number;
  /** Layers in a block; default 1. */
  readonly layersPerBlock?: number;
  /** Whether a layer of a block applies the activation before or after its product; default "before". */
  readonly order?: "before" | "after";
  /** Default "gelu". */
  readonly activation?: Activation;
  /** How the last layer starts; default PyTorch's law. */
  readonly output?: LayerInit;
}

/**
 * A residual perceptron: z = x W_in + b_in; each block z <- z + f(z), f of layers a(·) W + b ("before") or a(· W + b) ("after");
 * result z W_out + b_out, with a(z) in place of z for "before".
 *
 * One layer a block and "before" is the net of neural walk-on-spheres (Nam, Berner and Anandkumar 2024); two layers and "after" that of
 * the deep Ritz method (E and Yu 2018, equation 9).
 * Parameters: (inputs + 1) width + blocks · layersPerBlock · (width + 1) width + (width + 1) outputs.
 * @throws ArgumentError
 */
export function residualMlp(options: ResidualMlpOptions): Net {
  const { inputs, outputs, width, blocks, layersPerBlock = 1, order = "before", output = {} } = options;
  checkInteger("blocks", blocks, { min: 1 });
  checkInteger("layersPerBlock", layersPerBlock, { min: 1 });
  const before = checkOneOf("order", order, ["before", "after"]) === "before";
  const act = activationOf(options.activation ?? "gelu");
  const inner = Array.from({ length: blocks }, (_, b) => block(width, layersPerBlock, before, act, b));
  const model = combine({
    input: linear({ inputs, outputs: width }),
    ...Object.fromEntries(inner.map((part, b) => [`blocks.${b}`, part])),
    output: linear({ inputs: width, outputs, ...output }),
  });
  return net(model, (params, x) => {
    const of = model.split(params) as Readonly<Record<string, NamedTensors>>;
    const start = model.parts.input.apply(of.input, x);
    const z = inner.reduce((value, part, b) => value.add(part.apply(of[`blocks.${b}`], value)), start);
    return model.parts.output.apply(of.output, before ? act(z) : z);
  });
}

function block(width: number, depth: number, before: boolean, act: ActivationFunction, b: number): Net {
  checkInteger(`width of block ${b}`, width, { min: 1 });
  const layers = Array.from({ length: depth }, () => linear({ inputs: width, outputs: width }));
  const model = combine(Object.fromEntries(layers.map((layer, l) => [`layers.${l}`, layer])));
  return net(model, (params, x) => {
    const of = model.split(params);
    return layers.reduce((z, layer, l) => {
      const weights = of[`layers.${l}`];
      return before ? layer.apply(weights, act(z)) : act(layer.apply(weights, z));
    }, x);
  });
}
