import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../tfjs.js";
import { sumTo } from "./broadcast.js";

/** Gradients of arithmetic that tfjs lacks or gets wrong. */
export function arithmeticGradients(tf: TensorFlow): GradConfig[] {
  const mask = (condition: Tensor): Tensor => condition.toFloat();

  /** d max(a, b): the whole of dy goes to the larger one, to a where they are equal. */
  const choice = (
    kernelName: string,
    takesA: (a: Tensor, b: Tensor) => Tensor,
    takesB: (a: Tensor, b: Tensor) => Tensor,
  ): GradConfig => ({
    kernelName,
    inputsToSave: ["a", "b"],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumTo(tf, (dy as Tensor).mul(mask(takesA(a, b))), a.shape),
      b: () => sumTo(tf, (dy as Tensor).mul(mask(takesB(a, b))), b.shape),
    }),
  });

  return [
    choice("Maximum", tf.greaterEqual, tf.less),
    choice("Minimum", tf.lessEqual, tf.greater),
    { kernelName: "Settle", gradFunc: (dy) => ({ x: () => dy as Tensor }) },
    {
      kernelName: "SquaredDifference",
      inputsToSave: ["a", "b"],
      gradFunc: (dy, [a, b]) => {
        const slope = (dy as Tensor).mul(a.sub(b)).mul(2);
        return { a: () => sumTo(tf, slope, a.shape), b: () => sumTo(tf, slope.neg(), b.shape) };
      },
    },
    {
      kernelName: "Mod",
      inputsToSave: ["a", "b"],
      gradFunc: (dy, [a, b]) => ({
        a: () => sumTo(tf, dy as Tensor, a.shape),
        b: () => sumTo(tf, (dy as Tensor).mul(a.div(b).floor().neg()), b.shape),
      }),
    },
    {
      kernelName: "FloorDiv",
      inputsToSave: ["a", "b"],
      gradFunc: (_, [a, b]) => ({ a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) }),
    },
    {
      kernelName: "Abs",
      inputsToSave: ["x"],
      gradFunc: (dy, [x]) => ({ x: () => (dy as Tensor).mul(x.sign()) }),
    },
    {
      kernelName: "Rsqrt",
      inputsToSave: ["x"],
      gradFunc: (dy, [x]) => ({ x: () => (dy as Tensor).mul(x.rsqrt()).div(x).mul(-0.5) }),
    },
    powGradient(tf),
  ];
}

/**
 * d a^b = b a^(b-1) da + a^b log(a) db. The powers that derivatives of polynomials end in are kept away from
 * 0 · 0^-1, and the logarithm from bases that have none.
 */
function powGradient(tf: TensorFlow): GradConfig {
  return {
    kernelName: "Pow",
    inputsToSave: ["a", "b"],
    outputsToSave: [true],
    gradFunc: (dy, [a, b, y]) => {
      const exponent = b.toFloat();
      const base = a.toFloat();
      return {
        a: () => {
          const flat = exponent.equal(0).logicalAnd(base.equal(0));
          const lower = tf.where(flat, tf.onesLike(exponent), exponent.sub(1));
          const power = tf.where(flat, tf.zerosLike(exponent), exponent).mul(base.pow(lower));
          return sumTo(tf, (dy as Tensor).mul(power), a.shape);
        },
        b: () => {
          const positive = base.greater(0);
          const log = tf.where(positive, base, tf.onesLike(base)).log();
          return sumTo(tf, (dy as Tensor).mul(y).mul(log), b.shape);
        },
      };
    },
  };
}
