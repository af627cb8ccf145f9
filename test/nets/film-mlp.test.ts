import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { nets, random } from "../../src/index.js";

const net = nets.filmMlp({ inputs: 3, conditions: 2, outputs: 2, width: 4, blocks: 2, embedding: 5 });
const params = Float32Array.from(random.normal(random.key(1), net.count)).map((value) => 0.5 * value);
const x = Float32Array.from(random.normal(random.key(2), 6));
const c = Float32Array.from(random.normal(random.key(3), 4));
const apply = (p: Float32Array) => [
  ...net.apply(tf.tensor1d(p), tf.tensor2d(x, [2, 3]), tf.tensor2d(c, [2, 2])).dataSync(),
];

describe("filmMlp", () => {
  it("is the formula, written out in loops", () => {
    const of = nets.views(net.spec, params);
    const silu = (v: number) => v / (1 + Math.exp(-v));
    const affine = (name: string, v: readonly number[]) => {
      const { data: weight, shape } = of[`${name}.weight`];
      return Array.from({ length: shape[1] }, (_, j) =>
        v.reduce((sum, value, i) => sum + value * weight[i * shape[1] + j], of[`${name}.bias`].data[j]),
      );
    };
    const one = (row: number) => {
      let e = affine("film.layers.0", [...c.slice(2 * row, 2 * row + 2)]).map(silu);
      e = affine("film.layers.1", e).map(silu);
      e = affine("film.layers.2", e);
      let z = affine("input", [...x.slice(3 * row, 3 * row + 3)]);
      for (let b = 0; b < 2; b++) {
        const [gain, shift] = [e.slice(8 * b, 8 * b + 4), e.slice(8 * b + 4, 8 * b + 8)];
        const lit = affine(`layers.${2 * b}`, z).map((v, i) => silu((1 + gain[i]) * v + shift[i]));
        z = affine(`layers.${2 * b + 1}`, lit).map((v, i) => v + z[i]);
      }
      return affine("output", z);
    };
    apply(params).forEach((value, i) => expect(value).toBeCloseTo([...one(0), ...one(1)][i], 4));
  });

  it("is zero at the start", () => {
    expect(apply(net.init(random.key(4)))).toEqual([0, 0, 0, 0]);
  });

  it("refuses a width of nothing by name", () => {
    expect(() => nets.filmMlp({ inputs: 3, conditions: 2, width: 0 })).toThrow(/width/);
    expect(() => nets.filmMlp({ inputs: 3, conditions: 0 })).toThrow(/conditions/);
  });
});
