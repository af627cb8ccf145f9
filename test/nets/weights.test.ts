import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fourierMlp, loadParams, mlp, saveParams } from "../../src/nets/index.js";
import { key } from "../../src/random/index.js";
import { readSafetensors, writeSafetensors } from "../../src/store/index.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scorebook-weights-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("weights come back bit by bit, under their names and shapes", async () => {
  const net = fourierMlp({ dim: 2 });
  const params = net.init(key(1));
  const path = join(folder, "weights.safetensors");
  await saveParams(path, net, params, { trained: "never" });
  expect(await loadParams(path, net)).toEqual(params);
  const { tensors, metadata } = await readSafetensors(path);
  expect(tensors["input.weight"].shape).toEqual([2, 64]);
  expect(Object.keys(tensors)).toHaveLength(net.spec.length);
  expect(metadata).toEqual({ trained: "never" });
});

it("those of another net are refused by name", async () => {
  const net = mlp({ sizes: [2, 3] });
  const path = join(folder, "other.safetensors");
  await saveParams(path, net, net.init(key(1)));
  await expect(loadParams(path, mlp({ sizes: [3, 2] }))).rejects.toThrow('arrays["layers.0.weight"]');
  await expect(loadParams(path, mlp({ sizes: [2, 3, 1] }))).rejects.toThrow(
    'an array named "layers.1.weight"',
  );
  await expect(saveParams(path, net, new Float32Array(3))).rejects.toThrow("9 parameters");
  await writeSafetensors(path, { "layers.0.weight": { data: new Float64Array(6), shape: [2, 3] } });
  await expect(loadParams(path, net)).rejects.toThrow("layers.0.weight: expected a float32 array");
  await expect(loadParams(join(folder, "none"), net)).rejects.toThrow("does not exist");
});
