import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { LoadedProgram } from "../../src/engine/loaded-program.js";
import { modelPath } from "../../src/engine/model-cache.js";
import { tf as load } from "../../src/engine/tfjs.js";
import type { Program } from "../../src/engine/program.js";
import type { Tensor2D } from "@tensorflow/tfjs";

const tf = load();
const program: Program = compile((x: Tensor2D) => tf.tanh(x.matMul(x)).sum(1), { shape: [3, 3] }).program!;
const input = Float32Array.of(0.1, -0.2, 0.3, 0.5, 0.7, -0.11, 0.13, 0.17, 0.19);
const before = process.env.SCOREBOOK_OUT;
let folder: string;
const entry = (): string => modelPath(join(folder, "cache", "programs"), program);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scorebook-models-"));
  process.env.SCOREBOOK_OUT = folder;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.SCOREBOOK_OUT;
  else process.env.SCOREBOOK_OUT = before;
});

async function runOnce(): Promise<Float32Array> {
  const loaded = await LoadedProgram.load(program);
  const [y] = await loaded.run([input]);
  await loaded.dispose();
  return y as Float32Array;
}

it("a program comes back from disk with the same results to the last bit", async () => {
  const first = await runOnce();
  expect(existsSync(entry())).toBe(true);
  expect(readdirSync(join(folder, "cache", "programs"))).toHaveLength(1);
  const written = readFileSync(entry());
  expect(await runOnce()).toEqual(first);
  expect(readFileSync(entry())).toEqual(written);
});

it("every damaged byte is noticed, named and mended", async () => {
  const first = await runOnce();
  const good = readFileSync(entry());
  const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  // Some hundred places, the header's and the last ones among them.
  const places = Array.from({ length: good.length }, (_, i) => i).filter(
    (i) => i < 10 || i % 41 === 0 || i > good.length - 5,
  );
  for (const place of places) {
    const bad = Buffer.from(good);
    bad[place] ^= 1;
    writeFileSync(entry(), bad);
    warning.mockClear();
    expect(await runOnce()).toEqual(first);
    expect(warning, `byte ${place}`).toHaveBeenCalledWith(expect.stringContaining(entry()));
    expect(readFileSync(entry()).length).toBe(good.length);
  }
  warning.mockRestore();
});

it("a cut file is made again", async () => {
  const first = await runOnce();
  writeFileSync(entry(), readFileSync(entry()).subarray(0, 100));
  const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  expect(await runOnce()).toEqual(first);
  expect(warning).toHaveBeenCalledTimes(1);
  warning.mockRestore();
});

it("a folder that cannot be made, or a file in its place, costs nothing but time", async () => {
  const first = await runOnce();
  rmSync(join(folder, "cache"), { recursive: true });
  writeFileSync(join(folder, "cache"), "in the way");
  expect(await runOnce()).toEqual(first);
  rmSync(join(folder, "cache"));
  mkdirSync(join(folder, "cache"));
  chmodSync(join(folder, "cache"), 0o500);
  expect(await runOnce()).toEqual(first);
  chmodSync(join(folder, "cache"), 0o700);
});

it("nothing is kept where that is not wanted", async () => {
  const loaded = await LoadedProgram.load(program, { cache: false });
  await loaded.dispose();
  expect(existsSync(entry())).toBe(false);
});
