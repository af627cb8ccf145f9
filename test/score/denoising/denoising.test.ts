import { describe, expect, it } from "vitest";
import { linear } from "../../../src/nets/index.js";
import { foldIn, key, normal } from "../../../src/random/index.js";
import { denoising } from "../../../src/score/index.js";
import { varianceExploding, variancePreserving, type LinearDiffusion } from "../../../src/sde/index.js";
import { adam, ema, exponential } from "../../../src/train/index.js";
import { temporaryFolder } from "../../store/folder.js";

/** Points of N((1, -0.5), S), S = L Lᵀ. */
const centre = [1, -0.5];
const lower = [
  [0.9, 0],
  [0.5, 0.4],
];
const covariance = [0, 1].map((i) =>
  [0, 1].map((j) => lower[i][0] * lower[j][0] + lower[i][1] * lower[j][1]),
);

function gaussian(seed: number, n: number): Float64Array {
  const z = normal(key(seed), 2 * n);
  return z.map((_, k) => {
    const [row, i] = [2 * Math.floor(k / 2), k % 2];
    return centre[i] + lower[i][0] * z[row] + lower[i][1] * z[row + 1];
  });
}

interface Law {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly factor: number;
  readonly variance: number;
}

/** The entries of (m² S + v I)^{-1} = [[a, b], [b, c]]. */
function lawAt(process: LinearDiffusion, t: number): Law {
  const { factor, variance } = process.marginal(t);
  const [p, q, r] = [covariance[0][0], covariance[0][1], covariance[1][1]].map((s) => factor ** 2 * s);
  const det = (p + variance) * (r + variance) - q * q;
  return { a: (r + variance) / det, b: -q / det, c: (p + variance) / det, factor, variance };
}

function exactScore(process: LinearDiffusion) {
  return (t: number, x: Float64Array): Promise<Float64Array> => {
    const { a, b, c, factor } = lawAt(process, t);
    const off = x.map((value, k) => value - factor * centre[k % 2]);
    return Promise.resolve(
      off.map((_, k) => (k % 2 === 0 ? -a * off[k] - b * off[k + 1] : -b * off[k - 1] - c * off[k])),
    );
  };
}

/** tr[m² S (m² S + v I)^{-1}] = 2 - v tr (m² S + v I)^{-1} */
function leastLoss(process: LinearDiffusion, t: number): number {
  const { a, c, variance } = lawAt(process, t);
  return 2 - variance * (a + c);
}

const processes: [string, LinearDiffusion][] = [
  ["variance exploding", varianceExploding({ horizon: 25 })],
  ["variance preserving", variancePreserving()],
];
const data = gaussian(1, 4000);

/** E v |s - s*|² at a time, over fresh noised points. */
async function excess(process: LinearDiffusion, t: number, learned: denoising.LearnedScore): Promise<number> {
  const { factor, variance } = process.marginal(t);
  const noise = normal(key(77), 4000);
  const x = gaussian(2, 2000).map((value, k) => factor * value + Math.sqrt(variance) * noise[k]);
  const [ours, exact] = [await learned.score(t, x), await exactScore(process)(t, x)];
  return ours.reduce((sum, s, k) => sum + variance * (s - exact[k]) ** 2, 0) / 2000;
}

