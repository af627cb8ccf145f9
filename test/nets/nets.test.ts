import type * as tfjs from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  activation,
  combine,
  fourierFeatures,
  fourierMlp,
  linear,
  mlp,
  residualMlp,
  sinusoidal,
  timeNet,
  views,
  type NamedArrays,
} from "../../src/nets/index.js";
import { tf as load } from "../../src/engine/index.js";
import { key } from "../../src/random/index.js";

let tf: typeof tfjs;
beforeAll(async () => {
  tf = load();
  await tf.setBackend("cpu");
});

/** x W + b of one row in float64. */
function affine(x: readonly number[], arrays: NamedArrays, name: string): number[] {
  const { shape, data } = arrays[`${name}.weight`];
  const bias = arrays[`${name}.bias`] as NamedArrays[string] | undefined;
  return Array.from({ length: shape[1] }, (_, j) =>
    x.reduce((sum, value, i) => sum + value * data[i * shape[1] + j], bias?.data[j] ?? 0),
  );
}

/** Sums of at most 200 products of numbers below 10 in float32: 200 · 10 · 2^-24 < 2e-4, in practice far less. */
function expectClose(result: tfjs.Tensor, expected: readonly number[]): void {
  const values = [...result.dataSync()];
  expect(values).toHaveLength(expected.length);
  values.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(2e-5));
}

