import { describe, expect, it } from "vitest";
import { foldIn, key, normal, uniform } from "../../src/random/index.js";
import {
  coordinate,
  energyDistance,
  histogram,
  kolmogorovSmirnov,
  relativeL2,
  secondMoment,
  secondMomentError,
  secondMomentFloor,
  slicedWasserstein,
  summary,
} from "../../src/metrics/index.js";

describe("second moments", () => {
  it("are those of a sum by hand, symmetric", () => {
    const moment = secondMoment(Float64Array.of(1, 2, 3, -4), 2);
    expect(Array.from(moment)).toEqual([5, -5, -5, 10]);
    expect(secondMomentError(Float64Array.of(1, 2, 3, -4), moment)).toBe(0);
    expect(secondMomentError(Float64Array.of(1, 2, 3, -4), Float64Array.of(5, 0, 0, 10))).toBeCloseTo(
      Math.sqrt(50 / 125),
      14,
    );
  });

  it("of exact Gaussian draws miss by the floor, as a root mean square", () => {
    // x = (z0, z0/2 + z1): M = [[1, .5], [.5, 1.25]]
    const exact = Float64Array.of(1, 0.5, 0.5, 1.25);
    const [n, repetitions] = [500, 2000];
    const squares = Float64Array.from({ length: repetitions }, (_, r) => {
      const z = normal(foldIn(key(5), r), 2 * n);
      for (let i = 0; i < z.length; i += 2) z[i + 1] += z[i] / 2;
      return secondMomentError(z, exact) ** 2;
    });
    const { mean, standardError } = summary(squares);
    const floor = secondMomentFloor(exact, n);
    expect(Math.abs(mean - floor ** 2)).toBeLessThan(5 * standardError); // fails by chance once in 1.7 million
    // Gaussian fourth moments give the same floor by the exact formula
    const fourth = Float64Array.of(3, 1 * 1.25 + 2 * 0.25, 1 * 1.25 + 2 * 0.25, 3 * 1.25 ** 2);
    expect(secondMomentFloor(exact, n, { fourth })).toBeCloseTo(floor, 14);
  });

  it("refuse what does not fit", () => {
    expect(() => secondMomentError(new Float64Array(4), new Float64Array(3))).toThrow(
      "exact: expected a square matrix",
    );
    expect(() => secondMomentError(new Float64Array(4), new Float64Array(4))).toThrow("not zero");
    expect(() => secondMomentError(Float64Array.of(1, NaN), Float64Array.of(1, 0, 0, 1))).toThrow(
      "points[1]",
    );
    expect(() => secondMoment(new Float64Array(5), 2)).toThrow("points: expected a length");
  });
});

describe("energy distance", () => {
  it("is the sum over all pairs, made without all pairs in memory", async () => {
    const x = normal(key(1), 2 * 1500);
    const y = normal(key(2), 2 * 1100).map((v) => v + 0.3);
    const sum = (a: Float64Array, b: Float64Array) => {
      let total = 0;
      for (let i = 0; i < a.length; i += 2)
        for (let j = 0; j < b.length; j += 2) total += Math.hypot(a[i] - b[j], a[i + 1] - b[j + 1]);
      return total;
    };
    const expected = (2 * sum(x, y)) / (1500 * 1100) - sum(x, x) / (1500 * 1499) - sum(y, y) / (1100 * 1099);
    expect(await energyDistance(x, y, 2)).toBeCloseTo(expected, 11);
  });

  it("of two point masses a distance apart is twice the distance", async () => {
    expect(await energyDistance(Float64Array.of(0, 0, 0), Float64Array.of(3, 3), 1)).toBeCloseTo(6, 14);
  });
});

describe("sliced Wasserstein", () => {
  it("of a shift by v in d dimensions is |v|/sqrt(d)", async () => {
    const x = normal(key(3), 3 * 400);
    const y = x.map((value, i) => value + [1, -2, 0.5][i % 3]);
    const projections = 4000;
    const found = (await slicedWasserstein(x, y, 3, { key: key(9), projections })) ** 2;
    // (θ·v)² on the sphere has mean |v|²/3 and variance |v|⁴ (1/5 - 1/9)
    const v2 = 1 + 4 + 0.25;
    expect(Math.abs(found - v2 / 3)).toBeLessThan(5 * v2 * Math.sqrt((1 / 5 - 1 / 9) / projections));
  });

  it("takes unequal numbers of points: doubled points change nothing", async () => {
    const x = normal(key(4), 2 * 50);
    const doubled = Float64Array.of(...x, ...x);
    const y = normal(key(5), 2 * 70);
    const options = { key: key(1), projections: 16 };
    expect(await slicedWasserstein(doubled, y, 2, options)).toBeCloseTo(
      await slicedWasserstein(x, y, 2, options),
      12,
    );
  });
});

describe("marginals", () => {
  it("Kolmogorov–Smirnov: exact draws stay within the bound that 1 in a million exceeds, shifted ones do not", () => {
    const n = 20_000;
    const u = uniform(key(6), n);
    const bound = Math.sqrt(Math.log(2e6) / (2 * n));
    const cdf = (x: number) => Math.min(1, Math.max(0, x));
    expect(kolmogorovSmirnov(u, cdf)).toBeLessThan(bound);
    expect(
      kolmogorovSmirnov(
        u.map((x) => x + 2 * bound),
        cdf,
      ),
    ).toBeGreaterThan(bound);
    expect(kolmogorovSmirnov(Float64Array.of(0.5), cdf)).toBe(0.5);
  });

  it("histograms are densities of all samples", () => {
    const { centres, density } = histogram(Float64Array.of(0, 0.4, 0.6, 5), { low: 0, high: 1, bins: 2 });
    expect([Array.from(centres), Array.from(density)]).toEqual([
      [0.25, 0.75],
      [1, 0.5],
    ]);
    expect(() => histogram(new Float64Array(1), { low: 1, high: 1 })).toThrow(
      "high: expected a number above low",
    );
  });

  it("coordinates are columns", () => {
    expect(Array.from(coordinate(Float64Array.of(1, 2, 3, 4), 2, 1))).toEqual([2, 4]);
    expect(() => coordinate(new Float64Array(4), 2, 2)).toThrow("index");
  });
});

describe("summaries", () => {
  it("of repetitions", () => {
    expect(summary([1, 2, 3, 6])).toEqual({
      count: 4,
      mean: 3,
      standardDeviation: Math.sqrt(14 / 3),
      standardError: Math.sqrt(14 / 3) / 2,
      min: 1,
      max: 6,
    });
    expect(summary([1, NaN]).mean).toBeNaN();
    expect(summary([2]).standardError).toBeNaN();
    expect(() => summary([])).toThrow("values: expected at least one number");
  });

  it("relative L2 errors weigh", () => {
    const [found, exact] = [Float64Array.of(1, 3), Float64Array.of(1, 2)];
    expect(relativeL2(found, exact)).toBeCloseTo(Math.sqrt(1 / 5), 15);
    expect(relativeL2(found, exact, Float64Array.of(1, 0))).toBe(0);
    expect(relativeL2(Float64Array.of(1, NaN), exact, Float64Array.of(1, 0))).toBe(0);
    expect(relativeL2(Float64Array.of(1, NaN), exact)).toBeNaN();
    expect(() => relativeL2(found, new Float64Array(2))).toThrow("exact");
  });
});
