import type { Tensor } from "@tensorflow/tfjs";
import { gelu } from "../../src/engine/gelu.js";
import { tf as load } from "../../src/engine/tfjs.js";
import * as jet from "./jet.js";
import type { Jet } from "./jet.js";

/** A function of one variable in tfjs and as a float64 series, with points where it is smooth. */
export interface UnaryCase {
  readonly name: string;
  readonly f: (x: Tensor) => Tensor;
  readonly reference: (x: Jet) => Jet;
  readonly points: readonly number[];
}

const tf = load();
const wide = [-2, -0.9, -0.1, 0.3, 0.7, 1.6];
const positive = [0.2, 0.5, 1, 2.5];
const unit = [-0.7, -0.2, 0.1, 0.6];
const branch = (x: Jet, ifPositive: (x: Jet) => Jet, otherwise: (x: Jet) => Jet): Jet =>
  x[0] > 0 ? ifPositive(x) : otherwise(x);
const zero = (): Jet => jet.constant(0);
const same = (x: Jet): Jet => x;
const one = jet.constant(1);
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

const cases: [string, (x: Tensor) => Tensor, (x: Jet) => Jet, readonly number[]][] = [
  ["abs", tf.abs, (x) => branch(x, same, (y) => jet.scale(y, -1)), wide],
  ["acosh", tf.acosh, jet.acosh, [1.5, 2, 3]],
  ["asin", tf.asin, jet.asin, unit],
  ["acos", tf.acos, (x) => jet.sub(jet.constant(Math.PI / 2), jet.asin(x)), unit],
  ["asinh", tf.asinh, jet.asinh, wide],
  ["atan", tf.atan, jet.atan, wide],
  ["atanh", tf.atanh, jet.atanh, unit],
  [
    "clip",
    (x) => x.clipByValue(-0.5, 1),
    (x) => (x[0] < -0.5 || x[0] > 1 ? jet.constant(x[0] < 0 ? -0.5 : 1) : x),
    wide,
  ],
  ["cos", tf.cos, jet.cos, wide],
  ["cosh", tf.cosh, jet.cosh, wide],
  [
    "cumprod",
    (x) => tf.cumprod(tf.stack([x, x, x]), 0).sum(0),
    (x) => jet.add(x, jet.add(jet.mul(x, x), jet.mul(x, jet.mul(x, x)))),
    wide,
  ],
  ["elu", tf.elu, (x) => branch(x, same, (y) => jet.shift(jet.exp(y), -1)), wide],
  ["erf", tf.erf, jet.erf, wide],
  ["exp", tf.exp, jet.exp, wide],
  ["exp(-x^2)", (x) => x.square().neg().exp(), (x) => jet.exp(jet.scale(jet.mul(x, x), -1)), wide],
  ["expm1", tf.expm1, (x) => jet.shift(jet.exp(x), -1), wide],
  [
    "floor and round",
    (x) => x.floor().add(x.round()).add(x.ceil()).add(x.sign()).mul(x),
    (x) => jet.scale(x, Math.floor(x[0]) + Math.round(x[0]) + Math.ceil(x[0]) + Math.sign(x[0])),
    wide,
  ],
  ["gelu", gelu, (x) => jet.scale(jet.mul(x, jet.shift(jet.erf(jet.scale(x, Math.SQRT1_2)), 1)), 0.5), wide],
  [
    "leaky relu",
    (x) => tf.leakyRelu(x.mul(x.abs()), 0.1),
    (x) =>
      branch(
        x,
        (y) => jet.mul(y, y),
        (y) => jet.scale(jet.mul(y, y), -0.1),
      ),
    wide,
  ],
  ["log", tf.log, jet.log, positive],
  ["log sigmoid", tf.logSigmoid, (x) => jet.log(jet.sigmoid(x)), wide],
  ["log1p", tf.log1p, (x) => jet.log(jet.shift(x, 1)), positive],
  [
    "max with a constant",
    (x) => tf.maximum(x.square(), 0.5).mul(x),
    (x) => (x[0] ** 2 > 0.5 ? jet.mul(x, jet.mul(x, x)) : jet.scale(x, 0.5)),
    wide,
  ],
  [
    "min with a constant",
    (x) => tf.minimum(x.square(), 0.5).mul(x),
    (x) => (x[0] ** 2 < 0.5 ? jet.mul(x, jet.mul(x, x)) : jet.scale(x, 0.5)),
    wide,
  ],
  ["power 0", (x) => x.pow(0).mul(x), same, [-1, 0, 2]],
  ["power 2", (x) => x.pow(2), (x) => jet.mul(x, x), [-1, 0, 2]],
  ["power 3", (x) => x.pow(3), (x) => jet.mul(x, jet.mul(x, x)), [-1, 0, 2]],
  ["power 1.7", (x) => x.pow(1.7), (x) => jet.power(x, 1.7), positive],
  ["power -2", (x) => x.pow(-2), (x) => jet.power(x, -2), positive],
  ["x^x", (x) => x.pow(x), (x) => jet.exp(jet.mul(x, jet.log(x))), positive],
  [
    "prod",
    (x) => tf.prod(tf.stack([x, x.sin(), x.add(2)]), 0),
    (x) => jet.mul(jet.mul(x, jet.sin(x)), jet.shift(x, 2)),
    wide,
  ],
  ["reciprocal", tf.reciprocal, (x) => jet.div(one, x), positive],
  ["relu", (x) => tf.relu(x).mul(x), (x) => branch(x, (y) => jet.mul(y, y), zero), wide],
  [
    "relu6",
    (x) => tf.relu6(x.mul(4)).mul(x),
    (x) => branch(x, (y) => (4 * y[0] > 6 ? jet.scale(y, 6) : jet.scale(jet.mul(y, y), 4)), zero),
    wide,
  ],
  ["rsqrt", tf.rsqrt, (x) => jet.power(x, -0.5), positive],
  [
    "selu",
    tf.selu,
    (x) =>
      branch(
        x,
        (y) => jet.scale(y, SELU.scale),
        (y) => jet.scale(jet.shift(jet.exp(y), -1), SELU.scale * SELU.alpha),
      ),
    wide,
  ],
  ["sigmoid", tf.sigmoid, jet.sigmoid, wide],
  ["silu", (x) => x.mul(x.sigmoid()), (x) => jet.mul(x, jet.sigmoid(x)), wide],
  ["sin", tf.sin, jet.sin, wide],
  ["sinh", tf.sinh, jet.sinh, wide],
  ["softplus", tf.softplus, jet.softplus, wide],
  ["sqrt", tf.sqrt, (x) => jet.power(x, 0.5), positive],
  ["square", tf.square, (x) => jet.mul(x, x), wide],
  [
    "squared difference",
    (x) => tf.squaredDifference(x, x.square()),
    (x) => {
      const d = jet.sub(x, jet.mul(x, x));
      return jet.mul(d, d);
    },
    wide,
  ],
  ["tan", tf.tan, (x) => jet.div(jet.sin(x), jet.cos(x)), unit],
  ["tanh", tf.tanh, jet.tanh, wide],
  [
    "where",
    (x) => tf.where(x.greater(0.2), x.exp(), x.square()),
    (x) => (x[0] > 0.2 ? jet.exp(x) : jet.mul(x, x)),
    wide,
  ],
  ["x / (1 + x^2)", (x) => x.div(x.square().add(1)), (x) => jet.div(x, jet.shift(jet.mul(x, x), 1)), wide],
  [
    "softmax of (x, 2x)",
    (x) =>
      tf
        .softmax(tf.stack([x, x.mul(2)], 1))
        .slice([0, 0], [-1, 1])
        .flatten(),
    (x) => jet.sigmoid(jet.scale(x, -1)),
    wide,
  ],
  [
    "log-softmax of (x, 2x)",
    (x) =>
      tf
        .logSoftmax(tf.stack([x, x.mul(2)], 1))
        .slice([0, 0], [-1, 1])
        .flatten(),
    (x) => jet.scale(jet.softplus(x), -1),
    wide,
  ],
  [
    "log-sum-exp of (x, x^2)",
    (x) => tf.logSumExp(tf.stack([x, x.square()], 1), 1),
    (x) => jet.log(jet.add(jet.exp(x), jet.exp(jet.mul(x, x)))),
    unit,
  ],
  [
    "cross-entropy of (x, 0)",
    (x) =>
      tf.losses.softmaxCrossEntropy(
        tf.onesLike(x).expandDims(1).concat(tf.zerosLike(x).expandDims(1), 1),
        tf.stack([x, tf.zerosLike(x)], 1),
        undefined,
        0,
        tf.Reduction.NONE,
      ),
    (x) => jet.softplus(jet.scale(x, -1)),
    wide,
  ],
  [
    "mod",
    (x) => tf.mod(x.add(5), 1.5).mul(x),
    (x) => jet.mul(jet.shift(x, 5 - 1.5 * Math.floor((x[0] + 5) / 1.5)), x),
    wide,
  ],
  [
    "atan2",
    (x) => tf.atan2(x, x.square().add(1)),
    (x) => jet.atan(jet.div(x, jet.shift(jet.mul(x, x), 1))),
    wide,
  ],
];

/** Every operation whose gradient was mended, and the smooth ones around them. */
export const unaryCases: readonly UnaryCase[] = cases.map(([name, f, reference, points]) => ({
  name,
  f,
  reference,
  points,
}));

/** Derivatives 0 to 3 of an entrywise function of a vector. */
export function derivativesOf(f: (x: Tensor) => Tensor): ((x: Tensor) => Tensor)[] {
  const slope = (g: (x: Tensor) => Tensor) => (x: Tensor) => tf.grad((z: Tensor) => g(z).sum())(x);
  const first = slope(f);
  const second = slope(first);
  return [f, first, second, slope(second)];
}
