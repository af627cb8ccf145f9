import { describe, expect, it } from "vitest";
import { key } from "../../src/random/index.js";
import { funnel } from "../../src/targets/index.js";

describe("funnel", () => {
  const target = funnel();

  it("has the published moments", () => {
    expect(target.dim).toBe(10);
    const std = target.std();
    expect(std[0]).toBe(3);
    expect(std[1]).toBeCloseTo(9.487735836, 8);
    expect(std.reduce((sum, value) => sum + value, 0) / 10).toBeCloseTo(8.838962252723, 11);
    expect(std.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(819.15418, 5);
  });

  it("is the product of its conditional laws", () => {
    const x = Float64Array.of(-1.3, 0.4, 0.2);
    const normalLog = (value: number, variance: number) =>
      -(value ** 2) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2;
    const expected = normalLog(-1.3, 9) + normalLog(0.4, Math.exp(-1.3)) + normalLog(0.2, Math.exp(-1.3));
    expect(funnel({ dim: 3 }).logDensity(x)[0]).toBeCloseTo(expected, 13);
    expect(target.logNormConst).toBe(0);
  });

  it("draws it: scaled back, the coordinates are independent standard normals", () => {
    const n = 40_000;
    const draws = target.sample(key(5), n);
    const moments = new Float64Array(4);
    for (let s = 0; s < n; s++) {
      const neck = draws[10 * s];
      const z = draws[10 * s + 4] * Math.exp(-neck / 2);
      [neck / 3, neck ** 2 / 9 - 1, z, z * z - 1].forEach((value, k) => (moments[k] += value / n));
    }
    // deviations 1 and sqrt 2; six standard errors
    for (const moment of moments) expect(Math.abs(moment)).toBeLessThan((6 * Math.SQRT2) / Math.sqrt(n));
  });

  it("refuses one coordinate and a scale that is not positive", () => {
    expect(() => funnel({ dim: 1 })).toThrow(/^dim: expected a whole number of at least 2/);
    expect(() => funnel({ scale: 0 })).toThrow(/^scale: expected a positive/);
    expect(() => funnel({ sigma: 1 } as never)).toThrow(/^options.sigma/);
  });
});
