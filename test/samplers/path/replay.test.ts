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
import { ReplayBuffer } from "../../../src/samplers/path/losses/replay-buffer.js";
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
    const tooFew = [{ ...phases[0], replayBuffer: 0 }];
    await expect(fit(target, { ...how, recipe: { phases: tooFew } })).rejects.toThrow(
      "phases[0].replayBuffer",
    );
  });
});

describe("resampled ends", () => {
  it("come in proportion to e^{-RND}, to within one", () => {
    const rnd = Float32Array.from(normal(key(3), 400), (z) => 0.8 * z);
    const weights = Array.from(rnd, (value) => Math.exp(-value));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const counts = new Int32Array(400);
    for (const place of resample(rnd, 400, key(4))) counts[place]++;
    counts.forEach((count, i) => {
      expect(Math.abs(count - (400 * weights[i]) / total)).toBeLessThan(1);
    });
  });

  it("one path of great weight takes sqrt(n) of them, lost ones take none", () => {
    const rnd = new Float32Array(100);
    rnd[17] = -50;
    rnd[40] = Infinity;
    const counts = new Int32Array(100);
    for (const place of resample(rnd, 100, key(5))) counts[place]++;
    // cut at sqrt(n) times the mean weight, which is e^{50}/100: all others weigh nothing beside it
    expect(counts[17]).toBe(100);
    const level = new Float32Array(100);
    level[17] = -Math.log(300);
    level[40] = Infinity;
    counts.fill(0);
    for (const place of resample(level, 100, key(5))) counts[place]++;
    const cap = (10 * (300 + 98)) / 100;
    expect(Math.abs(counts[17] - (100 * cap) / (cap + 98))).toBeLessThan(1);
    expect(counts[40]).toBe(0);
  });
});

describe("a replay buffer", () => {
  /** Ends of the step s: path i ends in (s, i). */
  const ends = (s: number, rnd: number[]) => ({
    x: Float32Array.from([0, s, 1, s, 2, s, 3, s]).map((_, at, all) => all[at % 2 === 0 ? at + 1 : at - 1]),
    rnd: Float32Array.from(rnd),
  });
  const drawn = (buffer: ReplayBuffer): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (let k = 0; k < 200; k++) {
      const x = buffer.draw(key(k));
      for (let i = 0; i < 4; i++) {
        const name = `${x[2 * i]},${x[2 * i + 1]}`;
        counts[name] = (counts[name] ?? 0) + 1;
      }
    }
    return counts;
  };

  it("draws from all of its steps by weight, and drops the oldest", () => {
    const buffer = new ReplayBuffer(2, 4, 2);
    buffer.put(ends(1, [0, 0, 0, 0]), []);
    expect(Object.keys(drawn(buffer)).sort()).toEqual(["1,0", "1,1", "1,2", "1,3"]);
    buffer.put(ends(2, [-Math.log(2), NaN, Infinity, 40]), [1, 2]);
    const counts = drawn(buffer);
    expect(Object.keys(counts).sort()).toEqual(["1,0", "1,1", "1,2", "1,3", "2,0"]);
    // 800 draws, four by four, by weights 1, 1, 1, 1, 2; a count of four is off its mean by one at most
    const error = Math.sqrt(200) * 0.5;
    expect(Math.abs(counts["2,0"] - 800 / 3)).toBeLessThan(5 * error);
    expect(Math.abs(counts["1,2"] - 800 / 6)).toBeLessThan(5 * error);
    buffer.put(ends(3, [0, 0, 0, 0]), []);
    expect(Object.keys(drawn(buffer)).sort()).toEqual(["2,0", "3,0", "3,1", "3,2", "3,3"]);
  });

  it("goes on from what another one remembers", () => {
    const [one, two] = [new ReplayBuffer(3, 4, 2), new ReplayBuffer(3, 4, 2)];
    for (let s = 0; s < 4; s++) one.put(ends(s, [s, 0.5, 1, 0]), []);
    two.memory.set(one.memory);
    [one, two].forEach((buffer) => buffer.put(ends(7, [1, 2, 3, 4]), []));
    expect(two.memory).toEqual(one.memory);
    expect(two.draw(key(1))).toEqual(one.draw(key(1)));
  });
});
