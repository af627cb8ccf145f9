import { describe, expect, it } from "vitest";
import {
  bootstrapInterval,
  kernelDensity,
  marginalL1,
  marginalL1Floor,
  secondMomentError,
  secondMomentFloor,
  summary,
  twoPoint,
} from "../../src/metrics/index.js";
import { foldIn, key, normal, uniform } from "../../src/random/index.js";
import { ginzburgLandau } from "../../src/targets/index.js";

describe("kernelDensity", () => {
  it("is the mean of kernels", () => {
    const samples = Float64Array.of(0.4, -1, 2);
    const grid = Float64Array.of(-3, 0, 0.5);
    const found = kernelDensity(samples, grid, { bandwidth: 0.7 });
    grid.forEach((x, i) => {
      let sum = 0;
      for (const s of samples)
        sum += Math.exp(-(((x - s) / 0.7) ** 2) / 2) / (0.7 * Math.sqrt(2 * Math.PI)) / 3;
      expect(Math.abs(found[i] - sum)).toBeLessThan(1e-14);
    });
  });

  it("has mass 1, and comes near the density that was sampled", () => {
    const n = 20_000;
    const grid = Float64Array.from({ length: 801 }, (_, i) => -8 + i / 50);
    const found = kernelDensity(normal(key(1), n), grid);
    expect(found.reduce((sum, p) => sum + p / 50, 0)).toBeCloseTo(1, 12);
    // bias b²/2 |p''| ≤ 0.2 b²; six standard deviations sqrt(p / (2 b n sqrt(π))) with p ≤ 0.4
    const bandwidth = 0.9 * n ** -0.2;
    const bound = 0.2 * bandwidth ** 2 + 6 * Math.sqrt(0.4 / (2 * bandwidth * n * Math.sqrt(Math.PI)));
    grid.forEach((x, i) => {
      expect(Math.abs(found[i] - Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI))).toBeLessThan(bound);
    });
  });

  it("refuses equal samples without a bandwidth, and NaN", () => {
    expect(() => kernelDensity(Float64Array.of(1, 1), Float64Array.of(0))).toThrow("bandwidth");
    expect(() => kernelDensity(Float64Array.of(1, NaN), Float64Array.of(0))).toThrow("samples[1]");
    expect(() => kernelDensity(Float64Array.of(1, 2), Float64Array.of(NaN))).toThrow("grid[0]");
  });
});

describe("marginalL1", () => {
  const cdf = (x: number): number => Math.min(1, Math.max(0, x));
  const bins = { low: 0.1, high: 0.9, bins: 8 };

  it("counts bins and tails", () => {
    // all ten cells of width 0.1 hold one sample: equal frequencies
    const even = Float64Array.from({ length: 10 }, (_, i) => 0.05 + i / 10);
    expect(marginalL1(even, cdf, bins)).toBeLessThan(1e-14);
    expect(marginalL1(Float64Array.of(0.05), cdf, bins)).toBeCloseTo(0.9 + 9 * 0.1, 14);
    expect(marginalL1(Float64Array.of(7, 8), cdf, bins)).toBeCloseTo(1.8, 14);
  });

  it("of exact draws is the floor on average", () => {
    const n = 400;
    const found = Float64Array.from({ length: 400 }, (_, r) =>
      marginalL1(uniform(foldIn(key(3), r), n), cdf, bins),
    );
    const { mean, standardError } = summary(found);
    // normal approximation: relative error of E|n_b - n p| about 1/(8 n p (1 - p)) = 0.4 %
    const floor = marginalL1Floor(n, cdf, bins);
    expect(Math.abs(mean - floor)).toBeLessThan(5 * standardError + 0.004 * floor);
  });

  it("refuses an empty range", () => {
    expect(() => marginalL1(Float64Array.of(1), cdf, { low: 1, high: 1 })).toThrow("high: expected");
    expect(() => marginalL1Floor(0, cdf, bins)).toThrow("n: expected");
  });
});

