import { describe, expect, it } from "vitest";
import { key, normal } from "../../../src/random/index.js";
import {
  dds,
  ddsEuler,
  dis,
  disX,
  fit,
  logVarianceStep,
  modelOf,
  pis,
  type Scheme,
} from "../../../src/samplers/path/index.js";
import { resample } from "../../../src/samplers/path/losses/resample.js";
import { gaussianMixture } from "../../../src/targets/index.js";

const target = gaussianMixture({ means: [[1, -1]], variances: 0.5 });

/** Mean factor and variance of x_k given the end of the path. */
function backTo(k: number, { steps, numSteps }: Scheme): { factor: number; variance: number } {
  let [factor, variance] = [1, 0];
  for (let i = numSteps - 1; i >= k; i--) {
    factor *= steps.back[i];
    variance = steps.back[i] ** 2 * variance + steps.spread[i] ** 2;
  }
  return { factor, variance };
}

describe("paths run backwards from their ends", () => {
  it("PIS: a Brownian bridge from the origin", () => {
    const scheme = pis({ dim: 1, numSteps: 40 });
    for (const k of [0, 1, 13, 39]) {
      const [t, end] = [scheme.times.time[k], 5];
      const { factor, variance } = backTo(k, scheme);
      expect(factor).toBeCloseTo(t / end, 12);
      expect(variance).toBeCloseTo((0.2 * t * (end - t)) / end, 12);
    }
  });

  it("DIS, DIS-X and DDS: the noising process, which keeps N(0, σ² I)", () => {
    const schemes = [dis, disX, ddsEuler].map((make) => make({ dim: 1, numSteps: 40 }));
    for (const scheme of [...schemes, dds({ dim: 1, numSteps: 40, sigma: 2 })]) {
      for (const k of [0, 7, 39]) {
        const { factor, variance } = backTo(k, scheme);
        expect(factor ** 2).toBeCloseTo(scheme.times.signal[k], 10);
        expect(variance).toBeCloseTo(scheme.variance * (1 - scheme.times.signal[k]), 10);
      }
    }
  });

  it("bridges have none, and drifts and groups do not go with them", async () => {
    const model = modelOf(target, { method: "bridge" }, 4);
    expect(() => logVarianceStep(model, { numPaths: 8, replay: 0.5 })).toThrow(
      "replay: expected 0 with a bridge",
    );
    const phases = [{ numSteps: 4, numPaths: 16, updates: 1, replay: 0.5 }];
    const how = { method: "dis", key: key(1) } as const;
    await expect(fit(target, { ...how, recipe: { phases, exploration: 1 } })).rejects.toThrow(
      "0 with drifts",
    );
    await expect(fit(target, { ...how, loss: "lv-trajectory", recipe: { phases } })).rejects.toThrow(
      "0 with groups",
    );
    await expect(fit(target, { ...how, loss: "kl", recipe: { phases } })).rejects.toThrow("0 with a KL loss");
    const tooMuch = [{ ...phases[0], replay: 2 }];
    await expect(fit(target, { ...how, recipe: { phases: tooMuch } })).rejects.toThrow("phases[0].replay");
  });
});

describe("resampled ends", () => {
  it("come in proportion to e^{-RND}, to within one", () => {
    const rnd = Float32Array.from(normal(key(3), 400), (z) => 0.8 * z);
    const weights = Array.from(rnd, (value) => Math.exp(-value));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const counts = new Int32Array(400);
    for (const place of resample(rnd, [], key(4))) counts[place]++;
    counts.forEach((count, i) => {
      expect(Math.abs(count - (400 * weights[i]) / total)).toBeLessThan(1);
    });
  });

  it("one path of great weight takes sqrt(n) of them, lost ones take none", () => {
    const rnd = new Float32Array(100);
    rnd[17] = -50;
    rnd[40] = NaN;
    const counts = new Int32Array(100);
    for (const place of resample(rnd, [40], key(5))) counts[place]++;
    // cut at sqrt(n) times the mean weight, which is e^{50}/100: all others weigh nothing beside it
    expect(counts[17]).toBe(100);
    const level = new Float32Array(100);
    level[17] = -Math.log(300);
    level[40] = NaN;
    counts.fill(0);
    for (const place of resample(level, [40], key(5))) counts[place]++;
    const cap = (10 * (300 + 98)) / 100;
    expect(Math.abs(counts[17] - (100 * cap) / (cap + 98))).toBeLessThan(1);
    expect(counts[40]).toBe(0);
  });
});
