import { GraphBuilder } from "../../onnx/index.js";
import { foldIn, uniform, type Key } from "../../random/index.js";

/** A multilayer perceptron with exact GELU after each hidden layer; its weights are one flat vector. */
export interface Network {
  /** Input, hidden layers, output. */
  readonly widths: readonly number[];
  /** Number of weights and biases. */
  readonly size: number;
  /** Layer l: weights of widths[l]·widths[l+1] from `weights[l]`, row by row of inputs, then biases from `biases[l]`. */
  readonly weights: readonly number[];
  readonly biases: readonly number[];
}

/** The layout of a network with these widths. */
export function network(widths: readonly number[]): Network {
  const weights: number[] = [];
  const biases: number[] = [];
  let size = 0;
  for (let l = 0; l + 1 < widths.length; l++) {
    weights.push(size);
    size += widths[l] * widths[l + 1];
    biases.push(size);
    size += widths[l + 1];
  }
  return { widths, size, weights, biases };
}

/** Weights and biases uniform on ±1/sqrt(fan-in), layer l from the key's child l. */
export function initialWeights(net: Network, key: Key): Float64Array {
  const out = new Float64Array(net.size);
  for (let l = 0; l + 1 < net.widths.length; l++) {
    const bound = 1 / Math.sqrt(net.widths[l]);
    const end = net.biases[l] + net.widths[l + 1];
    const u = uniform(foldIn(key, l), end - net.weights[l]);
    u.forEach((value, k) => (out[net.weights[l] + k] = bound * (2 * value - 1)));
  }
  return out;
}

/** Names, offsets and shapes of the tensors that the flat vector holds: w0, b0, w1, ... */
export function tensorsOf(net: Network): { name: string; start: number; end: number; shape: number[] }[] {
  return net.weights.flatMap((start, l) => {
    const [inputs, outputs] = [net.widths[l], net.widths[l + 1]];
    const middle = net.biases[l];
    return [
      { name: `w${l}`, start, end: middle, shape: [inputs, outputs] },
      { name: `b${l}`, start: middle, end: middle + outputs, shape: [outputs] },
    ];
  });
}

/** Model of the network in float32: inputs "x" [n, inputs] and "weights", the flat vector; output "y". */
export function forwardModel(net: Network): Uint8Array {
  const builder = new GraphBuilder();
  const { layers } = layersOf(builder, net, false);
  builder.output("y", layers[layers.length - 1], "float32", ["n", net.widths[net.widths.length - 1]]);
  return builder.model();
}

/**
 * Model of the weights' gradient of Σ y·dy: inputs "x", "weights", "dy" and "ones" [1, n]; output "gradient", in the weights' order.
 * Hidden layers are computed again: to fetch them from memory takes as long.
 */
export function gradientModel(net: Network): Uint8Array {
  const builder = new GraphBuilder();
  const { layers, slopes, weights } = layersOf(builder, net, true);
  const last = net.widths.length - 2;
  let d = builder.input("dy", "float32", ["n", net.widths[last + 1]]);
  const ones = builder.input("ones", "float32", [1, "n"]);
  const parts: string[] = [];
  for (let l = last; l >= 0; l--) {
    const dw = builder.node("Gemm", [layers[l], d], { transA: 1, alpha: { float: scaleOf(l) } });
    const db = builder.node("MatMul", [ones, d]); // several times as fast as a sum over rows
    parts.unshift(flat(builder, dw), flat(builder, db));
    if (l > 0) {
      const back = builder.node("Gemm", [d, weights[l].factor], { transB: 1, alpha: { float: 0.5 } });
      d = builder.node("Mul", [back, slopes[l - 1]]);
    }
  }
  builder.output("gradient", builder.node("Concat", parts, { axis: 0 }), "float32", [net.size]);
  return builder.model();
}

function flat(builder: GraphBuilder, value: string): string {
  return builder.node("Reshape", [value, builder.integers([-1])]);
}

/** A layer's parts of the flat vector. */
interface Layer {
  readonly factor: string;
  readonly bias: string;
}

function weightsOf(builder: GraphBuilder, net: Network): Layer[] {
  const tensors = tensorsOf(net);
  const sizes = builder.integers(tensors.map(({ start, end }) => end - start));
  const vector = builder.input("weights", "float32", [net.size]);
  const parts = builder.nodeWithOutputs("Split", [vector, sizes], tensors.length, { axis: 0 });
  return net.weights.map((_, l) => {
    const shape = builder.integers(tensors[2 * l].shape);
    return { factor: builder.node("Reshape", [parts[2 * l], shape]), bias: parts[2 * l + 1] };
  });
}

interface Layers {
  /** The input, u (1 + erf u) of the hidden layers, which is √2 GELU(z) for z = √2 u, and the output. */
  readonly layers: string[];
  /** 2 GELU'(z) at the hidden layers, where wanted. */
  readonly slopes: string[];
  readonly weights: Layer[];
}

/** Factors √½ and 2 go into the products, so that a hidden layer is three passes over its numbers. */
function layersOf(builder: GraphBuilder, net: Network, withSlopes: boolean): Layers {
  const layers = [builder.input("x", "float32", ["n", net.widths[0]])];
  const slopes: string[] = [];
  const weights = weightsOf(builder, net);
  weights.forEach(({ factor, bias }, l, { length }) => {
    const beta = l + 1 === length ? 1 : Math.SQRT1_2;
    const z = builder.node("Gemm", [layers[l], factor, bias], {
      alpha: { float: beta * scaleOf(l) },
      beta: { float: beta },
    });
    layers.push(l + 1 === length ? z : gelu(builder, z, withSlopes ? slopes : undefined));
  });
  return { layers, slopes, weights };
}

/** What layer l's numbers are to be multiplied by. */
function scaleOf(l: number): number {
  return l === 0 ? 1 : Math.SQRT1_2;
}

/** u (1 + erf u); 2 GELU'(√2 u) = 1 + erf u + 2/√π u exp(-u²) goes to `slopes`. */
function gelu(builder: GraphBuilder, u: string, slopes: string[] | undefined): string {
  const scalar = (value: number): string => builder.constant(Float32Array.of(value), []);
  const twice = builder.node("Add", [builder.node("Erf", [u]), scalar(1)]);
  if (slopes !== undefined) {
    const exponent = builder.node("Sub", [
      scalar(Math.log(2 / Math.sqrt(Math.PI))),
      builder.node("Mul", [u, u]),
    ]);
    const rest = builder.node("Mul", [u, builder.node("Exp", [exponent])]);
    slopes.push(builder.node("Add", [twice, rest]));
  }
  return builder.node("Mul", [u, twice]);
}
