import type { Tensor } from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { compile, valueAndGrad } from "../../../src/engine/index.js";
import { linear } from "../../../src/nets/index.js";
import { foldIn, key, normal, uniform } from "../../../src/random/index.js";
import { denoising, implicit } from "../../../src/score/index.js";
import { levelRows } from "../../../src/score/neural/noise-levels.js";
import { meanReverting, varianceExploding } from "../../../src/sde/index.js";
import { adam, ema, exponential } from "../../../src/train/index.js";

const process = meanReverting({ rate: 2, sigma: Math.SQRT2, horizon: 3 });
const HIDDEN = 5;
const n = 12;

/** A batch of n points with noise at times of their own. */
const x = normal(key(1), 2 * n);
const noise = normal(key(2), 2 * n);
const times = uniform(key(3), n).map((u) => 0.05 + 2 * u);
const level = levelRows(process, times, 1);

const net = denoising.scoreNet({ dim: 2, process, form: "plain", hidden: [HIDDEN], activation: "tanh" });
const params = Float64Array.from(net.init(key(4)));

/** w (½ |s|² + div s) of s = W2ᵀ tanh(W1ᵀ (x, τ) + b1) + b2, the mean over the batch in float64. */
function lossOf(p: Float64Array, weight: implicit.LevelWeight): number {
  const [w1, b1, w2, b2] = [0, 3 * HIDDEN, 4 * HIDDEN, 6 * HIDDEN].map((at) => p.subarray(at));
  let total = 0;
  for (let r = 0; r < n; r++) {
    const [m, std, , code] = level.subarray(4 * r, 4 * r + 4);
    const inputs = [m * x[2 * r] + std * noise[2 * r], m * x[2 * r + 1] + std * noise[2 * r + 1], code];
    const s = [b2[0], b2[1]];
    let divergence = 0;
    for (let h = 0; h < HIDDEN; h++) {
      const a = Math.tanh(inputs.reduce((sum, v, i) => sum + v * w1[i * HIDDEN + h], b1[h]));
      for (let i = 0; i < 2; i++) {
        s[i] += a * w2[2 * h + i];
        divergence += w1[i * HIDDEN + h] * (1 - a * a) * w2[2 * h + i];
      }
    }
    const value = 0.5 * (s[0] ** 2 + s[1] ** 2) + divergence;
    total += (weight === "variance" ? std * std : 1) * value;
  }
  return total / n;
}

function compiledLoss(weight: implicit.LevelWeight, count?: number) {
  const loss = implicit.implicitLoss(net, weight);
  const batch: Record<string, { shape: number[] }> = {
    x: { shape: [n, 2] },
    noise: { shape: [n, 2] },
    level: { shape: [n, 4] },
    ...(count !== undefined && { probes: { shape: [n, count, 2] } }),
  };
  const run = compile(
    ({ p, batch: of }: { p: Tensor; batch: Record<string, Tensor> }) =>
      valueAndGrad((q: Tensor) => loss(q, of))(p),
    { p: { shape: [params.length] }, batch },
  );
  return (probes?: Float64Array) => {
    const arrays = { x, noise, level, ...(probes && { probes }) };
    return run({ p: params, batch: arrays });
  };
}

describe("the implicit loss", () => {
  it.each(["variance", "none"] as const)(
    "and its gradient are those of its formula, weight %s",
    async (weight) => {
      const { value, gradient } = await compiledLoss(weight)();
      // float32 sums of 12 rows and their products: a few 1e-7 of terms of size up to 10
      expect(Math.abs(value[0] - lossOf(params, weight))).toBeLessThan(2e-5);
      const h = 1e-5;
      params.forEach((_, k) => {
        const moved = (by: number) =>
          lossOf(
            params.map((v, j) => (j === k ? v + by : v)),
            weight,
          );
        expect(Math.abs(gradient[k] - (moved(h) - moved(-h)) / (2 * h))).toBeLessThan(5e-5);
      });
    },
  );

  it("with random directions is unbiased", async () => {
    const count = 16;
    const exact = lossOf(params, "variance");
    const values: number[] = [];
    const estimate = compiledLoss("variance", count);
    for (let i = 0; i < 40; i++) {
      const { value } = await estimate(normal(foldIn(key(5), i), n * count * 2));
      values.push(value[0] - exact);
    }
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    expect(spread).toBeGreaterThan(1e-5); // directions matter
    // 40 values: 5.7 standard errors of a t-law with 39 degrees of freedom, one false alarm in a million, and rounding
    expect(Math.abs(mean)).toBeLessThan((5.7 * spread) / Math.sqrt(40) + 1e-5);
  });
});

