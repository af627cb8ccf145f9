import { describe, expect, it } from "vitest";
import type { RunPart } from "../../../src/core/index.js";
import { moons, swissRoll } from "../../../src/data/index.js";
import { average, negativeLogLikelihood } from "../../../src/metrics/index.js";
import { key, split } from "../../../src/random/index.js";
import {
  fromWeights,
  judge,
  kernelModel,
  learnToy,
  restoreToy,
  train,
  trainInParts,
} from "../../../src/score/wasserstein-proximal/index.js";
import { warmupCosine } from "../../../src/train/index.js";

const toy = swissRoll();
const points = toy.sample(key(1), 2000);
const heldOut = toy.sample(key(2), 3000);
const centres = toy.sample(key(3), 100);
const stepSize = warmupCosine({ peak: 5e-3, numSteps: 60 });
const small = { dim: 2, key: key(0), centres, epsilon: 0.01, hidden: [16], numSteps: 60, stepSize };

/** Keeps parts as a row does, and says which were worked on. */
function shelf(): { part: RunPart; worked: string[] } {
  const kept = new Map<string, unknown>();
  const worked: string[] = [];
  const part: RunPart = async <T>(name: string, work: () => T | Promise<T>) => {
    if (!kept.has(name)) {
      kept.set(name, await work());
      worked.push(name);
    }
    return kept.get(name) as T;
  };
  return { part, worked };
}

describe("training in parts", () => {
  it("is one training, and keeps the end with the least loss on points held out", async () => {
    const best = await trainInParts(points, { ...small, heldOut, partSteps: 20 });
    // four parts at least: 15 steps each
    expect(best.curve.steps).toEqual([15, 30, 45, 60]);
    const least = Math.min(...best.curve.loss);
    expect(best.loss).toBe(least);
    expect(best.steps).toBe(best.curve.steps[best.curve.loss.indexOf(least)]);
    const { model, state } = await train(points, { ...small, numSteps: best.steps });
    expect(best.weights).toEqual(Float32Array.from(state.weights));
    expect(average(await model.implicitLoss(heldOut)).value).toBe(least);
  });

  it("keeps an earlier end where a step size too large has spoilt the last", async () => {
    const late = (step: number) => (step < 45 ? stepSize(step) : 0.3);
    const best = await trainInParts(points, { ...small, stepSize: late, heldOut, partSteps: 15 });
    expect(best.steps).toBeLessThan(60);
    expect(best.loss).toBeLessThan(best.curve.loss[3]);
  });

  it("goes on after the last part that was kept, to the same bits", async () => {
    const whole = await trainInParts(points, { ...small, heldOut, partSteps: 15 });
    const { part, worked } = shelf();
    const stop: RunPart = async (name, work) => {
      if (name === "45 steps") throw new Error("power cut");
      return part(name, work);
    };
    const options = { ...small, heldOut, partSteps: 15 };
    await expect(trainInParts(points, { ...options, part: stop })).rejects.toThrow("power cut");
    expect(await trainInParts(points, { ...options, part })).toEqual(whole);
    expect(worked).toEqual(["15 steps", "30 steps", "45 steps", "60 steps"]);
  });

  it("refuses points held out that are none", async () => {
    const ragged = { ...small, heldOut: new Float64Array(3) };
    await expect(trainInParts(points, ragged)).rejects.toThrow(/heldOut: .*multiple of dim = 2/);
    await expect(trainInParts(points, { ...small, heldOut, partSteps: 0 })).rejects.toThrow(/partSteps/);
  });
});

describe("the judgement of a model", () => {
  const identity = Float64Array.from({ length: 4 * 100 }, (_, k) => (k % 4 === 0 || k % 4 === 3 ? 25 : 0));
  const model = kernelModel(2, centres, identity);

  it("is about as good as isotropic kernels are, between its floors", async () => {
    const found = await judge(model, toy, { key: key(5), numFresh: 8000 });
    // Gibbs: -E log p >= entropy; score matching: J >= -Fisher; both up to the scatter of 8,000 points
    expect(found.nll - found.entropy).toBeGreaterThan(0);
    expect(found.loss + found.fisher).toBeGreaterThan(-5 * found["loss-error"]);
    // kernels of 0.2 about points with noise of 0.2: distances across are at least 0.2, and up to 0.2·√2 with the bend's share
    expect(found.rms).toBeGreaterThan(0.2);
    expect(found.rms).toBeLessThan(0.3);
    expect(found["nll-centres"]).toBeLessThan(found.nll);
    expect(found["copy-fraction"]).toBeLessThan(0.25);
    const [freshKey] = split(key(5), 2);
    const test = toy.sample(freshKey, 8000);
    expect(found.nll).toBe(negativeLogLikelihood(await model.logDensity(test)).value);
  });

  it("finds out a model that copies", async () => {
    const copies = kernelModel(
      2,
      centres,
      identity.map((g) => g * 1e4),
    );
    const found = await judge(copies, toy, { key: key(5), numFresh: 2000 });
    expect(found["copy-fraction"]).toBeGreaterThan(0.98);
    expect(found["neighbour-ratio"]).toBeLessThan(0.1);
    expect(found.nll - found["nll-centres"]).toBeGreaterThan(100);
  });

  it("refuses a toy of another dimension, and more test points than there are", async () => {
    const lifted = swissRoll({ dim: 6 });
    await expect(judge(model, lifted, { key: key(0), numFresh: 10 })).rejects.toThrow(/model\.dim/);
    const many = { key: key(0), numFresh: 10, numTest: 11 };
    await expect(judge(model, toy, many)).rejects.toThrow(/numTest/);
  });
});

describe("a run on a toy", () => {
  const settings = {
    toy: moons(),
    epsilon: 25,
    hidden: [8],
    numKernels: 60,
    numSteps: 8,
    peak: 1e-2,
    numHeldOut: 500,
    numFresh: 500,
  };

  it("is had back from its weights", async () => {
    const { part, worked } = shelf();
    let kept = new Float32Array(0);
    const keep = (arrays: { weights: { data: Float32Array } }) =>
      (kept = Float32Array.from(arrays.weights.data));
    const { found, trained } = await learnToy(settings, key(0), { part, keep });
    expect(worked).toEqual(["2 steps", "4 steps", "6 steps", "8 steps", "judge"]);
    expect(found.steps).toEqual([2, 4, 6, 8]);
    expect(found["best-steps"]).toBe(
      found.steps[found["loss-curve"].indexOf(Math.min(...found["loss-curve"]))],
    );
    const again = await restoreToy(settings, kept, key(0));
    expect(again.model.precision).toEqual(trained.model.precision);
    const other = await restoreToy(settings, kept, key(1));
    expect(other.model.centres).not.toEqual(trained.model.centres);
    const same = { dim: 2, centres: trained.model.centres, epsilon: 25, hidden: [8] };
    expect((await fromWeights(kept, same)).model.precision).toEqual(trained.model.precision);
    // kept parts or not, the same run
    expect((await learnToy(settings, key(0))).found).toEqual(found);
  });
});
