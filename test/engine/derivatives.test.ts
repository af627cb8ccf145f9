import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { divergence } from "../../src/engine/derivatives/divergence.js";
import { jvp } from "../../src/engine/derivatives/forward.js";
import { jacobian } from "../../src/engine/derivatives/jacobian.js";
import { laplacian } from "../../src/engine/derivatives/laplacian.js";
import { grad, valueAndGrad, vjp } from "../../src/engine/derivatives/reverse.js";
import { gelu } from "../../src/engine/gelu.js";
import { tf as load } from "../../src/engine/tfjs.js";
import { add, constant, derivatives, erf, line, mul, scale, shift, type Jet } from "./jet.js";

const tf = load();
/** Fixed numbers without pattern in [-1, 1). */
const pattern = (length: number, offset: number): number[] =>
  Array.from({ length }, (_, i) => (((i + offset) * 0.6180339887498949) % 1) * 2 - 1);
const rows = tf.tensor2d(pattern(12, 1), [4, 3]);
const weights = { first: tf.tensor2d(pattern(15, 40), [3, 5]), second: tf.tensor2d(pattern(5, 80), [5, 1]) };
const close = (a: Tensor, b: Tensor | number[]): void =>
  tf.test_util.expectArraysClose([...a.dataSync()], Array.isArray(b) ? b : [...b.dataSync()], 2e-5);