/** erf by its series in float64. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; k < 200; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
const gelu = (x: number): number => (x * (1 + erf(x / Math.SQRT2))) / 2;

describe("activations", () => {
  const references = {
    elu: (x: number) => (x > 0 ? x : Math.expm1(x)),
    gelu,
    identity: (x: number) => x,
    relu: (x: number) => Math.max(x, 0),
    sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
    silu: (x: number) => x / (1 + Math.exp(-x)),
    sin: Math.sin,
    softplus: (x: number) => Math.log1p(Math.exp(x)),
    tanh: Math.tanh,
  } as const;

  it.each(Object.entries(references))("%s agrees with its formula", (name, reference) => {
    const points = [-4, -1.3, -0.2, 0, 0.7, 2.5];
    const result = activation(name as keyof typeof references)(tf.tensor1d(points));
    expectClose(result, points.map(reference));
  });

  it("may be a function of one's own, and an unknown name is refused with the nearest", () => {
    const own = (x: tfjs.Tensor): tfjs.Tensor => x.square();
    expect(activation(own)).toBe(own);
    expect(() => mlp({ sizes: [1, 1, 1], activation: "tahn" as "tanh" })).toThrow('did you mean "tanh"?');
  });
});

describe("numbers of parameters", () => {
  it.each([
    [2, 37_827],
    [5, 38_214],
    [10, 38_859],
    [50, 44_019],
  ])("the path sampler's nets in %i dimensions: 129 d + 37569", (dim, count) => {
    const nets = combine({ drift: fourierMlp({ dim }), gate: timeNet({ initial: 1 }) });
    expect(nets.count).toBe(count);
    expect(nets.init(key(0))).toHaveLength(count);
  });

  it("perceptrons: each layer (inputs + 1) × outputs", () => {
    // Two hidden layers of 32 on 20 inputs with a scalar result.
    expect(mlp({ sizes: [20, 32, 32, 1] }).count).toBe(21 * 32 + 33 * 32 + 33);
    // Five hidden layers of 64 on (x, time feature) with two outputs.
    expect(mlp({ sizes: [3, 64, 64, 64, 64, 64, 2] }).count).toBe(4 * 64 + 4 * 65 * 64 + 65 * 2);
    expect(mlp({ sizes: [2, 8, 1], skip: true, output: { bias: false } }).count).toBe(3 * 8 + 8 + 2);
  });

  it("residual perceptrons", () => {
    const walk = residualMlp({ inputs: 10, outputs: 1, width: 256, blocks: 6 });
    expect(walk.count).toBe(11 * 256 + 6 * 257 * 256 + 257);
    const ritz = residualMlp({
      inputs: 10,
      outputs: 1,
      width: 64,
      blocks: 4,
      layersPerBlock: 2,
      order: "after",
    });
    expect(ritz.count).toBe(11 * 64 + 8 * 65 * 64 + 65);
    expect(ritz.spec[2].name).toBe("blocks.0.layers.0.weight");
  });
});

describe("values against float64 formulas", () => {
  it("a linear layer starts within PyTorch's bounds and computes x W + b", () => {
    const net = linear({ inputs: 4, outputs: 3 });
    const params = net.init(key(1));
    for (const value of params) expect(Math.abs(value)).toBeLessThanOrEqual(0.5);
    const arrays = views(net.spec, params);
    const named = { "l.weight": arrays.weight, "l.bias": arrays.bias };
    const x = [1, -2, 0.5, 3];
    expectClose(net.apply(tf.tensor1d(params), tf.tensor2d([x])), affine(x, named, "l"));
  });

  it("a perceptron with skip", () => {
    const net = mlp({ sizes: [3, 5, 4, 2], activation: "tanh", skip: true });
    const params = net.init(key(2));
    const arrays = views(net.spec, params);
    arrays["skip.weight"].data.set([1, 2, 3, 4, 5, 6]);
    const x = [0.3, -1, 2];
    const z1 = affine(x, arrays, "layers.0").map(Math.tanh);
    const z2 = affine(z1, arrays, "layers.1").map(Math.tanh);
    const side = affine(x, arrays, "skip");
    const expected = affine(z2, arrays, "layers.2").map((y, j) => y + side[j]);
    expectClose(net.apply(tf.tensor1d(params), tf.tensor2d([x])), expected);
  });

  it("the skip starts at zero", () => {
    const net = mlp({ sizes: [3, 5, 2], skip: true });
    expect([...views(net.spec, net.init(key(2)))["skip.weight"].data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("residual blocks, activation first: z + W a(z) + b", () => {
    const net = residualMlp({ inputs: 2, outputs: 1, width: 4, blocks: 2 });
    const params = net.init(key(3));
    const arrays = views(net.spec, params);
    const x = [0.5, -0.7];
    let z = affine(x, arrays, "input");
    for (const b of [0, 1]) {
      const add = affine(z.map(gelu), arrays, `blocks.${b}.layers.0`);
      z = z.map((value, j) => value + add[j]);
    }
    const expected = affine(z.map(gelu), arrays, "output");
    expectClose(net.apply(tf.tensor1d(params), tf.tensor2d([x])), expected);
  });

  it("residual blocks, activation last, of two layers: z + a(W2 a(W1 z + b1) + b2)", () => {
    const net = residualMlp({
      inputs: 2,
      outputs: 1,
      width: 4,
      blocks: 1,
      layersPerBlock: 2,
      order: "after",
      activation: "tanh",
    });
    const params = net.init(key(4));
    const arrays = views(net.spec, params);
    const x = [0.5, -0.7];
    const z = affine(x, arrays, "input");
    const inner = affine(z, arrays, "blocks.0.layers.0").map(Math.tanh);
    const add = affine(inner, arrays, "blocks.0.layers.1").map(Math.tanh);
    const sum = z.map((value, j) => value + add[j]);
    expectClose(net.apply(tf.tensor1d(params), tf.tensor2d([x])), affine(sum, arrays, "output"));
  });

  it("Fourier features: sines, then cosines, of c t + phase", () => {
    const features = fourierFeatures({ frequencies: [0.5, 3] });
    const phases = features.init(key(5));
    const t = 0.8;
    const angles = [0.5, 3].map((c, j) => c * t + phases[j]);
    const expected = [...angles.map(Math.sin), ...angles.map(Math.cos)];
    expectClose(features.apply(tf.tensor1d(phases), tf.tensor2d([[t]])), expected);
    const fixed = fourierFeatures({ frequencies: [0.5, 3], phases: [...phases] });
    expect(fixed.count).toBe(0);
    expectClose(fixed.apply({}, tf.tensor2d([[t]])), expected);
  });

  it("sinusoidal features: periods from 2π to almost 2π maxPeriod", () => {
    const features = sinusoidal({ size: 4, maxPeriod: 100 });
    const t = 7;
    const expected = [Math.sin(t), Math.sin(t / 10), Math.cos(t), Math.cos(t / 10)];
    expectClose(features.apply({}, tf.tensor2d([[t]])), expected);
  });

  it("the Fourier perceptron, whole and in its two parts", () => {
    const features = fourierFeatures({ frequencies: [1, 2] });
    const net = fourierMlp({ dim: 2, width: 4, features, output: {} });
    const params = net.init(key(6));
    const arrays = views(net.spec, params);
    const [x, t] = [[0.2, -1.1], 0.4];
    const angles = [1, 2].map((c, j) => c * t + arrays["time.features.phases"].data[j]);
    const waves = [...angles.map(Math.sin), ...angles.map(Math.cos)];
    const e = affine(affine(waves, arrays, "time.body.layers.0").map(gelu), arrays, "time.body.layers.1");
    let z = affine(x, arrays, "input").map((value, j) => gelu(value + e[j]));
    z = affine(z, arrays, "body.layers.0").map(gelu);
    z = affine(z, arrays, "body.layers.1").map(gelu);
    const expected = affine(z, arrays, "body.layers.2");
    const flat = tf.tensor1d(params);
    expectClose(net.apply(flat, tf.tensor2d([x]), tf.tensor2d([[t]])), expected);
    const embedded = net.embed(flat, tf.tensor2d([[t]]));
    expectClose(net.body(flat, tf.tensor2d([x, x]), embedded), [...expected, ...expected]);
  });

  it("starts as the zero function, and its coefficient as a constant", () => {
    const drift = fourierMlp({ dim: 3 });
    const gate = timeNet({ initial: 0.01 });
    const at = (values: Float32Array): tfjs.Tensor => tf.tensor1d(values);
    const t = tf.tensor2d([[0], [0.5], [1]]);
    const x = tf.randomNormal([3, 3]);
    expect([...drift.apply(at(drift.init(key(1))), x, t).dataSync()]).toEqual(Array(9).fill(0));
    expect([...gate.apply(at(gate.init(key(1))), t).dataSync()]).toEqual(Array(3).fill(Math.fround(0.01)));
  });
});

describe("gradients and memory", () => {
  it("the gradient of a loss by the flat vector agrees with central differences", () => {
    const net = fourierMlp({
      dim: 2,
      width: 3,
      hidden: 1,
      features: fourierFeatures({ frequencies: [1] }),
      output: {},
    });
    const params = net.init(key(9));
    const x = tf.tensor2d([0.4, -0.2, 1, 0.3], [2, 2]);
    const t = tf.tensor2d([[0.1], [0.9]]);
    const loss = (p: tfjs.Tensor): tfjs.Scalar => net.apply(p, x, t).square().sum().asScalar();
    const gradient = tf.grad(loss)(tf.tensor1d(params)).dataSync();
    const h = 2 ** -7;
    const at = (i: number, step: number): number => {
      const moved = Float32Array.from(params, (value, j) => (i === j ? value + step : value));
      return loss(tf.tensor1d(moved)).dataSync()[0];
    };
    // Truncation h²/6 · third derivative (< 20 here) = 2e-4; rounding 2 · 1e-7 / (2h) = 1e-5.
    params.forEach((_, i) => {
      const difference = (at(i, h) - at(i, -h)) / (2 * h);
      expect(Math.abs(gradient[i] - difference)).toBeLessThan(4e-4);
    });
  });

  it("leave no tensor behind inside of tidy", () => {
    const net = fourierMlp({ dim: 2 });
    const flat = tf.tensor1d(net.init(key(1)));
    const x = tf.zeros([4, 2]);
    const t = tf.zeros([1, 1]);
    const before = tf.memory().numTensors;
    tf.tidy(() => void net.apply(flat, x, t));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("bad input is named", () => {
  it.each<[string, () => unknown, string]>([
    ["one width", () => mlp({ sizes: [3] }), "sizes: expected at least two widths"],
    [
      "a width of zero",
      () => mlp({ sizes: [3, 0, 1] }),
      "sizes[1]: expected a whole number of at least 1, got 0",
    ],
    ["no blocks", () => residualMlp({ inputs: 1, outputs: 1, width: 4, blocks: 0 }), "blocks: expected"],
    ["an odd code", () => sinusoidal({ size: 5 }), "size: expected an even number, got 5"],
    [
      "too few phases",
      () => fourierFeatures({ frequencies: [1, 2], phases: [0] }),
      "phases: expected 2 numbers",
    ],
    ["a word for phases", () => fourierFeatures({ phases: "learn" as "learned" }), 'did you mean "learned"?'],
    [
      "NaN as a frequency",
      () => fourierFeatures({ frequencies: [NaN] }),
      "frequencies[0]: expected a finite number",
    ],
    [
      "rows of another width",
      () => mlp({ sizes: [3, 1] }).apply(tf.zeros([4]), tf.zeros([5, 2])),
      "x: expected the shape [n, 3], got",
    ],
    [
      "times as a vector",
      () => timeNet().apply(tf.zeros([16_705]), tf.zeros([5])),
      "t: expected times of shape [n, 1]",
    ],
    [
      "too few parameters",
      () => timeNet().apply(tf.zeros([3]), tf.zeros([5, 1])),
      "params: expected a flat vector of 16705 parameters",
    ],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