describe.each(processes)("the denoising loss, %s", (_, process) => {
  const at = [0.02, 0.2, 0.9].map((part) => part * process.horizon);

  it("has its closed-form least value at the exact score, and exceeds it by v |s - s*|² at another", async () => {
    for (const [i, t] of at.entries()) {
      const options = { dim: 2, process, t, key: foldIn(key(3), i) };
      const points = gaussian(10 + i, 20_000);
      const best = await denoising.loss(exactScore(process), points, options);
      // 5 standard errors: a false alarm in a million
      expect(Math.abs(best.mean - leastLoss(process, t))).toBeLessThan(5 * best.standardError);
      const { variance } = process.marginal(t);
      const shifted = async (time: number, x: Float64Array) =>
        (await exactScore(process)(time, x)).map((s, k) => s + (k % 2 === 0 ? 0.7 : 0));
      const worse = await denoising.loss(shifted, points, options);
      const error = Math.abs(worse.mean - leastLoss(process, t) - 0.49 * variance);
      expect(error).toBeLessThan(5 * worse.standardError);
    }
  });

  it("is minimised by a linear net at the inverse covariance of the noised data", async () => {
    const t = 0.2 * process.horizon;
    const numSteps = 3000;
    const learned = await denoising.fit(data, {
      dim: 2,
      process,
      form: "plain",
      net: linear({ inputs: 3, outputs: 2 }),
      times: { law: "uniform", earliest: t * (1 - 1e-6), latest: t },
      key: key(4),
      numSteps,
      batchSize: 128,
      optimiser: adam({ learningRate: exponential({ start: 0.05, final: 1e-4, numSteps }) }),
      average: ema({ decay: 0.99 }),
    });
    const { a, b, c } = lawAt(process, t);
    const found = learned.params.subarray(0, 4);
    // regression on 4000 points: their covariance is known to 5 √(2/4000) = 0.11 of its entries, the noise adds to that
    [-a, -b, -b, -c].forEach((value, k) =>
      expect(Math.abs(found[k] - value)).toBeLessThan(0.08 * a + 0.08 * c),
    );
    expect(await excess(process, t, learned)).toBeLessThan(0.01);
  });

  it.each(["plain", "preconditioned"] as const)("teaches a %s net the score of a Gaussian", async (form) => {
    const learned = await denoising.fit(data, {
      dim: 2,
      process,
      form,
      hidden: [32, 32],
      times: { earliest: 2e-3 * process.horizon },
      key: key(5),
      numSteps: 1500,
      batchSize: 256,
      optimiser: adam({ learningRate: exponential({ start: 1e-2, final: 1e-4, numSteps: 1500 }) }),
      average: ema({ decay: 0.99 }),
    });
    for (const t of at) {
      // in units of the loss of no score at all, which is 2
      expect(await excess(process, t, learned)).toBeLessThan(0.03);
    }
    const doubled = {
      ...learned,
      score: async (t: number, x: Float64Array) => (await learned.score(t, x)).map((s) => 2 * s),
    };
    expect(await excess(process, at[2], doubled)).toBeGreaterThan(0.3);
  });
});

