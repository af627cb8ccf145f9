import type { Tensor } from "@tensorflow/tfjs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { tf } from "../../../src/engine/index.js";
import { combine, fourierMlp, timeNet } from "../../../src/nets/index.js";
import { foldIn, key, normal } from "../../../src/random/index.js";
import {
  controlled,
  fit,
  logVarianceStep,
  modelOf,
  pathSampler,
  pis,
  publishedControl,
  publishedRecipe,
  phasesOf,
  quickRecipe,
  tamedControl,
  type TamedPart,
} from "../../../src/samplers/path/index.js";
import { signedLog, tame, untame } from "../../../src/samplers/path/control/layers.js";
import { residuals } from "../../../src/samplers/path/losses/residuals.js";
import { TRUNCATION } from "../../../src/samplers/path/schemes/scheme.js";
import { chunkSteps, pathShards } from "../../../src/samplers/path/losses/shards.js";
import { gaussianMixture } from "../../../src/targets/index.js";

const target = gaussianMixture({ means: [[1, -1]], variances: 0.5 });
const phases = [{ numSteps: 8, numPaths: 16, updates: 6 }, { numSteps: 16, numPaths: 16, updates: 4 }]; // prettier-ignore

const oneGrid = { phases: phases.slice(0, 1) };
/** The same with a score that is none on one side. */
const holed = {
  dim: 2,
  ops: {
    logDensity: (x: Tensor) => target.ops.logDensity(x),
    score: (x: Tensor) => {
      const outside = x.slice([0, 0], [-1, 1]).greater(1.2);
      return tf().where(outside, tf().fill(x.shape, NaN), target.ops.score(x));
    },
  },
};

