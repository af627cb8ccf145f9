import { describe, expect, it } from "vitest";
import type { RunPart } from "../../../src/core/index.js";
import { key, normal } from "../../../src/random/index.js";
import { denoising } from "../../../src/score/index.js";
import { varianceExploding } from "../../../src/sde/index.js";

const data = normal(key(1), 400);
const process = varianceExploding({ horizon: 4 });
const options = { dim: 2, process, key: key(0), hidden: [8], numSteps: 30, batchSize: 16 };

describe("denoising in parts", () => {
  it("is one fit to the last bit, and goes on after the last part that was kept", async () => {
    const kept = new Map<string, unknown>();
    let stopAt: string | undefined = "30 steps";
    const part: RunPart = async <T>(name: string, work: () => T | Promise<T>) => {
      if (name === stopAt) throw new Error("power cut");
      if (!kept.has(name)) kept.set(name, await work());
      return kept.get(name) as T;
    };
    const inParts = { ...options, partSteps: 12, part };
    await expect(denoising.fitInParts(data, inParts)).rejects.toThrow("power cut");
    expect([...kept.keys()]).toEqual(["12 steps", "24 steps"]);
    stopAt = undefined;
    const params = await denoising.fitInParts(data, inParts);
    expect(params).toEqual((await denoising.fit(data, options)).params);
    expect(await denoising.fitInParts(data, options)).toEqual(params);
  });

  it("refuses parts of no steps", async () => {
    await expect(denoising.fitInParts(data, { ...options, partSteps: 0 })).rejects.toThrow(/partSteps/);
  });
});
