import { describe, expect, it } from "vitest";
import { linalg, metrics, random, samplers, score, targets } from "../../src/index.js";
import { exact, mixture, noise, component, spectrum } from "./two-fields.js";

const { functionSpace } = score;
const { fields } = targets;
const levels = (count: number) => functionSpace.noiseLevels({ first: 5, last: 0.01, count });

/** The mixture's energy and the weights of its two modes, within four standard errors. */
function expectMixture(w: Float64Array, size: number): void {
  const { mean, standardError } = metrics.meanEstimate(metrics.fieldEnergies(w, size));
  expect(Math.abs(mean - mixture(size).energy)).toBeLessThan(4 * standardError);
  const share = metrics.positiveShare(w, size, 1).mean;
  expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt((0.25 * size) / w.length));
}

describe("the probability flow of fields", () => {
  it("draws a Gaussian law exactly, with one level or many", async () => {
    const size = 16;
    const mean = Float64Array.from({ length: size }, (_, k) => 0.1 * k);
    const law = { at: (n: number) => ({ mean, variances: component.eigenvalues(n) }) };
    const residual = functionSpace.gaussianResidual(law.at(size), noise.eigenvalues(size));
    const plan = { noise, spectrum: law, size, numSamples: 5 };
    const wanted = fields
      .drawModes(component, random.key(3), 5, size)
      .map((value, i) => value + mean[i % size]);
    for (const count of [1, 7]) {
      const sigmas = count === 1 ? [2] : levels(count);
      const w = await samplers.fieldFlow(residual, random.key(3), { ...plan, levels: sigmas });
      w.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 12));
    }
  });

  it("has the mixture's energy and weights", async () => {
    const [size, n] = [16, 2000];
    const plan = { noise, spectrum, size, numSamples: n, levels: levels(24) };
    const w = await samplers.fieldFlow(exact(size), random.key(1), plan);
    expectMixture(w, size);
  });

  it("with churn leaves a Gaussian law alone", async () => {
    const [size, n] = [8, 6000];
    const law = { at: (m: number) => ({ mean: new Float64Array(m), variances: component.eigenvalues(m) }) };
    const residual = functionSpace.gaussianResidual(law.at(size), noise.eigenvalues(size));
    const plan = { noise, spectrum: law, size, numSamples: n, levels: levels(5) };
    const w = await samplers.fieldFlow(residual, random.key(5), { ...plan, churn: 2 });
    const own = functionSpace.modeSpectrum(w, { basis: "fourier", size, dim: 1 }).at(size).variances;
    const wanted = component.eigenvalues(size);
    for (let k = 1; k < size - 1; k++) {
      expect(Math.abs(own[k] / wanted[k] - 1)).toBeLessThan(4.5 * Math.sqrt(2 / n));
    }
    const still = await samplers.fieldFlow(residual, random.key(5), plan);
    expect(metrics.relativeL2(w, still)).toBeGreaterThan(0.5);
  });

  it("with churn has the mixture's energy and weights, and the same fields on every grid", async () => {
    const [size, n] = [16, 2000];
    const plan = { noise, spectrum, size, numSamples: n, levels: levels(32), churn: 2 };
    const w = await samplers.fieldFlow(exact(size), random.key(6), plan);
    expectMixture(w, size);
    const fine = await samplers.fieldFlow(exact(32), random.key(6), { ...plan, size: 32, numSamples: 2 });
    for (const k of [1, 2, 5, 14]) {
      expect(fine[k]).toBeCloseTo(w[k], 10);
      expect(fine[32 + k]).toBeCloseTo(w[16 + k], 10);
    }
  });

  it("converges with the square of the step", async () => {
    const size = 8;
    const run = (count: number) =>
      samplers.fieldFlow(exact(size), random.key(2), {
        noise,
        spectrum,
        size,
        numSamples: 200,
        levels: levels(count),
      });
    const [coarse, fine, finer] = [await run(25), await run(49), await run(97)];
    const order = Math.log2(metrics.relativeL2(coarse, fine) / metrics.relativeL2(fine, finer));
    expect(order).toBeGreaterThan(1.7);
    expect(order).toBeLessThan(2.6);
  });

  it("begins the same fields on every grid", async () => {
    const run = (size: number) =>
      samplers.fieldFlow(exact(size), random.key(4), {
        noise,
        spectrum,
        size,
        numSamples: 2,
        levels: levels(12),
      });
    const fine = linalg.resizeModes(await run(32), { basis: "fourier", size: 32, dim: 1 }, 16);
    const coarse = await run(16);
    // coefficients in the domain's norm do not change with the grid; the resized ones are those of grid values
    for (const k of [1, 2, 5, 14]) expect(fine[k] * Math.SQRT2).toBeCloseTo(coarse[k], 10);
  });

  it("refuses levels that do not fall, and noise without a trace", async () => {
    const plan = { noise, spectrum, size: 8, numSamples: 1 };
    const run = samplers.fieldFlow(exact(8), random.key(0), { ...plan, levels: [1, 2] });
    await expect(run).rejects.toThrow(/levels\[1\]: .*decreasing levels, got 2/);
    const white = { ...plan, noise: fields.whiteCovariance({ dim: 1 }), levels: [1] };
    await expect(samplers.fieldFlow(exact(8), random.key(0), white)).rejects.toThrow(/trace class/);
  });
});
