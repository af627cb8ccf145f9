import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import {
  backwards,
  diffusionFlow,
  dormandPrince,
  eulerMaruyama,
  integrate,
  meanReverting,
  reverseDiffusion,
  uniformGrid,
  varianceExploding,
  variancePreserving,
} from "../../src/sde/index.js";

const processes = {
  "exploding, t^2/2": varianceExploding({ scale: Math.SQRT1_2, power: 2, horizon: 3 }),
  preserving: variancePreserving({ horizon: 2, betaMax: 4 }),
  reverting: meanReverting({ rate: 1.2, sigma: 0.7, horizon: 2 }),
};

describe.each(Object.entries(processes))("%s", (_, process) => {
  it("has the factor and variance that its coefficients integrate to", () => {
    // m' = a m and v' = 2 a v + g²; central differences err by h²
    const h = 1e-4;
    for (const t of [0.3, 1, 1.7]) {
      const [before, at, after] = [t - h, t, t + h].map((time) => process.marginal(time));
      const [a, g2] = [process.rate(t), process.diffusion(t) ** 2];
      expect(Math.abs((after.factor - before.factor) / (2 * h) - a * at.factor)).toBeLessThan(1e-6);
      const slope = (after.variance - before.variance) / (2 * h);
      expect(Math.abs(slope - 2 * a * at.variance - g2)).toBeLessThan(1e-6);
    }
    expect(process.marginal(0)).toEqual({ factor: 1, variance: 0 });
    expect(() => process.marginal(-1)).toThrow(/t: expected a time from 0/);
  });
});

it("the heat flow is the limit of the mean-reverting process", () => {
  const { factor, variance } = meanReverting({ rate: 1e-9, sigma: 1.5, horizon: 1 }).marginal(0.4);
  const heat = meanReverting({ rate: 0, sigma: 1.5, horizon: 1 }).marginal(0.4);
  expect(Math.abs(factor - heat.factor)).toBeLessThan(1e-9);
  expect(Math.abs(variance - heat.variance)).toBeLessThan(1e-9);
  expect(heat.variance).toBeCloseTo(0.9, 15);
});

describe("Gaussian data of variance 0.3 under du = sqrt(t) dz up to T = 3", () => {
  const process = varianceExploding({ scale: Math.SQRT1_2, power: 2, horizon: 3 });
  const score = (t: number, x: Float64Array) => Promise.resolve(x.map((v) => -v / (0.3 + (t * t) / 2)));
  const end = Math.sqrt(0.3 + 4.5);
  const tight = { relativeTolerance: 1e-10, absoluteTolerance: 1e-12 };

  it("come back from the probability flow, while the flow without its factor 1/2 shrinks them to 0.01875", async () => {
    const right = await dormandPrince(diffusionFlow(process, score), Float64Array.of(end), 3, 0, tight);
    expect(right.y[0] ** 2).toBeCloseTo(0.3, 8);
    const reverse = reverseDiffusion(process, score);
    const wrong = await dormandPrince({ ...reverse, diffusion: 0 }, Float64Array.of(end), 3, 0, tight);
    expect(wrong.y[0] ** 2).toBeCloseTo(0.01875, 8);
  });

  it("come back from the reverse SDE within 5 standard errors and its weak error", async () => {
    const n = 20_000;
    const start = normal(key(1), n).map((z) => end * z);
    const x = await integrate(reverseDiffusion(process, score), start, backwards(uniformGrid(3, 400)), {
      method: eulerMaruyama,
      key: key(2),
    });
    const variance = x.reduce((sum, v) => sum + v * v, 0) / n;
    // weak order 1: of the size of one step, 3/400, times the variance's rate of change
    expect(Math.abs(variance - 0.3)).toBeLessThan(5 * 0.3 * Math.sqrt(2 / n) + 0.005);
  });
});
