import { describe, expect, it } from "vitest";
import { key } from "../../src/random/index.js";
import { gaussianMixture, nineModes } from "../../src/targets/index.js";

describe("nineModes", () => {
  const target = nineModes();

  it("has the published moments", () => {
    for (const std of target.std()) expect(std).toBeCloseTo(4.119061381756, 11);
    expect([...target.mean()]).toEqual([0, 0]);
    expect(target.logNormConst).toBe(0);
  });

  it("integrates to one, with these moments", () => {
    // trapezoidal rule for Gaussians of deviation 0.55 at step 0.1: error exp(-2 (pi 0.55/0.1)²), tails beyond 5 + 8.2 deviations
    const step = 0.1;
    const side = Float64Array.from({ length: 191 }, (_, i) => (i - 95) * step);
    const points = Float64Array.from({ length: 2 * 191 * 191 }, (_, at) =>
      at % 2 === 0 ? side[Math.floor(at / 2 / 191)] : side[Math.floor(at / 2) % 191],
    );
    const density = target.logDensity(points).map((value) => Math.exp(value) * step * step);
    const mass = density.reduce((sum, p) => sum + p, 0);
    const second = density.reduce((sum, p, s) => sum + p * points[2 * s] ** 2, 0);
    expect(Math.abs(mass - 1)).toBeLessThan(1e-12);
    expect(Math.abs(second - target.std()[0] ** 2)).toBeLessThan(1e-11);
  });

  it("draws each mode as often as the others", () => {
    const n = 90_000;
    const draws = target.sample(key(3), n);
    const counts = new Map<string, number>();
    for (let s = 0; s < n; s++) {
      const mode = [draws[2 * s], draws[2 * s + 1]].map((x) => Math.round(x / 5)).join();
      counts.set(mode, (counts.get(mode) ?? 0) + 1);
    }
    // a draw is nearer to another mode with probability 1e-5 only; six standard errors of a count: 6 sqrt(n 8/81)
    for (const mode of ["-1,-1", "0,0", "1,-1", "1,1"]) {
      expect(Math.abs((counts.get(mode) ?? 0) - n / 9)).toBeLessThan(6 * Math.sqrt((n * 8) / 81));
    }
  });
});

describe("gaussianMixture", () => {
  it("has the moments of a mixture with unequal weights and axes", () => {
    const target = gaussianMixture({
      means: [
        [0, 2],
        [3, -1],
      ],
      variances: [[1, 4], 0.5],
      weights: [3, 1],
    });
    expect([...target.weights]).toEqual([0.75, 0.25]);
    expect([...target.mean()]).toEqual([0.75, 1.25]);
    // E[x²] - mean²: 0.75·1 + 0.25·(0.5 + 9) - 0.5625 and 0.75·(4 + 4) + 0.25·(0.5 + 1) - 1.5625
    expect(target.std()[0]).toBeCloseTo(Math.sqrt(2.5625), 14);
    expect(target.std()[1]).toBeCloseTo(Math.sqrt(4.8125), 14);
  });

  it("stays exact far from every mode, and never draws a component of weight zero", () => {
    const target = gaussianMixture({ means: [[0], [100]], variances: 1, weights: [1, 0] });
    expect(target.score(Float64Array.of(99))[0]).toBe(-99);
    expect(target.logDensity(Float64Array.of(99))[0]).toBeCloseTo(
      -(99 ** 2) / 2 - Math.log(2 * Math.PI) / 2,
      10,
    );
    expect(Math.max(...target.sample(key(1), 1000))).toBeLessThan(7);
  });

  it.each([
    [{ means: [], variances: 1 }, /^means: expected at least one centre/],
    [{ means: [[0, 1], [1]], variances: 1 }, /^means\[1\]: expected 2 numbers/],
    [{ means: [[0, NaN]], variances: 1 }, /^means\[0\]\[1\]/],
    [{ means: [[0]], variances: 0 }, /^variances\[0\]: expected a positive/],
    [
      { means: [[0], [1]], variances: [1] },
      /^variances: expected one number, or one entry for each of the 2/,
    ],
    [{ means: [[0], [1]], variances: 1, weights: [1] }, /^weights: expected 2 numbers/],
    [{ means: [[0], [1]], variances: 1, weights: [0, 0] }, /^weights: expected a positive sum/],
    [{ means: [[0]], variance: 1 }, /did you mean "variances"/],
  ])("refuses %j", (options, message) => {
    expect(() => gaussianMixture(options as never)).toThrow(message);
  });
});