describe("training a path sampler", () => {
  it("goes on from a checkpoint to the same bits, over a change of grids", async () => {
    const options = { method: "dis", key: key(1), recipe: { phases }, shards: 2 } as const;
    const whole = await fit(target, options);
    const folder = await mkdtemp(join(tmpdir(), "path-"));
    const stop = new AbortController();
    const checkpoint = { folder, every: 2 };
    // progress comes at most ten times a second: with a clock this fast, after every step
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 200));
    const part = await fit(target, {
      ...options,
      checkpoint,
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done >= 4) stop.abort();
      },
    });
    clock.mockRestore();
    expect(part.info.status).toBe("interrupted");
    const resumed = await fit(target, { ...options, checkpoint });
    expect(resumed.info).toMatchObject({ status: "finished", resumedAt: part.info.steps });
    expect(resumed.params).toEqual(whole.params);
    await expect(fit(target, { ...options, method: "dis-x", checkpoint })).rejects.toThrow("another");
    await rm(folder, { recursive: true });
  });

  it("calls the log density and the score of its target, and nothing else", async () => {
    const asked = new Set<PropertyKey>();
    const ops = { logDensity: target.ops.logDensity, score: target.ops.score };
    const closed = new Proxy({ ...target, ops }, {
      get(object, name) {
        asked.add(name);
        if (name === "dim" || name === "ops") return object[name];
        throw new Error(`training asked for ${String(name)}`);
      },
    }); // prettier-ignore
    for (const method of ["pis", "dis", "dds", "dds-euler", "dis-x", "bridge"] as const) {
      for (const loss of ["lv", "lv-trajectory", "kl"] as const) {
        const small = { phases: [{ numSteps: 3, numPaths: 4, updates: 1 }] };
        const { info } = await fit(closed, { method, loss, group: 2, key: key(1), recipe: small });
        expect(info.skipped).toBe(0);
      }
    }
    expect([...asked].sort()).toEqual(["dim", "ops"]);
  });

  it("counts coordinates that the truncated prior draws again", async () => {
    const numPaths = 4096;
    const recipe = { phases: [{ numSteps: 1, numPaths, updates: 3 }] };
    for (const loss of ["lv", "kl"] as const) {
      const { info } = await fit(target, { method: "dis", loss, key: key(6), recipe });
      let expected = 0;
      for (let step = 0; step < 3; step++) {
        const drawn = normal(foldIn(foldIn(foldIn(key(6), 1), step), 0), 4 * numPaths);
        expected += drawn.filter((z, at) => at % 4 < 2 && Math.abs(z) > TRUNCATION).length;
      }
      expect(expected).toBeGreaterThan(0);
      expect(info.redrawnStarts).toBe(expected);
      expect(
        (await fit(target, { method: "pis", loss, key: key(6), recipe: oneGrid })).info.redrawnStarts,
      ).toBe(0);
    }
  });

  it("counts and leaves out paths that a target loses, and names the first point", async () => {
    const { info, params } = await fit(holed, { method: "pis", key: key(2), recipe: oneGrid });
    expect(info.skipped).toBe(0);
    expect(params.every(Number.isFinite)).toBe(true);
    expect(info.lostPaths).toBeGreaterThan(0);
    expect(info.firstLost).toMatchObject({ cause: "score" });
    expect(info.firstLost!.point[0]).toBeGreaterThan(1.2);
  });

  it("skips and counts the steps of a KL loss whose gradient a lost path spoils", async () => {
    const { info, params } = await fit(holed, { method: "pis", loss: "kl", key: key(2), recipe: oneGrid });
    expect(info.skipped).toBeGreaterThan(0);
    expect(info.lostPaths).toBeGreaterThanOrEqual(info.skipped);
    expect(params.every(Number.isFinite)).toBe(true);
    expect(info.firstLost).toMatchObject({ cause: "score" });
  });

  it("counts lost paths and shortened gradients over an interruption", async () => {
    const options = { method: "pis", key: key(2), recipe: oneGrid } as const;
    const folder = await mkdtemp(join(tmpdir(), "path-"));
    const checkpoint = { folder, every: 2 };
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    await fit(holed, { ...options, checkpoint, signal: stop.signal, onProgress });
    const newest = (await readdir(folder))
      .filter((name) => name.endsWith(".json"))
      .sort()
      .at(-1);
    const kept = JSON.parse(await readFile(join(folder, newest!), "utf8")) as { seconds: number };
    const { info } = await fit(holed, { ...options, checkpoint });
    const { info: whole } = await fit(holed, options);
    const counts = { lostPaths: whole.lostPaths, shortenedGradients: whole.shortenedGradients };
    expect(info).toMatchObject(counts);
    expect(kept.seconds).toBeGreaterThan(0);
    expect(info.seconds).toBeGreaterThan(kept.seconds);
    await rm(folder, { recursive: true });
  });

  it("leaves out paths that end where the log density is none, counts them and says so", async () => {
    const cut = {
      dim: 2,
      ops: {
        score: (x: Tensor) => target.ops.score(x),
        logDensity: (x: Tensor) => {
          const outside = x.slice([0, 0], [-1, 1]).greater(1).squeeze([1]);
          return tf().where(outside, tf().fill([x.shape[0]], NaN), target.ops.logDensity(x));
        },
      },
    };
    const sampler = await fit(cut, { method: "dis-x", key: key(3), recipe: oneGrid });
    expect(sampler.info.firstLost).toMatchObject({ cause: "log density" });
    const { excluded, ess, x, rnd } = await sampler.evaluate({ numPaths: 300, key: key(4) });
    const beyond = [...rnd.keys()].filter((p) => x[2 * p] > 1);
    expect(excluded).toBe(beyond.length);
    expect(excluded).toBeGreaterThan(0);
    expect(ess).toBeGreaterThan(0);
  });

  it("refuses targets and options that do not fit, by name", async () => {
    const wrong = {
      dim: 2,
      ops: { ...target.ops, logDensity: (x: Tensor) => target.ops.logDensity(x).expandDims(1) },
    };
    const options = { method: "dis", key: key(1), recipe: { phases } } as const;
    await expect(fit(wrong, options)).rejects.toThrow("target.ops.logDensity(x)");
    await expect(fit({ dim: 2 } as never, options)).rejects.toThrow("targets.custom");
    await expect(fit(target, { ...options, methd: 1 } as never)).rejects.toThrow('did you mean "method"');
    await expect(fit(target, { ...options, loss: "vl" as never })).rejects.toThrow("lv");
    const exploring = { ...options, loss: "kl", recipe: { phases, exploration: 2 } } as const;
    await expect(fit(target, exploring)).rejects.toThrow(/^exploration: expected 0 with a KL loss.*got 2/s);
    const grouped = { ...options, loss: "lv-trajectory", recipe: oneGrid } as const;
    await expect(fit(target, { ...grouped, group: 3 })).rejects.toThrow(
      /^group: expected a divisor of the 16/,
    );
    await expect(fit(target, { ...grouped, group: 1 })).rejects.toThrow(/^group: .*2/);
    expect(() => modelOf(target, { method: "did" as never }, 4)).toThrow("method");
    expect(() => pathSampler(target, { method: "dis", numSteps: 4 }, new Float32Array(3))).toThrow("params");
    expect(() => quickRecipe({ phases: [] })).toThrow("phases");
    expect(
      phasesOf(phases.flatMap(({ numSteps, numPaths, updates }) => [numSteps, numPaths, updates])),
    ).toEqual(phases);
    for (const list of [[], [8, 16]]) expect(() => phasesOf(list)).toThrow(/list: .*three numbers a phase/);
    expect(() => phasesOf([8, 16, 6, 16, 1, 4])).toThrow(/phases\[1\].numPaths: .*at least 2/);
  });

  it("gives the same step with any number of shards, up to the rounding of sums", async () => {
    const scheme = pis({ dim: 2, numSteps: 5 });
    const model = controlled(scheme, publishedControl({ dim: 2, form: "score" }), target);
    const params = model.init(key(3)).map((value) => value + 0.01);
    const gradients: Float32Array[] = [];
    for (const shards of [1, 3]) {
      const step = logVarianceStep(model, { numPaths: 7, shards });
      gradients.push((await step.run(params, { step: 0, key: key(4) })).gradient.slice());
      await step.close?.();
    }
    const size = Math.hypot(...gradients[0]);
    expect(Math.hypot(...gradients[0].map((g, i) => g - gradients[1][i]))).toBeLessThan(1e-5 * size);
  });
});

