import { describe, expect, it } from "vitest";
import {
  constant,
  fansOf,
  kaimingNormal,
  kaimingUniform,
  normal,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
} from "../../src/nets/initialisers.js";
import { key } from "../../src/random/index.js";

const SHAPE = [200, 100];
const N = SHAPE[0] * SHAPE[1];

/** Mean and variance of a law held to 6 standard errors: a failure by chance has probability below 4e-9 a test. */
function expectMoments(values: Float32Array, variance: number, kurtosis: number): void {
  expect(values).toHaveLength(N);
  const mean = values.reduce((sum, v) => sum + v, 0) / N;
  const second = values.reduce((sum, v) => sum + v * v, 0) / N;
  expect(Math.abs(mean)).toBeLessThan(6 * Math.sqrt(variance / N));
  expect(Math.abs(second - variance)).toBeLessThan(6 * variance * Math.sqrt((kurtosis - 1) / N));
}

const UNIFORM_LAWS = [
  ["PyTorch's weight", kaimingUniform(Math.sqrt(5)), 1 / Math.sqrt(200)],
  ["He, rectifier", kaimingUniform(), Math.sqrt(6 / 200)],
  ["Glorot", xavierUniform(), Math.sqrt(6 / 300)],
  ["Glorot, gain 5/3", xavierUniform(5 / 3), (5 / 3) * Math.sqrt(6 / 300)],
  ["given bound", uniform(0.25), 0.25],
] as const;

describe("uniform laws", () => {
  it.each(UNIFORM_LAWS)("%s: the right bound, reached, with the moments of the law", (_, law, bound) => {
    const values = law(key(1), SHAPE);
    const largest = values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    expect(largest).toBeLessThanOrEqual(Math.fround(bound));
    // P(max < (1 - 1e-3) bound) = (1 - 1e-3)^20000 = 2e-9
    expect(largest).toBeGreaterThan(0.999 * bound);
    expectMoments(values, bound ** 2 / 3, 9 / 5);
  });
});

const NORMAL_LAWS = [
  ["given deviation", normal(0.5), 0.25],
  ["Glorot", xavierNormal(), 2 / 300],
  ["He, rectifier", kaimingNormal(), 2 / 200],
] as const;

describe("normal laws", () => {
  it.each(NORMAL_LAWS)("%s: the moments of the law", (_, law, variance) => {
    expectMoments(law(key(2), SHAPE), variance, 3);
  });

  it("are moved by a mean", () => {
    const moved = normal(1, 3)(key(4), [5]);
    normal(1)(key(4), [5]).forEach((z, i) => expect(moved[i]).toBeCloseTo(z + 3, 5));
  });
});

it("constants are constant, whatever the key", () => {
  expect([...constant(0.01)(key(1), [2])]).toEqual([Math.fround(0.01), Math.fround(0.01)]);
  expect([...zeros()(key(1), [3])]).toEqual([0, 0, 0]);
});

it("a key gives the same values every time, another key others", () => {
  const law = kaimingUniform();
  expect(law(key(7), [4, 4])).toEqual(law(key(7), [4, 4]));
  expect(law(key(7), [4, 4])).not.toEqual(law(key(8), [4, 4]));
});

it("fans count the receptive field of convolutions", () => {
  expect(fansOf([3, 3, 8, 16])).toEqual({ inputs: 72, outputs: 144 });
  expect(fansOf([5])).toEqual({ inputs: 1, outputs: 5 });
});

it.each([
  ["constant", () => constant(NaN), "value"],
  ["normal", () => normal(-1), "std"],
  ["uniform", () => uniform(Infinity), "bound"],
  ["xavierUniform", () => xavierUniform(0), "gain"],
])("%s refuses an argument that makes no law", (_, make, argument) => {
  expect(make).toThrow(`${argument}: expected`);
});