describe("a run", () => {
  const folder = temporaryFolder();
  const process = varianceExploding({ horizon: 9 });
  const options = { dim: 2, process, key: key(6), numSteps: 40, hidden: [8], times: { earliest: 0.01 } };

  it("gives the same bits for the same key and number of shards", async () => {
    const two = { ...options, batchSize: 64, shards: 2 };
    const [a, b] = [await denoising.fit(data, two), await denoising.fit(data, two)];
    expect(a.params).toEqual(b.params);
    const c = await denoising.fit(data, { ...two, key: key(7) });
    expect(a.params).not.toEqual(c.params);
  });

  it("goes on from its state, and from its checkpoint, to the same bits", async () => {
    const whole = await denoising.fit(data, options);
    const half = await denoising.fit(data, { ...options, numSteps: 20 });
    const rest = await denoising.fit(data, { ...options, from: half.training.state });
    expect(rest.params).toEqual(whole.params);
    const checkpoint = { folder, every: 10 };
    await denoising.fit(data, { ...options, numSteps: 20, checkpoint });
    const resumed = await denoising.fit(data, { ...options, checkpoint });
    expect(resumed.training.info.resumedAt).toBe(20);
    expect(resumed.params).toEqual(whole.params);
    const other = denoising.fit(gaussian(8, 100), { ...options, checkpoint });
    await expect(other).rejects.toThrow(/checkpoint\.folder: expected .*another tag/);
  });

  it("reports, stops at a signal with its state, and scores by the average", async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const learned = await denoising.fit(data, {
      ...options,
      numSteps: 100_000,
      average: ema({ decay: 0.9 }),
      signal: stop.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        stop.abort();
      },
    });
    expect(learned.training.info.status).toBe("interrupted");
    expect(seen.length).toBeGreaterThan(0);
    expect(learned.params).toEqual(learned.training.average);
    expect(learned.params).not.toEqual(learned.training.params);
    expect(learned.training.state.step).toBeGreaterThanOrEqual(seen[0]);
  });

  it("is stopped where it diverges, with the step, the norm and the last good parameters", async () => {
    const wild = denoising.fit(data, {
      ...options,
      numSteps: 5000,
      hidden: [32, 32, 32],
      optimiser: adam({ learningRate: 30 }),
    });
    const error = await wild.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(denoising.DivergenceError);
    const { step, norm, params, goodStep, message } = error as denoising.DivergenceError;
    expect(step).toBeLessThan(300);
    expect(norm).toBeGreaterThan(0);
    expect(goodStep).toBeLessThanOrEqual(step);
    expect(message).toMatch(new RegExp(`at step ${step}: .* gradient of norm .*after ${goodStep} steps`));
    const net = { ...options, hidden: [32, 32, 32] };
    // what was kept is fit to go on from
    const again = await denoising.fit(data, { ...net, params });
    expect(again.training.info.status).toBe("finished");
  });

  it.each<[string, Float64Array, object, RegExp]>([
    ["NaN", Float64Array.of(1, 2, NaN, 3), {}, /data\[2\]: expected a finite number/],
    [
      "ragged points",
      Float64Array.of(1, 2, 3),
      {},
      /data: expected a length that is a positive multiple of dim = 2/,
    ],
    ["no Float64Array", [1, 2] as unknown as Float64Array, {}, /data: expected a Float64Array/],
    ["times without noise", data, { times: { earliest: 0 } }, /times\.earliest: expected a positive/],
    ["times beyond the horizon", data, { times: { latest: 10 } }, /times\.latest/],
    [
      "an unknown law of times",
      data,
      { times: { law: "log" } },
      /times\.law: expected one of uniform, logUniform/,
    ],
    ["an unknown form", data, { form: "raw" }, /form: expected one of plain, preconditioned/],
    ["an unknown option", data, { steps: 3 }, /options\.steps/],
    ["a process of another kind", data, { process: {} }, /process: expected a linear diffusion/],
    ["parameters of another net", data, { params: new Float32Array(3) }, /params: expected/],
    ["two nets", data, { net: linear({ inputs: 3, outputs: 2 }) }, /net: expected none beside/],
  ])("refuses %s", async (_, points, changed, message) => {
    const run = denoising.fit(points, { ...options, ...changed });
    await expect(run).rejects.toThrow(message);
  });
});

describe("a learned score", () => {
  const process = variancePreserving();
  const net = denoising.scoreNet({ dim: 2, process, hidden: [16] });
  const score = net.score(net.init(key(9)));

  it("does not depend on how many points are asked for at once", async () => {
    const x = gaussian(11, 2500);
    const all = await score(0.3, x);
    for (const i of [0, 1023, 1024, 2499]) {
      const one = await score(0.3, x.slice(2 * i, 2 * i + 2));
      one.forEach((s, k) => expect(Math.abs(s - all[2 * i + k])).toBeLessThan(1e-5 * (1 + Math.abs(s))));
    }
  });

  it("refuses time 0, ragged points and parameters of another net", async () => {
    await expect(score(0, Float64Array.of(1, 2))).rejects.toThrow(/t: expected a time with noise/);
    await expect(score(0.3, Float64Array.of(1))).rejects.toThrow(/x: expected/);
    expect(() => net.score(new Float32Array(3))).toThrow(/params: expected a Float32Array of/);
  });
});
