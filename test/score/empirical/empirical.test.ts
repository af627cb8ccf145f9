import { describe, expect, it } from "vitest";
import { key, normal } from "../../../src/random/index.js";
import { sampleReverseSde } from "../../../src/samplers/index.js";
import { empirical } from "../../../src/score/index.js";
import {
  backwards,
  logUniformGrid,
  meanReverting,
  varianceExploding,
  variancePreserving,
} from "../../../src/sde/index.js";

const processes = {
  "variance exploding": varianceExploding({ scale: 1.3, power: 2, horizon: 3 }),
  "variance preserving": variancePreserving(),
  "mean reverting": meanReverting({ rate: 1.5, sigma: 0.8, horizon: 2 }),
};

describe.each(Object.entries(processes))("the exact score of noised data, %s", (_, process) => {
  const dim = 2;
  const data = normal(key(1), 40 * dim);
  const model = empirical(data, { dim, process });
  const x = normal(key(2), 10 * dim);

  it.each([0.1, 0.5, 1])("is the gradient of the log density at %f of the horizon", async (part) => {
    const t = part * process.horizon;
    const score = await model.score(t, x);
    const h = 1e-5;
    for (let c = 0; c < dim; c++) {
      const at = (by: number) =>
        model.logDensity(
          t,
          x.map((v, k) => (k % dim === c ? v + by : v)),
        );
      const [up, down] = [await at(h), await at(-h)];
      for (let i = 0; i < 10; i++) {
        const slope = (up[i] - down[i]) / (2 * h);
        expect(Math.abs(slope - score[i * dim + c])).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
      }
    }
  });

  it("has a log density with the mixture's value, and a denoiser that fits the score (Tweedie)", async () => {
    const t = 0.3 * process.horizon;
    const { factor, variance } = process.marginal(t);
    const [log, clean, score] = [
      await model.logDensity(t, x),
      await model.denoise(t, x),
      await model.score(t, x),
    ];
    for (let i = 0; i < 10; i++) {
      let sum = 0;
      for (let j = 0; j < 40; j++) {
        const square =
          (x[2 * i] - factor * data[2 * j]) ** 2 + (x[2 * i + 1] - factor * data[2 * j + 1]) ** 2;
        sum += Math.exp(-square / (2 * variance)) / (2 * Math.PI * variance) / 40;
      }
      expect(Math.abs(log[i] - Math.log(sum))).toBeLessThan(1e-11);
    }
    clean.forEach((v, k) => expect(Math.abs(v - (x[k] + variance * score[k]) / factor)).toBeLessThan(1e-12));
  });

  it("is refused at time 0", async () => {
    await expect(model.score(0, x)).rejects.toThrow(/t: expected a time after 0/);
    await expect(model.score(10, x)).rejects.toThrow(/t: expected a time from 0 to the horizon/);
  });
});

describe("what the exact score memorises", () => {
  const data = Float64Array.of(0, 0, 1, 0, 0, 2);
  const process = varianceExploding({ horizon: 1 });
  const model = empirical(data, { dim: 2, process });
  const n = 20_000;
  const start = normal(key(3), 2 * n).map((z, k) => z + (k % 2 === 0 ? 0.7 : 0.2));

  it("is each point's mean weight over the starts: 0.368, 0.455, 0.177", async () => {
    const shares = await model.shares(1, start);
    expect(shares.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 12);
    // a mean of n weights between 0 and 1: standard error at most 0.5/sqrt(n) = 0.0035, and three digits are given
    [0.368, 0.455, 0.177].forEach((p, i) => expect(Math.abs(shares[i] - p)).toBeLessThan(0.01));
  });

  it("is where the reverse SDE ends, at the distance of the noise that is left", async () => {
    const vMin = 0.003 ** 2;
    const times = backwards(logUniformGrid(vMin, 1, 300));
    const x = await sampleReverseSde(process, model.score, key(4), { dim: 2, start, times });
    const counts = [0, 0, 0];
    const distances = Float64Array.from({ length: n }, (_, i) => {
      const all = [0, 1, 2].map((j) => Math.hypot(x[2 * i] - data[2 * j], x[2 * i + 1] - data[2 * j + 1]));
      const nearest = Math.min(...all);
      counts[all.indexOf(nearest)]++;
      return nearest;
    });
    const shares = await model.shares(1, start);
    // multinomial counts: 4.5 standard errors; the scheme's own error is below one of them
    shares.forEach((p, i) => {
      expect(Math.abs(counts[i] / n - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / n));
    });
    const sorted = distances.sort();
    // Rayleigh of scale sqrt(vMin): the median of n draws has standard error 1/(2 f(median) sqrt(n)) = 0.85 sqrt(vMin/n), and the
    // grid's last step, which adds (v_k - v_min)/v_k of noise, makes it 2 % wide
    const median = Math.sqrt(2 * Math.log(2) * vMin);
    expect(Math.abs(sorted[n / 2] - median)).toBeLessThan(0.03 * median);
    expect(sorted[n - 1]).toBeLessThan(Math.sqrt(-2 * vMin * Math.log(1e-6 / n)) * 1.03);
  });
});

describe("many points of many coordinates", () => {
  it("stream past in blocks: the same score as by brute force", async () => {
    const [dim, count] = [150, 12_000];
    const data = normal(key(5), dim * count);
    const x = normal(key(6), 3 * dim).map((v, k) => 0.7 * v + 0.7 * data[k]);
    const process = varianceExploding({ horizon: 100 });
    const model = empirical(data, { dim, process });
    const t = 0.8;
    const score = await model.score(t, x);
    for (let i = 0; i < 3; i++) {
      const exponents = Float64Array.from({ length: count }, (_, j) => {
        let square = 0;
        for (let c = 0; c < dim; c++) square += (x[i * dim + c] - data[j * dim + c]) ** 2;
        return -square / (2 * t);
      });
      const peak = exponents.reduce((most, v) => Math.max(most, v), -Infinity);
      const weights = exponents.map((v) => Math.exp(v - peak));
      const total = weights.reduce((sum, v) => sum + v, 0);
      for (let c = 0; c < dim; c += 29) {
        let mean = 0;
        weights.forEach((w, j) => (mean += (w / total) * data[j * dim + c]));
        // exponents of size 100 come out of squares of size 150 with errors of 1e-13
        expect(Math.abs(score[i * dim + c] - (mean - x[i * dim + c]) / t)).toBeLessThan(1e-10);
      }
    }
  });

  it("refuses data that are not finite, and points of another dimension", async () => {
    const process = varianceExploding({ horizon: 1 });
    expect(() => empirical(Float64Array.of(1, NaN), { dim: 2, process })).toThrow(/data\[1\]/);
    const model = empirical(Float64Array.of(1, 2), { dim: 2, process });
    await expect(model.score(1, new Float64Array(3))).rejects.toThrow(/x: expected/);
  });
});