describe("twoPoint", () => {
  const moment = Float64Array.of(1, 2, 3, 2, 4, 5, 3, 5, 6);

  it("averages along diagonals, open or round a ring", () => {
    expect(Array.from(twoPoint(moment))).toEqual([11 / 3, 3.5, 3]);
    expect(Array.from(twoPoint(moment, { periodic: true }))).toEqual([11 / 3, 10 / 3, 10 / 3]);
  });

  it("refuses what is not a square matrix", () => {
    expect(() => twoPoint(new Float64Array(3))).toThrow("moment: expected a square matrix");
    expect(() => twoPoint(Float64Array.of(NaN))).toThrow("moment[0]");
  });
});

describe("bootstrapInterval", () => {
  it("holds the mean as often as it says", () => {
    let held = 0;
    const repetitions = 400;
    for (let r = 0; r < repetitions; r++) {
      const values = normal(foldIn(key(7), r), 60);
      const [low, high] = bootstrapInterval(values, { key: foldIn(key(8), r), resamples: 400, level: 0.9 });
      if (low <= 0 && 0 <= high) held++;
    }
    // short by 1/n and by the normal quantile for Student's: 0.89; five standard deviations of the count
    expect(Math.abs(held / repetitions - 0.89)).toBeLessThan(5 * Math.sqrt((0.9 * 0.1) / repetitions));
  });

  it("takes any statistic, and the same key gives the same interval", () => {
    const values = Float64Array.of(1, 5, 2, 8, 3);
    const options = { key: key(1), statistic: (v: Float64Array) => Math.max(...v) };
    expect(bootstrapInterval(values, options)).toEqual(bootstrapInterval(values, options));
    expect(bootstrapInterval(values, options)[1]).toBe(8);
  });

  it("refuses too few values and NaN", () => {
    expect(() => bootstrapInterval(Float64Array.of(1), { key: key(1) })).toThrow(
      "values: expected at least two",
    );
    expect(() => bootstrapInterval(Float64Array.of(1, NaN), { key: key(1) })).toThrow("values[1]");
  });
});

describe("the sampling floor of the chain", () => {
  const shapes = [
    // dim, h², floor at 10,000 samples by the Gaussian approximation
    [10, 2, 0.0322],
    [10, 1, 0.0304],
    [10, 0.5, 0.0269],
    [10, 0.25, 0.0223],
    [20, 1, 0.0416],
    [20, 0.5, 0.0362],
    [50, 1, 0.0644],
    [50, 0.5, 0.0556],
  ] as const;

  it.each(shapes)("dim %d, h² = %d", (dim, h2, floor) => {
    const chain = ginzburgLandau({ dim, lambda: 0.5, h: Math.sqrt(h2) });
    expect(Math.abs(secondMomentFloor(chain.secondMoment(), 10_000) - floor)).toBeLessThan(0.6e-4);
  });

  it("of the stiff chain between two pins is 0.0158", () => {
    const chain = ginzburgLandau({ dim: 50, lambda: 0.04, h: 1 / 51, beta: 1 / 8, boundary: "both" });
    expect(Math.abs(secondMomentFloor(chain.secondMoment(), 10_000) - 0.0158)).toBeLessThan(0.6e-4);
  });

  it("with the chain's own fourth moments is what exact draws show", () => {
    const chain = ginzburgLandau({ dim: 6, lambda: 0.5, h: 1 });
    const exact = chain.secondMoment();
    const n = 500;
    const squares = Float64Array.from(
      { length: 300 },
      (_, r) => secondMomentError(chain.sample(foldIn(key(4), r), n), exact) ** 2,
    );
    const { mean, standardError } = summary(squares);
    const floor = secondMomentFloor(exact, n, { fourth: chain.fourthMoment() });
    // five standard errors: 6e-7
    expect(Math.abs(mean - floor ** 2)).toBeLessThan(5 * standardError);
  });
});
