import { describe, expect, it } from "vitest";
import { random, samplers, score, targets } from "../../../src/index.js";

const { functionSpace } = score;
const process = functionSpace.blurredProcess();

describe("the blurred process", () => {
  it.each([
    [0, 10, 0.999977, 0.006738, 0.05, [0.998751, 0.923116, 0.527292]],
    [0.25, 1.7438, 0.922585, 0.385794, 0.0793, [0.996862, 0.817767, 0.200004]],
    [0.5, 0, 0.707107, 0.707107, 0.15, [0.988813, 0.486752, 0.003151]],
    [1, -10, 0.006738, 0.999977, 0.25, [0.969233, 0.135335, 0]],
  ] as const)("has the schedule of the reference at t = %f", (t, logSnr, alpha, sigma, blur, factors) => {
    const at = process.marginal(t);
    expect(at.logSnr).toBeCloseTo(logSnr, 4);
    expect(at.alpha).toBeCloseTo(alpha, 6);
    expect(at.sigma).toBeCloseTo(sigma, 6);
    expect(at.blur).toBeCloseTo(blur, 4);
    const all = process.factors(t, 32);
    [1 * 32, 8 * 32, 16 * 32 + 16].forEach((place, i) =>
      expect(all[place] / at.alpha).toBeCloseTo(factors[i], 6),
    );
  });

  it("run backwards with the exact Gaussian denoiser ends at the blurred data's variance, mode by mode", () => {
    // variances follow from the step's coefficients: no draws needed
    const size = 16;
    const noise = targets.fields.gaussianKernelCovariance({ dim: 2, correlation: 0.05 }).eigenvalues(size);
    const lambda = noise.map((_, p) => 1 / (1 + Math.floor(p / size) ** 2 + (p % size) ** 2) ** 2);
    const numSteps = 2000;
    let v = noise.map((c) => process.marginal(1).sigma ** 2 * c);
    for (let step = 0; step < numSteps; step++) {
      const [t, s] = [1 - step / numSteps, 1 - (step + 1) / numSteps];
      const { mean, prediction, spread } = samplers.ancestralStep(process, t, s, size);
      const { sigma } = process.marginal(t);
      const a = process.factors(t, size);
      v = v.map((value, k) => {
        const guess = (sigma * noise[k]) / (a[k] ** 2 * lambda[k] + sigma ** 2 * noise[k]);
        return (mean[k] + prediction[k] * guess) ** 2 * value + spread[k] ** 2 * noise[k];
      });
    }
    const end = process.factors(0, size);
    const { sigma } = process.marginal(0);
    for (const k of [1, 5, 3 * size, 6 * size + 6, 10 * size + 2]) {
      expect(v[k] / (end[k] ** 2 * lambda[k] + sigma ** 2 * noise[k])).toBeCloseTo(1, 1);
      expect(Math.abs(v[k] / (end[k] ** 2 * lambda[k] + sigma ** 2 * noise[k]) - 1)).toBeLessThan(0.02);
    }
  });

  it("draws the same fields from the same start on two grids where the prediction is mode-wise", async () => {
    const noise = targets.fields.gaussianKernelCovariance({ dim: 2, correlation: 0.1 });
    const draw = async (size: number) => {
      const start = new Float64Array(size * size);
      const z = random.normal(random.key(7), 64);
      for (let i = 0; i < 8; i++) for (let j = 0; j < 8; j++) start[i * size + j] = z[8 * i + j];
      const c = noise.eigenvalues(size);
      return samplers.ancestral(
        (t, x) => {
          const { sigma } = process.marginal(t);
          const a = process.factors(t, size);
          return x.map(
            (value, k) => (sigma * c[k] * value) / (a[k] ** 2 * 0.1 * c[k] + sigma ** 2 * c[k] + 1e-300),
          );
        },
        random.key(8),
        { process, noise, size, numSamples: 1, numSteps: 1, start },
      );
    };
    const [coarse, fine] = [await draw(8), await draw(16)];
    for (let i = 0; i < 8; i++)
      for (let j = 0; j < 8; j++) expect(fine[i * 16 + j]).toBeCloseTo(coarse[8 * i + j], 12);
  });
});

describe("ancestral draws", () => {
  it("of one key share their modes on two grids, step noise included", async () => {
    const noise = targets.fields.gaussianKernelCovariance({ dim: 2, correlation: 0.1 });
    const draw = (size: number) =>
      samplers.ancestral((t, z) => z.map((value) => (1 - t) * value), random.key(9), {
        process,
        noise,
        size,
        numSamples: 2,
        numSteps: 5,
      });
    const [coarse, fine] = [await draw(8), await draw(16)];
    for (let i = 0; i < 8; i++)
      for (let j = 0; j < 8; j++) expect(fine[256 + i * 16 + j]).toBeCloseTo(coarse[64 + i * 8 + j], 10);
  });

  it("refuse a start of another length", async () => {
    const noise = targets.fields.gaussianKernelCovariance({ dim: 2, correlation: 0.1 });
    const options = { process, noise, size: 8, numSamples: 2, start: new Float64Array(64) };
    await expect(samplers.ancestral((_, z) => z, random.key(0), options)).rejects.toThrow(/options.start/);
  });
});