describe("the tamed control", () => {
  const scheme = pis({ dim: 2, numSteps: 4 });
  const limits = { clip: tf().scalar(1e4) };
  const begin = { progress: tf().tensor2d([[0.5]]), logVariance: tf().tensor2d([[0]]) };

  it("bounds the score by what moves the implied end point by R, unless it is left untamed", () => {
    const x = tf().tensor2d([30, -1, 0.5, 0.25], [2, 2]);
    const score = tf().tensor2d([900, -3, 0.1, -0.2], [2, 2]);
    const at = { reach: tf().tensor2d([[0.5]]) };
    const guide = (control: ReturnType<typeof tamedControl>): number[] =>
      Array.from(control.guide(score, x, at, limits).dataSync());
    const free = guide(tamedControl(scheme, { radius: 2, without: ["taming"] }));
    expect(free.map((value) => Number(value.toFixed(5)))).toEqual([930, -4, 0.6, 0.05]);
    const tamed = guide(tamedControl(scheme, { radius: 2 }));
    // b / sqrt(1 + b²) with R reach = 1, the score cut to 250
    [280, -4, 0.6, 0.05].forEach((b, i) => expect(tamed[i]).toBeCloseTo(b / Math.hypot(1, b), 5));
  });

  it("of many scales lets the end point move by |x| too, and gives x a coefficient of its own", () => {
    const control = tamedControl(scheme, { radius: 2, scales: "many" });
    const at = { reach: tf().tensor2d([[0.5]]), size: tf().tensor2d([[2]]), ...begin };
    const [far] = control.guide(tf().tensor2d([[900, 0]]), tf().tensor2d([[30, 0]]), at, limits).dataSync();
    expect(far).toBeCloseTo(280 / Math.hypot(1, 280 / 31), 4);
    const params = control.init(key(5));
    const respond = (x: number): number => {
      const place = { x: tf().tensor2d([[x, 0]]), guide: tf().zeros([1, 2]), at };
      const code = control.encode(tf().tensor1d(params), at, limits).squeeze<Tensor>([0]);
      return control.apply(tf().tensor1d(params), { ...place, code }, limits).dataSync()[0];
    };
    expect(respond(3)).toBe(0);
    // the bias of m is the last of the body: m = 0.25 times x and 1 + size²
    params.fill(0.25, params.length - 2);
    expect(respond(3)).toBeCloseTo(0.25 * 3 * 5, 5);
    const strong = tf().tensor1d([-40, 0.3, 90]);
    const back = untame(tame(strong, 2), tf().scalar(2)).dataSync();
    // a float keeps 6e-8 of what is left of 1 - (y/2)², which is 1/2000 at 90
    [-40, 0.3, 90].forEach((value, i) => expect(back[i] / value).toBeCloseTo(1, 3));
    const logs = signedLog(tf().tensor1d([-2, 0, 0.1])).dataSync();
    [-2, 0, 0.1].forEach((value, i) => expect(logs[i]).toBeCloseTo(Math.asinh(value), 6));
  });

  it("leaves parts out by name", () => {
    const count = (...without: TamedPart[]): number => tamedControl(scheme, { without }).count;
    expect(count() - count("score input")).toBe(2 * 64);
    // 128 waves in place of 21 features, into the first layers of two nets of width 64
    expect(count("slow code") - count()).toBe(2 * 64 * (128 - 21));
    expect(() => tamedControl(scheme, { without: ["tamng" as never] })).toThrow(/^without\[0\].*taming/s);
  });

  it("has no coefficient that depends on the point where that is left out", () => {
    const outputs = (without: TamedPart[]): number[] => {
      const control = tamedControl(scheme, { without });
      const all = tf().tensor1d(control.init(key(5)).map(() => 0.03));
      const at = begin;
      const code = control.encode(all, at, limits).squeeze<Tensor>([0]);
      const s = (x: number, b: number): number => {
        const place = { x: tf().tensor2d([[x, x]]), guide: tf().tensor2d([[b, b]]), code, at };
        return control.apply(all, place, limits).dataSync()[0];
      };
      // with the network blind to b, the response to b is the coefficient
      return [0, 1].map((x) => s(x, 1) - s(x, 0));
    };
    const [here, there] = outputs(["score input", "coefficient"]);
    expect(there).toBeCloseTo(here, 5);
    const [near, far] = outputs(["score input"]);
    expect(Math.abs(far - near)).toBeGreaterThan(1e-3);
  });
});

