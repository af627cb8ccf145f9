import { describe, expect, it } from "vitest";
import { moons, swissRoll } from "../../src/data/index.js";
import {
  average,
  distanceToCurve,
  fisherInformation,
  maximumMeanDiscrepancy,
  memorisation,
  negativeLogLikelihood,
  neighbourRatio,
  sinkhornDivergence,
  tangentAngles,
} from "../../src/metrics/index.js";
import { foldIn, key, normal, randint, uniform } from "../../src/random/index.js";

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

describe("memorisation", () => {
  it("of fresh uniform points has the copy fraction 3^-d, in the plane and in space", async () => {
    for (const dim of [2, 3]) {
      const n = 4000;
      const found = await memorisation(uniform(key(1), n * dim), uniform(key(2), n * dim), dim);
      const exact = 3 ** -dim;
      // 5 standard errors; neighbours of one point are not independent, which the factor 1.5 allows for; points near faces are few
      expect(Math.abs(found.copyFraction - exact)).toBeLessThan(7.5 * Math.sqrt((exact * (1 - exact)) / n));
    }
  });

  it("of copies is 1, with the noise's distance and one χ² a degree of freedom", async () => {
    const [n, m] = [5000, 200];
    const points = swissRoll().sample(key(3), m);
    const xi = normal(key(4), 2 * n);
    const chosen = randint(key(5), n, 0, m);
    const copies = xi.map((z, k) => points[2 * chosen[k >> 1] + (k & 1)] + 1e-4 * z);
    const { copyFraction, medianDistance, hitsPerDegree, hits } = await memorisation(copies, points, 2);
    expect(copyFraction).toBeGreaterThan(0.98);
    // Rayleigh: median 1.1774 of the scale, of n draws within 5 · 0.85/sqrt(n)
    expect(Math.abs(medianDistance / 1e-4 - 1.1774)).toBeLessThan((5 * 0.85) / Math.sqrt(n));
    expect(Math.abs(hitsPerDegree - 1)).toBeLessThan(5 * Math.sqrt(2 / (m - 1)));
    expect(hits.reduce((sum, c) => sum + c, 0)).toBe(n);
  });

  it("finds the same neighbours by products as by differences", async () => {
    const [n, m] = [30, 50];
    const wide = (points: Float64Array): Float64Array =>
      Float64Array.from({ length: (points.length / 3) * 20 }, (_, k) =>
        k % 20 < 3 ? points[Math.floor(k / 20) * 3 + (k % 20)] : 1,
      );
    const [x, z] = [normal(key(6), 3 * n), normal(key(7), 3 * m)];
    const [a, b] = [await memorisation(x, z, 3), await memorisation(wide(x), wide(z), 20)];
    expect(b.hits).toEqual(a.hits);
    expect(b.medianDistance).toBeCloseTo(a.medianDistance, 12);
  });

  it("as a ratio is 1 for fresh truth", async () => {
    const toy = swissRoll();
    const [a, b, centres] = [1, 2, 3].map((i) => toy.sample(foldIn(key(8), i), 2000));
    // medians of 2,000 distances: standard errors of about 2 % each
    expect(Math.abs((await neighbourRatio(a, b, centres, 2)) - 1)).toBeLessThan(0.15);
    await expect(memorisation(a, Float64Array.of(1, 2), 2)).rejects.toThrow(/points: expected at least two/);
  });
});

describe("likelihood and Fisher information", () => {
  it("are means with standard errors", () => {
    const estimate = negativeLogLikelihood(Float64Array.of(-1, -3));
    expect(estimate).toEqual({ value: 2, standardError: 1 });
    expect(average(Float64Array.of(1, 3))).toEqual({ value: 2, standardError: 1 });
    expect(() => average(Float64Array.of(1, NaN))).toThrow(/values\[1\]/);
    expect(fisherInformation(Float64Array.of(3, 4, 0, 1), 2)).toEqual({ value: 13, standardError: 12 });
    expect(() => negativeLogLikelihood(Float64Array.of(1))).toThrow(/logDensity/);
    expect(() => negativeLogLikelihood(Float64Array.of(1, -Infinity))).toThrow(/logDensity\[1\]/);
    expect(() => fisherInformation(new Float64Array(3), 2)).toThrow(/score/);
  });
});

