import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger } from "../core/checks.js";
import { activation as activationOf, type Activation } from "./activations.js";
import { combine } from "./combine.js";
import { constant, zeros } from "./initialisers.js";
import { linear, net, type LayerInit, type Net } from "./linear.js";
import { mlp } from "./mlp.js";
import type { NamedTensors, Parametrised, ParamTensors } from "./params.js";
import { fourierFeatures, type TimeFeatures } from "./time-features.js";

/** A net of time alone. */
export interface TimeNetOptions {
  /** Widths of the hidden layers; default [64, 64, 64]. */
  readonly hidden?: readonly number[];
  /** Default 1. */
  readonly outputs?: number;
  /** What the net is at the start, at every time: its last layer has zero weights and this bias. Without it PyTorch's law. */
  readonly initial?: number;
  /** Default Fourier features with 64 frequencies from 0.1 to 100 and learned phases. */
  readonly features?: TimeFeatures;
  /** Default "gelu". */
  readonly activation?: Activation;
}

/**
 * A function of time: t [n, 1] to [n, outputs], features of time into a perceptron.
 *
 * The defaults make the coefficient s(t) of path-space samplers. It depends on time only: evaluate it once a step, not once a sample.
 * Parameters: `features.phases`, `body.layers.l.weight`, `body.layers.l.bias`.
 * @throws ArgumentError
 */
export function timeNet(options: TimeNetOptions = {}): Net {
  const { hidden = [64, 64, 64], outputs = 1, initial, features = fourierFeatures(), activation } = options;
  const output: LayerInit = initial === undefined ? {} : { weight: zeros(), bias: constant(initial) };
  const body = mlp({ sizes: [features.outputs, ...hidden, outputs], activation, output });
  const model = combine({ features, body });
  return net(model, (params, t) => {
    const of = model.split(params);
    return body.apply(of.body, features.apply(of.features, t));
  });
}

/** The net of path-space samplers. */
export interface FourierMlpOptions {
  /** Width of x. */
  readonly dim: number;
  /** Default dim. */
  readonly outputs?: number;
  /** Width of every layer; default 64. */
  readonly width?: number;
  /** Layers between the first and the last; default 2. */
  readonly hidden?: number;
  /** Default Fourier features with 64 frequencies from 0.1 to 100 and learned phases. */
  readonly features?: TimeFeatures;
  /** Default "gelu". */
  readonly activation?: Activation;
  /** How the last layer starts; default all zero. */
  readonly output?: LayerInit;
}

/** A net of points and times. */
export interface FourierMlp extends Parametrised {
  /** x [n, dim] and times t [n, 1] or [1, 1] to [n, outputs]. @throws ArgumentError for other shapes */
  readonly apply: (params: ParamTensors, x: Tensor, t: Tensor) => Tensor;
  /** e(t) alone: t [m, 1] to [m, width]; once for all steps of a simulation. */
  readonly embed: (params: ParamTensors, t: Tensor) => Tensor;
  /** The rest, given the rows of `embed` that belong to x: e [n, width] or [1, width]. */
  readonly body: (params: ParamTensors, x: Tensor, e: Tensor) => Tensor;
}

/**
 * A perceptron with time added to its first layer:
 *
 *   e(t) = L2 a(L1 features(t)),  z = Lx x + e(t),  z <- L_k a(z) for k = 1..hidden,  result Lo a(z).
 *
 * Source: Zhang and Chen 2022 (the path integral sampler), appendix; as built by Berner, Richter and Ullrich 2024.
 * With the defaults and a `timeNet({ initial })` for the coefficient: 129 dim + 37,569 parameters.
 * @throws ArgumentError
 */
export function fourierMlp(options: FourierMlpOptions): FourierMlp {
  const { dim, outputs = dim, width = 64, hidden = 2, features, activation = "gelu" } = options;
  const { output = { weight: zeros(), bias: zeros() } } = options;
  checkInteger("dim", dim, { min: 1 });
  checkInteger("hidden", hidden, { min: 0 });
  const act = activationOf(activation);
  const time = timeNet({ hidden: [width], outputs: width, features, activation });
  const input = linear({ inputs: dim, outputs: width });
  const body = mlp({ sizes: [...Array<number>(hidden + 1).fill(width), outputs], activation, output });
  const model = combine({ time, input, body });
  const rest = (of: Record<"input" | "body", NamedTensors>, x: Tensor, e: Tensor): Tensor =>
    body.apply(of.body, act(input.apply(of.input, x).add(e)));
  const { spec, count, init } = model;
  return {
    spec,
    count,
    init,
    embed: (params, t) => time.apply(model.split(params).time, t),
    body: (params, x, e) => rest(model.split(params), x, e),
    apply(params, x, t) {
      const of = model.split(params);
      return rest(of, x, time.apply(of.time, t));
    },
  };
}