describe("the published network", () => {
  it("has 129 dim + 37,569 parameters", () => {
    for (const dim of [2, 5, 10, 50]) {
      expect(publishedControl({ dim, form: "lerp" }).count).toBe(129 * dim + 37_569);
      expect(combine({ a: fourierMlp({ dim }), b: timeNet({ initial: 1 }) }).count).toBe(129 * dim + 37_569);
    }
  });

  it("is trained as published", () => {
    const { clipAt, learningRate, phases: all } = publishedRecipe();
    expect([0, 199, 200, 399, 400].map(clipAt)).toEqual([10, 10, 50, 50, 250]);
    expect([0, 99, 100, 60_000].map(learningRate).map((rate) => Number(rate.toPrecision(6)))).toEqual([
      0.005,
      0.005,
      Number((0.005 * 0.02 ** (100 / 60_000)).toPrecision(6)),
      1e-4,
    ]);
    expect(all).toEqual([{ numSteps: 200, numPaths: 2048, updates: 60_000 }]);
  });
});

describe("weights of a batch", () => {
  it("12: a constant moves nothing, lost paths have no weight", () => {
    const rnd = Float64Array.of(1, 2, 4, NaN, 1e9, 3);
    const { variance, weights, lost, cut } = residuals(rnd);
    expect(cut).toBe(0);
    expect(residuals(rnd, { clip: 1 }).cut).toBe(2);
    expect(lost).toEqual([3, 4]);
    expect(variance).toBeCloseTo(5 / 3, 12);
    expect([...weights]).toEqual([-1, -1 / 3, 1, 0, 0, 1 / 3].map(Math.fround));
    expect(residuals(rnd.map((r) => r + 8)).variance).toBeCloseTo(variance, 12);
    expect([...residuals(rnd, { clip: 1 }).weights.subarray(0, 3)]).toEqual(
      [-2 / 3, -1 / 3, 2 / 3].map(Math.fround),
    );
  });

  it("takes variances within groups that share a start", () => {
    const { variance, weights } = residuals(Float64Array.of(0, 2, 10, 14), { group: 2 });
    expect(variance).toBeCloseTo((2 + 8) / 2, 12);
    expect([...weights]).toEqual([-1, 1, -2, 2]);
  });

  it("cuts batches by their size, and steps into chunks that divide them", () => {
    expect(pathShards(512).map(({ rows }) => rows)).toEqual([256, 256]);
    expect([1024, 2048, 4096, 50_000].map((n) => pathShards(n).length)).toEqual([2, 2, 4, 8]);
    expect(pathShards(48, 16, 2)).toEqual([{ first: 0, rows: 32 }, { first: 32, rows: 16 }]); // prettier-ignore
    expect([chunkSteps(200, 256), chunkSteps(257, 256), chunkSteps(50, 10_000)]).toEqual([4, 1, 1]);
  });
});