describe("distance to the curve", () => {
  it("of true samples is the noise's: 0.2 on the roll and hardly any beyond 0.6", () => {
    const toy = swissRoll();
    const n = 4000;
    const { rms, beyond } = distanceToCurve(toy.sample(key(9), n), toy.curve);
    // normal noise across a nearly straight curve, and along it at the two ends
    expect(Math.abs(rms / 0.2 - 1)).toBeLessThan(5 / Math.sqrt(2 * n) + 0.03);
    expect(beyond).toBeLessThan(0.01);
    expect(() => distanceToCurve(new Float64Array(2), toy.curve, { beyond: 0 })).toThrow(/beyond/);
  });

  it("takes angles to the tangent without sign or length", () => {
    const { curve } = moons();
    const points = Float64Array.of(-1, 1.8, 1, -1.2, 1, -0.2);
    // at the top, the bottom, and an end of an arc
    const angles = tangentAngles(points, Float64Array.of(-2, 0, 1, 1, 0, 5), curve);
    [0, 45, 0].forEach((a, i) => expect(Math.abs(angles[i] - a)).toBeLessThan(1e-6));
    expect(() => tangentAngles(points, new Float64Array(6), curve)).toThrow(/positive length/);
  });
});

describe("discrepancies", () => {
  it("mmd is the closed form for two normal laws within 5 standard errors, and zero in the mean for equal ones", async () => {
    const n = 1500;
    const [x, y] = [normal(key(10), n), normal(key(11), n).map((z) => z + 1)];
    const ours = await maximumMeanDiscrepancy(x, y, 1, { bandwidths: [0.7, 2] });
    // E k(X, Y) = v^{1/2} (v + 2)^{-1/2} exp(-δ²/2(v + 2))
    const inner = (shift: number): number =>
      mean([0.49, 4].map((v) => Math.sqrt(v / (v + 2)) * Math.exp((-shift * shift) / (2 * (v + 2)))));
    const exact = 2 * inner(0) - 2 * inner(1);
    expect(Math.abs(ours - exact)).toBeLessThan((5 * 2 * 0.5) / Math.sqrt(n)); // kernels within [0, 1]: spread below 1/2
    const equal = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        maximumMeanDiscrepancy(normal(foldIn(key(12), i), 200), normal(foldIn(key(13), i), 200), 1, {
          bandwidths: [1],
        }),
      ),
    );
    const spread = Math.sqrt(mean(equal.map((v) => v * v)) / 20);
    expect(Math.abs(mean(equal))).toBeLessThan(5 * spread);
    await expect(maximumMeanDiscrepancy(x, y, 1, { bandwidths: [] })).rejects.toThrow(/bandwidths/);
  });

  it("the Sinkhorn divergence is zero for equal clouds and the squared shift for shifted ones", async () => {
    const x = normal(key(14), 120);
    const same = await sinkhornDivergence(x, x, { dim: 2, epsilon: 0.5, tolerance: 1e-9 });
    expect(same.converged).toBe(true);
    expect(Math.abs(same.value)).toBeLessThan(1e-7);
    // the cost |x + δ - y|² = |x - y|² + linear terms + |δ|²: the entropy does not see a shift
    const shifted = await sinkhornDivergence(
      x,
      x.map((v, k) => v + (k % 2 === 0 ? 0.3 : -0.4)),
      { dim: 2, epsilon: 0.5, tolerance: 1e-9 },
    );
    expect(Math.abs(shifted.value - 0.25)).toBeLessThan(1e-6);
  });
});
