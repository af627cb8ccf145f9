import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { key } from "../../src/random/index.js";
import { adam } from "../../src/train/adam.js";
import { decodeState } from "../../src/train/checkpoint-format.js";
import { openShelf } from "../../src/train/checkpoint.js";
import { ema } from "../../src/train/ema.js";
import { fit } from "../../src/train/fit.js";
import { plan, type FitOptions } from "../../src/train/fit-options.js";
import type { StepProgram } from "../../src/train/step.js";
import { faulty, heavyBowl, noisyBowl } from "./programs.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scorebook-checkpoint-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function options(changes: Partial<FitOptions> = {}): FitOptions {
  return {
    program: noisyBowl([1, -2, 3], 0.5),
    params: Float32Array.of(0.5, -0.5, 0),
    key: key(3),
    numSteps: 40,
    recordEvery: 7,
    optimiser: adam({ learningRate: 0.05 }),
    average: ema({ decay: 0.9, start: 5 }),
    evaluate: { every: 8, run: ({ average }) => ({ error: Math.hypot(...average), odd: NaN, zero: -0 }) },
    earlyStop: { metric: "error", mode: "max", patience: 100 },
    checkpoint: { folder, every: 5 },
    ...changes,
  };
}
function interruptedAfter(steps: number, whole: StepProgram = noisyBowl([1, -2, 3], 0.5)): FitOptions {
  const stop = new AbortController();
  const program: StepProgram = {
    ...whole,
    run(params, context) {
      if (context.step === steps - 1) stop.abort();
      return whole.run(params, context);
    },
  };
  return options({ program, signal: stop.signal });
}
const without = (changes: Partial<FitOptions> = {}): FitOptions =>
  options({ checkpoint: undefined, ...changes });

describe("a run that is resumed", () => {
  it.each([1, 5, 23, 39])(
    "after %i steps gives the bits of one that was not, history included",
    async (stop) => {
      const whole = await fit(without());
      await fit(interruptedAfter(stop));
      const { params, average, best, state, info } = await fit(options());
      expect(info.resumedAt).toBe(stop);
      expect({ params, average, best, state }).toEqual({
        params: whole.params,
        average: whole.average,
        best: whole.best,
        state: whole.state,
      });
      expect(info).toMatchObject({ status: "finished", steps: 40, skipped: 0, warnings: [] });
    },
  );

  it("has its program's memory back, from a folder or from a state", async () => {
    const program = (): StepProgram => heavyBowl([1, -2, 3], 0.5);
    const used = program();
    const whole = await fit(without({ program: used }));
    const forgetful = await fit(without());
    expect(whole.params).not.toEqual(forgetful.params);
    const part = await fit(interruptedAfter(17, program()));
    expect((await fit(options({ program: program() }))).params).toEqual(whole.params);
    const { params, state } = await fit(without({ program: used, from: part.state }));
    expect(params).toEqual(whole.params);
    expect(state).toEqual(whole.state);
    expect((await fit(without({ program: used }))).params).toEqual(whole.params);
    await expect(fit(without({ from: part.state }))).rejects.toThrow("from.memory");
  });

  it("counts skipped steps over both parts", async () => {
    const program = faulty(noisyBowl([1, 2, 3]), (step) => (step % 10 === 2 ? { loss: NaN } : undefined));
    await fit(options({ program, numSteps: 20 }));
    expect((await fit(options({ program }))).info.skipped).toBe(4);
  });

  it("does nothing more once it is finished or has stopped early", async () => {
    await fit(options());
    const again = await fit(options({ program: { run: () => Promise.reject(new Error("no step is due")) } }));
    expect(again.info).toMatchObject({ status: "finished", resumedAt: 40 });
    rmSync(folder, { recursive: true });
    const earlyStop = { metric: "error", patience: 1 };
    const first = await fit(options({ earlyStop }));
    expect(first.info.status).toBe("stopped early");
    expect((await fit(options({ earlyStop }))).info).toMatchObject({
      ...first.info,
      seconds: expect.anything() as number,
      processorSeconds: expect.anything() as number,
      resumedAt: first.info.steps,
    });
  });

  it("is saved when it is interrupted, and not after a skipped step", async () => {
    const stop = new AbortController();
    const evaluate = { every: 13, run: () => (stop.abort(), { error: 0 }) };
    await fit(options({ evaluate, signal: stop.signal }));
    expect((await fit(options({ evaluate }))).info.resumedAt).toBe(13);
    rmSync(folder, { recursive: true });
    const program = faulty(noisyBowl([1, 2, 3]), (step) => (step > 6 ? { loss: NaN } : undefined));
    expect((await fit(options({ program, maxSkips: 10 }))).info.status).toBe("diverged");
    expect(readdirSync(folder).sort()).toEqual(["step-000000005.json", "step-000000005.safetensors"]);
  });

  it("is saved when a listener ends it by throwing", async () => {
    const onProgress = (): void => {
      throw new Error("enough");
    };
    await expect(fit(options({ numSteps: 3, onProgress }))).rejects.toThrow("enough");
    const slow: StepProgram = {
      run(params, context) {
        for (const began = performance.now(); performance.now() - began < 30;);
        return noisyBowl([1, -2, 3], 0.5).run(params, context);
      },
    };
    rmSync(folder, { recursive: true });
    await expect(fit(options({ program: slow, onProgress }))).rejects.toThrow("enough");
    const { info, params } = await fit(options());
    // The first event comes with the fourth step or a later one, and need not fall on a checkpoint.
    expect(info.resumedAt).toBeGreaterThanOrEqual(1);
    expect(params).toEqual((await fit(without())).params);
  });

  it("may go on for longer than was planned", async () => {
    await fit(options({ numSteps: 20 }));
    expect((await fit(options({ numSteps: 60 }))).params).toEqual(
      (await fit(without({ numSteps: 60 }))).params,
    );
  });
});

