import { describe, expect, it } from "vitest";
import { foldIn, key, normal } from "../../../src/random/index.js";
import { annealed, hmcMove, systematic } from "../../../src/samplers/smc/index.js";
import { gaussianMixture, manyWell, nineModes, type Target } from "../../../src/targets/index.js";

const GAUSSIAN = gaussianMixture({ means: [[0.5, -1]], variances: [[0.5, 1.5]] });

function moments(x: Float64Array, dim: number): { mean: number[]; variance: number[] } {
  const n = x.length / dim;
  const mean = new Array<number>(dim).fill(0);
  const variance = new Array<number>(dim).fill(0);
  x.forEach((value, at) => (mean[at % dim] += value / n));
  x.forEach((value, at) => (variance[at % dim] += (value - mean[at % dim]) ** 2 / n));
  return { mean, variance };
}

describe("Hamiltonian moves", () => {
  it("leave a Gaussian as it is, also where steps are so long that many are refused", () => {
    const n = 20_000;
    let x = GAUSSIAN.sample(key(1), n);
    let rate = 1;
    for (let m = 0; m < 10; m++) {
      const moved = hmcMove(GAUSSIAN, foldIn(key(2), m), x, { dim: 2, stepSize: 1.15, numLeapfrog: 3 });
      [x, rate] = [moved.x, moved.acceptanceRate];
    }
    expect(rate).toBeLessThan(0.85); // else the test would not see a missing correction
    const { mean, variance } = moments(x, 2);
    // five standard errors: s/sqrt n, and s² sqrt(2/n)
    [0.5, -1].forEach((m, j) =>
      expect(Math.abs(mean[j] - m)).toBeLessThan((5 * GAUSSIAN.std()[j]) / Math.sqrt(n)),
    );
    [0.5, 1.5].forEach((v, j) => expect(Math.abs(variance[j] - v)).toBeLessThan(5 * v * Math.sqrt(2 / n)));
  });

  it("refuse trajectories that leave the numbers", () => {
    const steep = manyWell({ dim: 1 });
    const start = normal(key(3), 50);
    const { x, acceptanceRate } = hmcMove(steep, key(4), start, { dim: 1, stepSize: 1e3, numLeapfrog: 10 });
    expect(acceptanceRate).toBe(0);
    expect(x).toEqual(start);
  });
});

describe("systematic resampling", () => {
  it("chooses a point n w times, up to one", () => {
    const weights = Float64Array.of(0.05, 0.5, 0, 0.3, 0.15);
    const counts = new Array<number>(5).fill(0);
    for (let r = 0; r < 2000; r++) {
      const chosen = systematic(foldIn(key(5), r), weights);
      const own = new Array<number>(5).fill(0);
      chosen.forEach((i) => own[i]++);
      own.forEach((count, i) => {
        expect(count).toBeGreaterThanOrEqual(Math.floor(5 * weights[i]));
        expect(count).toBeLessThanOrEqual(Math.ceil(5 * weights[i]));
        counts[i] += count / 2000;
      });
    }
    // a count varies by less than one: standard error below 0.5/sqrt 2000; five of them
    counts.forEach((count, i) => expect(Math.abs(count - 5 * weights[i])).toBeLessThan(0.056));
  });
});

describe("annealed SMC", () => {
  it("estimates Z of a Gaussian without bias", async () => {
    const shifted: Target = {
      ...GAUSSIAN,
      logDensity: (x) => GAUSSIAN.logDensity(x).map((value) => value + 2),
    };
    const runs = 60;
    const estimates = new Float64Array(runs);
    for (let r = 0; r < runs; r++) {
      const options = {
        key: foldIn(key(6), r),
        numParticles: 60,
        numTemperatures: 6,
        stepSizes: [0.5],
        numLeapfrog: 3,
      };
      estimates[r] = Math.exp((await annealed(shifted, options)).logNormConst - 2);
    }
    const mean = estimates.reduce((sum, z) => sum + z, 0) / runs;
    const spread = Math.sqrt(estimates.reduce((sum, z) => sum + (z - mean) ** 2, 0) / (runs - 1));
    expect(spread).toBeGreaterThan(0.02); // few particles: the error bar means something
    expect(spread).toBeLessThan(0.5);
    expect(Math.abs(mean - 1)).toBeLessThan((4 * spread) / Math.sqrt(runs));
  });

  it("finds log Z and the modes of wells, with resampling", async () => {
    const target = manyWell({ dim: 3 });
    const result = await annealed(target, {
      key: key(7),
      numParticles: 1500,
      numTemperatures: 32,
      stepSizes: [0.5, 0.1],
      threshold: 0.8,
    });
    expect(result.resamplings).toBeGreaterThan(0);
    expect(result.acceptanceRates.every((rate) => rate > 0.5)).toBe(true);
    // runs with other keys spread by 0.06; four of that
    expect(Math.abs(result.logNormConst - target.logNormConst)).toBeLessThan(0.25);
    expect(result.excluded).toBe(0);
  });

  it("gives the same bits for the same key", async () => {
    const run = () => annealed(nineModes(), { key: key(8), numParticles: 50, numTemperatures: 4 });
    const [first, second] = [await run(), await run()];
    expect(second.samples).toEqual(first.samples);
    expect(second.logNormConst).toBe(first.logNormConst);
  });

  it("excludes and counts particles where the density is NaN", async () => {
    // the half-normal: NaN on the left; Z is half of the Gaussian's
    const half: Target = {
      dim: 1,
      logDensity: (x) => x.map((value) => (value < 0 ? NaN : (-value * value) / 2)),
      score: (x) => x.map((value) => -value),
    };
    const { excluded, logNormConst } = await annealed(half, {
      key: key(9),
      numTemperatures: 8,
      stepSizes: [0.5],
    });
    expect(excluded).toBeGreaterThan(500);
    expect(Math.abs(logNormConst - Math.log(Math.sqrt(Math.PI / 2)))).toBeLessThan(0.2);
  });

  it("refuses bad settings and stops at a signal", async () => {
    const target = nineModes();
    await expect(annealed(target, { key: key(1), numParticles: 1 })).rejects.toThrow(/^numParticles/);
    await expect(annealed(target, { key: key(1), stepSizes: [] })).rejects.toThrow(/^stepSizes/);
    await expect(annealed(target, { key: key(1), threshold: 2 })).rejects.toThrow(/^threshold/);
    await expect(annealed(target, { key: key(1), particles: 2 } as never)).rejects.toThrow(/numParticles/);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(annealed(target, { key: key(1), signal })).rejects.toThrow("enough");
  });
});
