import { afterAll, describe, expect, it } from "vitest";
import { random, samplers, score, targets } from "../../../src/index.js";
import { pool } from "../../../src/onnx/index.js";

const { functionSpace } = score;
const { fields } = targets;
const process = functionSpace.blurredProcess();
const noise = fields.gaussianKernelCovariance({ dim: 2, correlation: 0.3 });
const size = 8;
const cells = size * size;

afterAll(() => pool().close());

/** Two kinds of fields: plus or minus one bump in the modes (0, 1) and (1, 0), with independent noise of a tenth of that. */
function twoKinds(key: random.Key, count: number) {
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const modes = random
    .normal(key, count * cells)
    .map((z, i) => 0.1 * z * Math.exp(-(i % cells) / 10) + bump(i % cells, labels[Math.floor(i / cells)]));
  return { labels, modes };
}

const bump = (k: number, label: number) => (k === 1 || k === size ? 1 - 2 * label : 0);
const deviation = (k: number) => 0.1 * Math.exp(-k / 10);

describe("the prediction of noise", () => {
  const { modes } = twoKinds(random.key(1), 200);
  const model = functionSpace.blurredModel(modes, {
    process,
    noise,
    size,
    block: 4,
    net: { width: 8, blocks: 1 },
  });

  it("without a net is the conditional mean under a Gaussian law, on a finer grid as well", async () => {
    for (const grid of [size, 32]) {
      const z = fields.drawModes(noise, random.key(2), 2, grid);
      const found = await functionSpace.blurredPrediction(model, undefined, grid)(0.4, z);
      const { mean, variances } = model.spectrum.at(grid);
      const [a, c, { sigma }] = [process.factors(0.4, grid), noise.eigenvalues(grid), process.marginal(0.4)];
      for (const k of [0, 1, 5, 3 * grid + 2, 7 * grid + 7]) {
        const exact =
          (sigma * c[k] * (z[k] - a[k] * mean[k])) / (a[k] ** 2 * variances[k] + sigma ** 2 * c[k]);
        expect(found[k]).toBeCloseTo(exact, 12);
      }
    }
  });

  it("with a net is the same map on every grid, and that of a net of zeros is the linear one", async () => {
    const params = model.net.init(random.key(3));
    const random32 = Float32Array.from(random.normal(random.key(4), params.length)).map((v) => 0.2 * v);
    const z = fields.drawModes(noise, random.key(5), 3, size);
    const wide = fields.drawModes(noise, random.key(5), 3, 16);
    const at = (p: Float32Array | undefined, grid: number) =>
      functionSpace.blurredPrediction(model, p, grid)(0.3, grid === size ? z : wide);
    const [zero, linear, coarse, fine] = [
      await at(params, size),
      await at(undefined, size),
      await at(random32, size),
      await at(random32, 16),
    ];
    expect([...zero]).toEqual([...linear]);
    expect(coarse.some((value, i) => Math.abs(value - linear[i]) > 0.01)).toBe(true);
    for (let field = 0; field < 3; field++)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++)
          expect(fine[field * 256 + i * 16 + j]).toBeCloseTo(coarse[field * cells + i * size + j], 10);
  });

  it("refuses parameters of another net, and classes that the model does not have", () => {
    expect(() => functionSpace.blurredPrediction(model, new Float32Array(3), size)).toThrow(/params/);
    expect(() => functionSpace.blurredPrediction(model, model.net.init(random.key(0)), size, [1])).toThrow(
      /classOf/,
    );
  });
});

describe("fitBlurred", () => {
  it("comes near the exact denoiser of a mixture, which the linear one misses", async () => {
    const learned = await functionSpace.fitBlurred(twoKinds(random.key(6), 2000).modes, {
      process,
      noise,
      size,
      key: random.key(7),
      numSteps: 400,
      learningRate: 1e-2,
      block: 4,
      net: { width: 64, blocks: 1 },
    });
    const t = 0.5;
    const fresh = twoKinds(random.key(8), 300).modes;
    const [a, c, { sigma }] = [process.factors(t, size), noise.eigenvalues(size), process.marginal(t)];
    const zeta = fields.drawModes(noise, random.key(9), 300, size);
    const z = fresh.map((u, i) => a[i % cells] * u + sigma * zeta[i]);
    // two Gaussian laws of equal covariance: log-odds 2 (a m)ᵀ (a²λ + σ²c)⁻¹ z, and each one's conditional mean
    const total = a.map((factor, k) => (factor * deviation(k)) ** 2 + sigma ** 2 * c[k]);
    const exact = z.map((value, i) => {
      const [k, start] = [i % cells, i - (i % cells)];
      let odds = 0;
      for (const m of [1, size]) odds += (2 * a[m] * z[start + m]) / total[m];
      const mean = (k === 1 || k === size ? a[k] : 0) * Math.tanh(odds / 2);
      return (sigma * c[k] * (value - mean)) / total[k];
    });
    const error = (found: Float64Array) =>
      Math.sqrt(
        [1, size].reduce((sum, k) => {
          for (let i = k; i < found.length; i += cells) sum += (found[i] - exact[i]) ** 2;
          return sum;
        }, 0),
      );
    const linear = await functionSpace.blurredPrediction(learned.model, undefined, size)(t, z);
    expect(error(await learned.prediction(size)(t, z)) / error(linear)).toBeLessThan(0.6);
  });

  it("draws what it is asked for, the same from the same noise on a finer grid", async () => {
    const { labels, modes } = twoKinds(random.key(10), 1000);
    const learned = await functionSpace.fitBlurred(modes, {
      process,
      noise,
      size,
      labels,
      key: random.key(11),
      numSteps: 300,
      block: 4,
      net: { width: 32, blocks: 1 },
    });
    const asked = [0, 1, 1, 0, 0, 1];
    const draw = (grid: number) =>
      samplers.ancestral(learned.prediction(grid, asked), random.key(12), {
        process,
        noise,
        size: grid,
        numSamples: asked.length,
        numSteps: 60,
      });
    const [coarse, fine] = [await draw(size), await draw(16)];
    const blur = process.factors(0, size)[1];
    asked.forEach((label, i) => {
      // within five deviations of the class's mean
      expect(Math.abs(coarse[i * cells + 1] - blur * bump(1, label))).toBeLessThan(5 * deviation(1));
      for (const [row, column] of [
        [0, 1],
        [1, 0],
        [2, 3],
        [7, 7],
      ])
        // prettier-ignore
        expect(fine[i * 256 + row * 16 + column]).toBeCloseTo(coarse[i * cells + row * size + column], 5);
    });
  });

  it("refuses noise without a trace, another basis and labels that are not one a field", () => {
    const { modes } = twoKinds(random.key(13), 4);
    const make = (options: object) => functionSpace.blurredModel(modes, { process, noise, size, ...options });
    expect(() => make({ noise: fields.whiteCovariance({ basis: "cosine", dim: 2 }) })).toThrow(/trace class/);
    expect(() => make({ noise: fields.periodicCovariance({ dim: 2, alpha: 2, tau: 1 }) })).toThrow(/cosine/);
    expect(() => make({ labels: [0] })).toThrow(/labels.*4 classes/);
    expect(() => make({ block: 16 })).toThrow(/block/);
  });
});
