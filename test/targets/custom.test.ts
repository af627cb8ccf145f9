import type { Tensor } from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { tf } from "../../src/engine/index.js";
import { key, normal } from "../../src/random/index.js";
import { custom, nineModes } from "../../src/targets/index.js";

describe("custom", () => {
  const nine = nineModes();

  it("differentiates a density that is typed", () => {
    const target = custom({ dim: 2, logDensity: nine.ops.logDensity, logNormConst: 0 });
    const x = normal(key(2), 2 * 5000).map((z) => 4 * z);
    const [value, slope] = [target.logDensity(x), target.score(x)];
    const [exact, exactSlope] = [nine.logDensity(x), nine.score(x)];
    // float32 (6e-8) in squares up to 20² / 0.6 and slopes up to 20 / 0.3, a few operations each
    for (let s = 0; s < exact.length; s++) expect(Math.abs(value[s] - exact[s])).toBeLessThan(4e-4);
    for (let s = 0; s < x.length; s++) expect(Math.abs(slope[s] - exactSlope[s])).toBeLessThan(4e-4);
    expect(target.logNormConst).toBe(0);
    expect("sample" in target).toBe(false);
  });

  it("takes a score that is known", () => {
    const target = custom({
      dim: 3,
      logDensity: (x) => x.square().sum(1).mul(-0.5),
      score: (x) => x.neg(),
    });
    expect([...target.score(Float64Array.of(1, -2, 3))]).toEqual([-1, 2, -3]);
  });

  it("has its float64 form in full precision where it is given", () => {
    const target = custom({ dim: 2, logDensity: nine.ops.logDensity, float64: nine });
    const x = normal(key(3), 200).map((z) => 4 * z);
    expect(target.logDensity(x)).toEqual(nine.logDensity(x));
    expect(target.score(x)).toEqual(nine.score(x));
    expect([...target.ops.logDensity(tf().zeros([1, 2])).dataSync()][0]).toBeCloseTo(nine.logDensity(new Float64Array(2))[0], 5); // prettier-ignore
  });

  it("refuses a float64 form that is another function, or of the wrong length", () => {
    const logDensity = nine.ops.logDensity;
    const shifted = {
      ...nine,
      logDensity: (x: Float64Array) => nine.logDensity(x).map((value) => value + 1),
    };
    expect(() => custom({ dim: 2, logDensity, float64: shifted })).toThrow(
      /^float64.logDensity: .*tensor form/,
    );
    const turned = { ...nine, score: (x: Float64Array) => nine.score(x).map((value) => -value) };
    expect(() => custom({ dim: 2, logDensity, float64: turned })).toThrow(/^float64.score: .*tensor form/);
    const short = { ...nine, logDensity: () => new Float64Array(1) };
    expect(() => custom({ dim: 2, logDensity, float64: short })).toThrow(
      /^float64.logDensity: .*of 3 numbers/,
    );
  });

  it("lets NaN through where the density has it", () => {
    const target = custom({ dim: 1, logDensity: (x) => x.log().squeeze([1]) });
    const values = target.logDensity(Float64Array.of(1, -1));
    expect(values[0]).toBe(0);
    expect(values[1]).toBeNaN();
  });

  it("keeps no tensors", () => {
    const target = custom({ dim: 2, logDensity: nine.ops.logDensity });
    const before = tf().memory().numTensors;
    target.score(Float64Array.of(1, 2));
    target.logDensity(Float64Array.of(1, 2));
    expect(tf().memory().numTensors).toBe(before);
  });

  const refused: readonly (readonly [string, (x: Tensor) => unknown, RegExp])[] = [
    ["a column", (x) => x.square().sum(1, true), /^logDensity: .*shape \[3\], got .*\[3, 1\]/],
    ["one number", (x) => x.square().sum(), /^logDensity: .*shape \[3\], got .*\[\]/],
    ["the points", (x) => x.square(), /^logDensity: .*shape \[3\], got .*\[3, 2\]/],
    ["a plain number", () => 3, /^logDensity: .*got 3/],
  ];
  it.each(refused)("refuses %s", (_, logDensity, message) => {
    expect(() => custom({ dim: 2, logDensity: logDensity as never })).toThrow(message);
  });

  it("refuses a score of the wrong shape and unknown options", () => {
    const logDensity = (x: Tensor): Tensor => x.square().sum(1).neg();
    expect(() => custom({ dim: 2, logDensity, score: (x) => x.sum(1) })).toThrow(/^score: .*shape \[3, 2\]/);
    expect(() => custom({ dim: 2 } as never)).toThrow(/^logDensity: expected a function/);
    expect(() => custom({ dim: 2, logDensity, stdev: 1 } as never)).toThrow(/^options.stdev/);
  });
});