describe("learning from the implicit loss", () => {
  const [a, b] = [1, -0.4]; // N(mean, diag(0.25, 1.5))
  const variances = [0.25, 1.5];
  const sample = (seed: number, count: number) =>
    normal(key(seed), 2 * count).map((z, k) => [a, b][k % 2] + Math.sqrt(variances[k % 2]) * z);
  const data = sample(6, 4000);
  const exact = (t: number, y: Float64Array) => {
    const { factor: m, variance: v } = process.marginal(t);
    return y.map((value, k) => -(value - m * [a, b][k % 2]) / (m * m * variances[k % 2] + v));
  };
  const noised = (t: number, seed: number) => {
    const { factor: m, variance: v } = process.marginal(t);
    const xi = normal(key(seed + 50), 4000);
    return sample(seed, 2000).map((value, k) => m * value + Math.sqrt(v) * xi[k]);
  };
  const relativeError = (t: number, y: Float64Array, s: Float64Array): number => {
    const best = exact(t, y);
    const size = best.reduce((sum, v) => sum + v * v, 0);
    return Math.sqrt(s.reduce((sum, v, k) => sum + (v - best[k]) ** 2, 0) / size);
  };
  const numSteps = 800;
  const options = {
    dim: 2,
    process,
    key: key(7),
    numSteps,
    batchSize: 128,
    times: { earliest: 0.02 },
    optimiser: adam({ learningRate: exponential({ start: 2e-2, final: 2e-4, numSteps }) }),
    average: ema({ decay: 0.99 }),
  };

  it.each([
    ["an exact divergence", {}],
    ["random directions", { divergence: "hutchinson", probes: 2 }],
    ["levels alike", { weight: "none" }],
    ["a preconditioned net", { form: "preconditioned" }],
  ] as const)("gives the score of a Gaussian at all times, with %s", async (_, changed) => {
    const learned = await implicit.fit(data, { ...options, hidden: [32, 32], ...changed });
    for (const t of [0.05, 0.4, 2]) {
      const y = noised(t, 8);
      const error = relativeError(t, y, await learned.score(t, y));
      // the slide's loss, |s|² + div s without the ½, has half the score as its minimiser: an error of 0.5; half of that
      expect(error).toBeLessThan(0.25);
    }
  });

  it("gives a linear net the inverse covariance of the noised data", async () => {
    const t = 0.4;
    const learned = await implicit.fit(data, {
      ...options,
      net: linear({ inputs: 3, outputs: 2 }),
      times: { law: "uniform", earliest: t * (1 - 1e-6), latest: t },
      optimiser: adam({ learningRate: exponential({ start: 0.1, final: 5e-4, numSteps }) }),
    });
    const { factor: m, variance: v } = process.marginal(t);
    const wanted = variances.map((s) => -1 / (m * m * s + v));
    const found = learned.params;
    // covariances of 4000 points are known to 5 √(2/4000) = 0.11 of themselves, which the noise halves at least
    [0, 1].forEach((i) => expect(Math.abs(found[3 * i] / wanted[i] - 1)).toBeLessThan(0.08));
    [1, 2].forEach((k) => expect(Math.abs(found[k])).toBeLessThan(0.08));
  });

  it("attains at the exact score minus half the Fisher information of the noised data", () => {
    const t = 0.4;
    const { factor: m, variance: v } = process.marginal(t);
    const traces = variances.map((s) => 1 / (m * m * s + v));
    const divergence = -(traces[0] + traces[1]);
    const y = noised(t, 9);
    const s = exact(t, y);
    const terms = Float64Array.from(
      { length: 2000 },
      (_, i) => 0.5 * (s[2 * i] ** 2 + s[2 * i + 1] ** 2) + divergence,
    );
    const mean = terms.reduce((sum, term) => sum + term, 0) / 2000;
    const spread = Math.sqrt(terms.reduce((sum, term) => sum + (term - mean) ** 2, 0) / 2000);
    expect(Math.abs(mean - 0.5 * divergence)).toBeLessThan((5 * spread) / Math.sqrt(2000));
  });

  it.each<[string, Float64Array, object, RegExp]>([
    ["NaN", Float64Array.of(1, NaN), {}, /data\[1\]: expected a finite number/],
    ["an unknown divergence", data, { divergence: "trace" }, /divergence: expected one of exact, hutchinson/],
    ["directions of an exact divergence", data, { probes: 2 }, /probes: expected none/],
    ["an unknown weight", data, { weight: "v" }, /weight: expected one of variance, none/],
    ["an unknown option", data, { probe: 2 }, /options\.probe: .*did you mean "probes"/],
  ])("refuses %s", async (_, points, changed, message) => {
    await expect(implicit.fit(points, { ...options, ...changed })).rejects.toThrow(message);
  });

  it("is stopped where it diverges", async () => {
    const run = implicit.fit(sample(10, 100), {
      dim: 2,
      process: varianceExploding({ horizon: 4 }),
      key: key(11),
      numSteps: 5000,
      hidden: [32, 32, 32],
      optimiser: adam({ learningRate: 30 }),
    });
    await expect(run).rejects.toThrow(implicit.DivergenceError);
  });
});
