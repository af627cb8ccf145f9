import { describe, expect, it } from "vitest";
import { key } from "../../src/random/index.js";
import { chebyshevPanels } from "../../src/sde/chebyshev-panels.js";
import { density1d, gibbsDensity } from "../../src/sde/index.js";
import { doubleWell, polynomial, quadratic } from "../../src/targets/index.js";
import { dkwBound, ksDistance } from "./statistics.js";

/** Rounding of sums over a few hundred panels' points, relative to 1. */
const ROUNDING = 2e-13;

describe("chebyshevPanels", () => {
  it("reproduces an analytic function and its integral to rounding", () => {
    const panels = chebyshevPanels((x) => Math.exp(-x) * Math.sin(5 * x), -1, 3);
    const primitive = (x: number): number => (-Math.exp(-x) * (Math.sin(5 * x) + 5 * Math.cos(5 * x))) / 26;
    for (let i = 0; i <= 50; i++) {
      const x = -1 + (4 * i) / 50;
      expect(panels.value(x)).toBeCloseTo(Math.exp(-x) * Math.sin(5 * x), 13);
      expect(panels.antiderivative(x)).toBeCloseTo(primitive(x) - primitive(-1), 13);
    }
  });

  it("inverts the antiderivative of a positive function", () => {
    const panels = chebyshevPanels((x) => 1 / (1 + x * x), -4, 4);
    for (const target of [0, 1e-6, 0.3, 1.3, 2.5, panels.integral]) {
      expect(panels.inverse(target)).toBeCloseTo(Math.tan(target - Math.atan(4)), 11);
    }
  });

  it("resolves a kink and a jump", () => {
    // the panel at the kink is left at coefficients of 1e-7, a width of at most 1e-6: 1e-13
    const kink = chebyshevPanels((x) => Math.abs(x - 0.3), -1, 1).integral;
    expect(Math.abs(kink - (1.3 ** 2 + 0.7 ** 2) / 2)).toBeLessThan(2e-13);
    // a jump of 1 in the smallest panel, 2^-27 wide
    const jump = chebyshevPanels((x) => (x < 0.3 ? 0 : 1), -1, 1).integral;
    expect(Math.abs(jump - 0.7)).toBeLessThan(2 ** -27);
  });

  it("refuses an empty interval and values that are not finite", () => {
    expect(() => chebyshevPanels(Math.exp, 1, 1)).toThrow(/high: expected a number above low/);
    expect(() => chebyshevPanels((x) => 1 / x, -1, 1)).toThrow(/expected a finite number/);
    expect(() => density1d(() => 0, 0, 1)).toThrow(/positive integral/);
  });
});

describe("gibbsDensity", () => {
  it("gives the reference constants of the double well", () => {
    const well = gibbsDensity(doubleWell());
    expect(well.logNormConst).toBeCloseTo(0.6799262429, 9);
    expect(well.moment(2)).toBeCloseTo(0.8327454871, 9);
    expect(well.moment(4)).toBeCloseTo(1.0827454871, 9);
    expect(Math.abs(well.mean)).toBeLessThan(ROUNDING);
  });

  it.each([
    [0, 1, 1],
    [1000, 1e-3, 0.25],
    [-3e5, 400, 7],
  ])("is exact for a Gaussian with mean %d, variance %d at beta %d", (mean, variance, beta) => {
    const law = gibbsDensity(quadratic({ mean, variance }), { beta });
    const std = Math.sqrt(variance / beta);
    expect(law.logNormConst).toBeCloseTo(Math.log(std * Math.sqrt(2 * Math.PI)), 11);
    // x itself is known to 1e-16 |mean|
    const scale = 1 + Math.abs(mean) / std;
    expect(Math.abs(law.mean - mean) / std).toBeLessThan(ROUNDING * scale);
    expect(Math.abs(law.variance / std ** 2 - 1)).toBeLessThan(ROUNDING * scale);
    expect(law.cdf(mean)).toBeCloseTo(0.5, 10);
    expect((law.quantile(0.975) - mean) / std).toBeCloseTo(1.959963984540054, 9);
    expect(law.quantile(law.cdf(mean + std)) - mean).toBeCloseTo(std, 9);
  });

  it("keeps the relation beta E[x V'(x)] = 1 for a lopsided quartic", () => {
    const potential = polynomial([0, -3, 2, 0.5, 0.1]);
    for (const beta of [0.01, 1, 300]) {
      const law = gibbsDensity(potential, { beta });
      expect(beta * law.expectation((x) => x * potential.derivative(x))).toBeCloseTo(1, 10);
      expect(beta * law.expectation((x) => potential.derivative(x))).toBeCloseTo(0, 9);
    }
  });

  it("draws from its law", () => {
    const law = gibbsDensity(doubleWell({ barrier: 3 }));
    const n = 20000;
    // DKW: P(sup |F_n - F| > bound) is at most 1e-6
    expect(ksDistance(law.sample(key(3), n), (x) => law.cdf(x))).toBeLessThan(dkwBound(n, 1e-6));
  });

  it("refuses potentials that do not confine, NaN and bad arguments", () => {
    expect(() => gibbsDensity(polynomial([0, 1]))).toThrow(/confines/);
    expect(() => gibbsDensity(polynomial([0, 0, -1]))).toThrow(/confines/);
    expect(() =>
      gibbsDensity({ value: (x) => Math.log(x), derivative: (x) => 1 / x, text: "log(x)" }),
    ).toThrow(/potential\(-1\)/);
    expect(() => gibbsDensity(doubleWell(), { beta: 0 })).toThrow(/beta: expected a positive/);
    const law = gibbsDensity(doubleWell());
    expect(() => law.quantile(1.5)).toThrow(/probability/);
    expect(() => law.moment(-1)).toThrow(/k: expected/);
  });
});
