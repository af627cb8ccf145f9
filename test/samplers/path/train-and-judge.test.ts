import { describe, expect, it } from "vitest";
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunPart } from "../../../src/core/parts.js";
import { foldIn, key } from "../../../src/random/index.js";
import { fit, trainAndJudge } from "../../../src/samplers/path/index.js";
import { gaussianMixture } from "../../../src/targets/index.js";

const target = gaussianMixture({ means: [[1, -1]], variances: 0.5 });
const options = {
  method: "dis",
  radius: 3,
  key: key(1),
  recipe: { phases: [{ numSteps: 8, numPaths: 16, updates: 6 }] },
  shards: 2,
} as const;
const keys = [foldIn(key(2), 0), foldIn(key(2), 1)];
const judge = { numSteps: 12, numPaths: 50, keys };

describe("training and judging a path sampler", () => {
  it("is fit and an evaluation a key, on the time steps asked for", async () => {
    const { sampler, info, evaluations } = await trainAndJudge(target, options, judge);
    const alone = await fit(target, options);
    expect(sampler.params).toEqual(alone.params);
    expect(info).toMatchObject({ skipped: 0, lostPaths: 0 });
    expect(evaluations).toHaveLength(2);
    for (const [i, found] of evaluations.entries()) {
      const expected = await alone.evaluate({ numSteps: 12, numPaths: 50, key: keys[i] });
      expect(found).toEqual(expected);
    }
    expect(evaluations[0].ess).not.toBe(evaluations[1].ess);
  });

  it("names its parts, and trains with checkpoints in the folder that its part is given", async () => {
    const names: string[] = [];
    let kept: string[] = [];
    const part: RunPart = async (name, work) => {
      names.push(name);
      if (name !== "train") return work();
      const folder = await mkdtemp(join(tmpdir(), "judged-"));
      const value = await work(folder);
      kept = await readdir(folder);
      return value;
    };
    const long = { ...options, recipe: { phases: [{ numSteps: 2, numPaths: 4, updates: 101 }] } };
    await trainAndJudge(target, long, { ...judge, part });
    expect(names).toEqual(["train", "evaluate 1", "evaluate 2"]);
    expect(kept).toContain("step-000000100.json");
  });

  it("refuses no keys, other options, and numbers that are none", async () => {
    await expect(trainAndJudge(target, options, { ...judge, keys: [] })).rejects.toThrow(
      "judge.keys: expected a key",
    );
    await expect(trainAndJudge(target, options, { ...judge, numPaths: 1 })).rejects.toThrow("judge.numPaths");
    await expect(trainAndJudge(target, options, { ...judge, steps: 3 } as never)).rejects.toThrow("steps");
  });
});
