import type * as tfjs from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  combine,
  flatten,
  linear,
  pack,
  parametrised,
  unflatten,
  views,
  zeros,
} from "../../src/nets/index.js";
import { tf as load } from "../../src/engine/index.js";
import { foldIn, key } from "../../src/random/index.js";

let tf: typeof tfjs;
beforeAll(async () => {
  tf = load();
  await tf.setBackend("cpu");
});

const layer = linear({ inputs: 2, outputs: 3 });
const count = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);

describe("a specification", () => {
  it("refuses a name used twice and an empty axis", () => {
    const param = { name: "w", shape: [2], init: zeros() };
    expect(() => parametrised([param, param])).toThrow('spec: expected every name once, got "w"');
    expect(() => parametrised([{ ...param, shape: [2, 0] }])).toThrow('spec["w"].shape[1]');
  });

  it("draws array i with the i-th child of the key", () => {
    const values = views(layer.spec, layer.init(key(5)));
    expect(values.weight.data).toEqual(layer.spec[0].init(foldIn(key(5), 0), [2, 3]));
    expect(values.bias.data).toEqual(layer.spec[1].init(foldIn(key(5), 1), [3]));
  });
});

describe("named views", () => {
  it("are windows: what is written to one is in the vector", () => {
    const values = count(9);
    const { weight, bias } = views(layer.spec, values);
    expect(weight).toMatchObject({ shape: [2, 3] });
    expect([...weight.data]).toEqual([0, 1, 2, 3, 4, 5]);
    bias.data[1] = -1;
    expect(values[7]).toBe(-1);
  });

  it("refuse another length or type", () => {
    expect(() => views(layer.spec, count(8))).toThrow(
      "values: expected a Float32Array of 9 parameters, got Float32Array(8)",
    );
    expect(() => views(layer.spec, new Float64Array(9) as unknown as Float32Array)).toThrow(
      "Float64Array(9)",
    );
  });

  it("pack undoes them, whatever the order of the names", () => {
    const { weight, bias } = views(layer.spec, count(9));
    expect(pack(layer.spec, { bias, weight })).toEqual(count(9));
  });

  it("pack names an array that is missing, misspelt or misshapen", () => {
    const { weight, bias } = views(layer.spec, count(9));
    expect(() => pack(layer.spec, { weight })).toThrow('an array named "bias"');
    expect(() => pack(layer.spec, { weight, biass: bias })).toThrow('did you mean "bias"?');
    const transposed = { shape: [3, 2], data: weight.data };
    expect(() => pack(layer.spec, { weight: transposed, bias })).toThrow(
      'arrays["weight"]: expected the shape 2 × 3, got "3 × 2"',
    );
  });
});

describe("unflatten and flatten in tfjs", () => {
  it("are inverse to each other, also under differentiation", () => {
    const flat = tf.tensor1d(count(9));
    const back = flatten(layer.spec, unflatten(layer.spec, flat));
    expect([...back.dataSync()]).toEqual([...count(9)]);
    const gradient = tf.grad((p: tfjs.Tensor) => {
      const { weight, bias } = unflatten(layer.spec, p);
      return weight
        .mul(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]))
        .sum()
        .add(bias.mul(-1).sum());
    })(flat);
    expect([...gradient.dataSync()]).toEqual([1, 2, 3, 4, 5, 6, -1, -1, -1]);
  });

  it("refuse another length and a missing name", () => {
    expect(() => unflatten(layer.spec, tf.zeros([8]))).toThrow(
      "params: expected a flat vector of 9 parameters",
    );
    expect(() => unflatten(layer.spec, tf.zeros([3, 3]))).toThrow("[3, 3]");
    expect(() => flatten(layer.spec, { weight: tf.zeros([2, 3]) })).toThrow('a tensor named "bias"');
  });
});

describe("several nets in one vector", () => {
  const model = combine({ first: layer, second: linear({ inputs: 1, outputs: 1 }) });

  it("have names, counts and places", () => {
    expect(model.spec.map(({ name }) => name)).toEqual([
      "first.weight",
      "first.bias",
      "second.weight",
      "second.bias",
    ]);
    expect(model.count).toBe(11);
    expect(model.range("second")).toEqual({ start: 9, end: 11 });
  });

  it("each receive their own parameters", () => {
    const { first, second } = model.split(tf.tensor1d(count(11)));
    const y = model.parts.first.apply(first, tf.tensor2d([[1, 1]]));
    expect([...y.dataSync()]).toEqual([0 + 3 + 6, 1 + 4 + 7, 2 + 5 + 8]);
    expect([...model.parts.second.apply(second, tf.tensor2d([[2]])).dataSync()]).toEqual([28]);
  });

  it("cannot be none", () => {
    expect(() => combine({})).toThrow("parts: expected at least one net");
  });
});