describe("grad and valueAndGrad", () => {
  const loss = ({ first, second }: typeof weights): Tensor =>
    rows.matMul(first).tanh().matMul(second).square().sum();

  it("return trees like their argument", () => {
    const gradient = grad(loss)(weights);
    const [first, second] = tf.grads((a: Tensor, b: Tensor) =>
      loss({ first: a, second: b } as typeof weights),
    )([weights.first, weights.second]);
    close(gradient.first, first);
    close(gradient.second, second);
    const { value, gradient: same } = valueAndGrad(loss)(weights);
    close(value, loss(weights));
    close(same.first, first);
  });

  it("take a captured tensor for a constant, also when it is the argument itself", () => {
    const x = tf.scalar(3);
    expect(grad((y: Tensor) => y.mul(x))(x).dataSync()[0]).toBe(3);
  });

  it("refuse a function without a single value, and trees with something else in them", () => {
    expect(() => grad((x: Tensor) => x.mul(2))(rows)).toThrow(
      /^f: expected a function that returns a tensor with one/,
    );
    expect(() => grad((x: { a: Tensor }) => x.a.sum())({ a: 3 as unknown as Tensor })).toThrow(
      /^x\.a: expected a tensor/,
    );
  });

  it("leave no tensors behind but their results", () => {
    const before = tf.memory().numTensors;
    const { gradient, value } = valueAndGrad(loss)(weights);
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([gradient.first, gradient.second, value]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("vjp, jvp and jacobian", () => {
  const f = ({ x, y }: { x: Tensor; y: Tensor }): { sum: Tensor; wave: Tensor } => ({
    sum: x.mul(y).sum(),
    wave: x.sin().add(y.exp()),
  });
  const at = { x: tf.tensor1d([0.5, -1, 2]), y: tf.tensor1d([1, 0.25, -0.5]) };

  it("agree with formulas on trees", () => {
    const v = { sum: tf.scalar(2), wave: tf.tensor1d([1, -1, 0.5]) };
    const { value, gradient } = vjp(f, at, v);
    close(value.wave, at.x.sin().add(at.y.exp()));
    close(gradient.x, at.y.mul(2).add(at.x.cos().mul(v.wave)));
    close(gradient.y, at.x.mul(2).add(at.y.exp().mul(v.wave)));

    const direction = { x: tf.tensor1d([1, 2, 3]), y: tf.tensor1d([-1, 0, 1]) };
    const { tangent } = jvp(f, at, direction);
    close(tangent.sum, direction.x.mul(at.y).add(direction.y.mul(at.x)).sum());
    close(tangent.wave, direction.x.mul(at.x.cos()).add(direction.y.mul(at.y.exp())));
  });

  it("leave no tensors behind but their results", () => {
    const before = tf.memory().numTensors;
    const forward = jvp(f, at, at);
    const back = vjp(f, at, forward.tangent);
    expect(tf.memory().numTensors).toBe(before + 8);
    tf.dispose([forward, back]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("name the member that does not fit", () => {
    const wrong = { sum: tf.scalar(1), wave: tf.tensor1d([1, 2]) };
    expect(() => vjp(f, at, wrong)).toThrow(/^v\.wave: expected a tensor of shape \[3\]/);
    expect(() => jvp(f, at, { x: at.x } as typeof at)).toThrow(/^v\.y: expected a tensor of shape \[3\]/);
  });

  it.each([
    ["more rows than columns", 2, 3],
    ["more columns than rows", 3, 2],
  ])("the Jacobian with %s is the matrix of a linear map", (_, inputs, outputs) => {
    const matrix = tf.tensor2d(pattern(inputs * outputs, 5), [outputs, inputs]);
    const map = (x: Tensor): Tensor =>
      matrix
        .matMul(x.reshape([inputs, 1]))
        .flatten()
        .exp()
        .log();
    const j = jacobian(map)(tf.tensor1d(pattern(inputs, 9)));
    expect(j.shape).toEqual([outputs, inputs]);
    close(j, matrix);
  });
});

describe("divergence and Laplacian", () => {
  it("of x -> (x1 x2, x2^2, sin x3) is x2 + 2 x2 + cos x3", () => {
    const field = (x: Tensor2D): Tensor => {
      const [a, b, c] = x.unstack(1);
      return tf.stack([a.mul(b), b.square(), c.sin()], 1);
    };
    const [, b, c] = rows.unstack(1);
    close(divergence(field)(rows), b.mul(3).add(c.cos()));
  });

  it("by Hutchinson is exact for probes that form an orthogonal frame, and checks their shape", () => {
    const matrix = tf.tensor2d(pattern(9, 3), [3, 3]);
    const probes = tf.stack(
      [
        [1, 1, 1],
        [1, -1, 1],
        [1, 1, -1],
        [1, -1, -1],
      ].map((v) => tf.tensor2d([v, v, v, v])),
    );
    const trace = pattern(9, 3)
      .filter((_, i) => i % 4 === 0)
      .reduce((a, b) => a + b);
    // Over the four sign patterns with first sign +, v v' averages to the unit matrix.
    const linear = (x: Tensor2D): Tensor => x.matMul(matrix);
    close(divergence(linear, { probes })(rows), [trace, trace, trace, trace]);
    expect(() => divergence(linear, { probes: tf.ones([2, 2]) })(rows)).toThrow(
      /^options\.probes: expected shape/,
    );
    expect(() => divergence((x) => x.sum(1))(rows)).toThrow(/^f: expected a function that returns rows/);
  });

  it.each(["forward", "reverse", "auto"] as const)("of a quadratic and of a net, in %s order", (order) => {
    close(laplacian((x) => x.square().sum(1), { order })(rows), [6, 6, 6, 6]);
    const net = (x: Tensor2D): Tensor => gelu(x.matMul(weights.first)).matMul(weights.second);
    const [first, second] = [weights.first.dataSync(), weights.second.dataSync()];
    const gate = (x: Jet): Jet => scale(mul(x, shift(erf(scale(x, Math.SQRT1_2)), 1)), 0.5);
    const point = rows.dataSync();
    const expected = [0, 1, 2, 3].map((n) => {
      let total = 0;
      for (let axis = 0; axis < 3; axis++) {
        let y = constant(0);
        for (let j = 0; j < 5; j++) {
          let z = constant(0);
          for (let i = 0; i < 3; i++)
            z = add(z, scale(line(point[3 * n + i], i === axis ? 1 : 0), first[5 * i + j]));
          y = add(y, scale(gate(z), second[j]));
        }
        total += derivatives(y)[2];
      }
      return total;
    });
    close(laplacian(net, { order })(rows), expected);
  });

  it("refuse a function that does not return one number a row", () => {
    expect(() => laplacian((x) => x)(rows)).toThrow(
      /^f: expected a function that returns one number for each/,
    );
  });
});