it("keeps the two newest checkpoints, or as many as asked for", async () => {
  await fit(options({ numSteps: 22 }));
  const files = ["step-000000020", "step-000000022"].flatMap((name) => [
    `${name}.json`,
    `${name}.safetensors`,
  ]);
  expect(readdirSync(folder).sort()).toEqual(files);
  await fit(options({ checkpoint: { folder, every: 5, keep: 1 } }));
  expect(readdirSync(folder).sort()).toEqual(["step-000000040.json", "step-000000040.safetensors"]);
});

describe("damage", () => {
  /** Every byte, each with another bit turned over; every 40th time the whole way to the checkpoint before. */
  async function expectDetected(file: string): Promise<void> {
    const path = join(folder, file);
    const sheet = join(folder, "step-000000010.json");
    const bytes = readFileSync(path);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = Uint8Array.from(bytes);
      damaged[i] ^= 1 << (i % 8);
      writeFileSync(path, damaged);
      const message = await decodeState(sheet, folder).then(
        () => "not found",
        (error: Error) => error.message,
      );
      expect({ i, message }).toEqual({
        i,
        message: expect.stringContaining(`${path}: its checksum differs`) as string,
      });
      if (i % 40 !== 0) continue;
      const shelf = openShelf({ folder, every: 5 }, plan(options()));
      expect((await shelf.newest())?.state.step).toBe(5);
      expect(shelf.warnings).toEqual([expect.stringContaining(path)]);
    }
    writeFileSync(path, bytes);
  }

  it("of any byte is found and named, and the checkpoint before is used", async () => {
    const { params } = await fit(options({ numSteps: 10 }));
    await expectDetected("step-000000010.json");
    await expectDetected("step-000000010.safetensors");
    expect((await fit(options({ numSteps: 10 }))).params).toEqual(params);
  });

  it("by cutting or losing a file is survived, and arrays without their text do not count", async () => {
    await fit(options({ numSteps: 10 }));
    rmSync(join(folder, "step-000000010.safetensors"));
    const first = await fit(options({ numSteps: 10, checkpoint: { folder, every: 1000 } }));
    expect(first.info.resumedAt).toBe(5);
    expect(first.info.warnings[0]).toContain("step-000000010.safetensors: does not exist");
    writeFileSync(join(folder, "step-000000010.json"), "");
    writeFileSync(join(folder, "step-000000099.safetensors"), "half");
    expect((await fit(options({ numSteps: 10 }))).info.resumedAt).toBe(5);
  });

  it("of all checkpoints starts the run anew, and says so", async () => {
    await fit(options({ numSteps: 10 }));
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), "x");
    const { info, params } = await fit(options());
    expect(info.resumedAt).toBeUndefined();
    expect(info.warnings).toHaveLength(2);
    expect(params).toEqual((await fit(without())).params);
  });
});

describe("a folder that holds another run is refused, with what is different", () => {
  it.each<[string, Partial<FitOptions>, string]>([
    ["key", { key: key(4) }, "another key"],
    ["start", { params: Float32Array.of(0, 0, 0) }, "another start"],
    ["learning rate", { optimiser: adam({ learningRate: 0.04 }) }, "another learningRate"],
    ["optimiser", { optimiser: adam({ learningRate: 0.05, beta2: 0.99 }) }, "another optimiser"],
    ["average", { average: ema({ decay: 0.8, start: 5 }) }, "another average"],
    ["clipping", { clipNorm: 1 }, "another clipNorm"],
    ["early stopping", { earlyStop: undefined }, "another earlyStop"],
  ])("%s", async (_, changes, message) => {
    await fit(options({ numSteps: 10 }));
    await expect(fit(options(changes))).rejects.toThrow(message);
    await expect(fit(options(changes))).rejects.toThrow("checkpoint.folder: expected the folder of this run");
  });

  it("a tag stands for whatever else the run depends on", async () => {
    const tagged = (tag: unknown): FitOptions =>
      options({ numSteps: 10, checkpoint: { folder, every: 5, tag } });
    await fit(tagged({ data: "roll", version: 1 }));
    expect((await fit(tagged({ version: 1, data: "roll" }))).info.resumedAt).toBe(10);
    await expect(fit(tagged({ data: "roll", version: 2 }))).rejects.toThrow("another tag");
  });
});

describe("bad input is named", () => {
  it.each<[string, object, string]>([
    ["no folder", { folder: "", every: 1 }, "checkpoint.folder: expected the path of a folder"],
    ["every 0 steps", { folder: "x", every: 0 }, "checkpoint.every"],
    ["none kept", { folder: "x", every: 1, keep: 0 }, "checkpoint.keep"],
    ["a misspelt option", { folder: "x", evry: 1 }, 'did you mean "every"?'],
    ["a tag that is no data", { folder: "x", every: 1, tag: { f: () => 1 } }, "tag.f"],
  ])("%s", async (_, checkpoint, message) => {
    const wrong = options({ checkpoint: checkpoint as FitOptions["checkpoint"] });
    await expect(fit(wrong)).rejects.toThrow(message);
  });

  it("a path that is a file, or a folder that cannot be written", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "");
    await expect(fit(options({ checkpoint: { folder: path, every: 5 } }))).rejects.toThrow(path);
    if (process.getuid?.() === 0) return; // root may write anywhere
    chmodSync(folder, 0o500);
    await expect(fit(options())).rejects.toThrow("cannot be written");
  });
});
