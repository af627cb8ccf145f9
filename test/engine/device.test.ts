import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describeDevice, DeviceError } from "../../src/engine/device.js";
import { verifyProvider } from "../../src/engine/probe-model.js";
import { loadTfjsGpu } from "../../src/engine/tfjs-gpu.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "scorebook-device-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder whose modules find the given code as @tensorflow/tfjs-node-gpu. */
function standIn(name: string, code: string): string {
  const at = join(folder, name, "node_modules", "@tensorflow", "tfjs-node-gpu");
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "index.js"), code);
  writeFileSync(join(at, "package.json"), '{ "name": "@tensorflow/tfjs-node-gpu", "version": "9.9.9" }');
  return pathToFileURL(join(folder, name, "user.js")).href;
}

const tfjs = (gpu: boolean, started = true) => `
  process.stderr.write("noise of a native library\\n");
  module.exports = {
    getBackend: () => "tensorflow",
    setBackend: async (name) => name === "tensorflow" && ${started},
    backend: () => ({ isUsingGpuDevice: ${gpu} }),
  };`;

describe("the choice of a device", () => {
  it("is the CPU where no GPU provider can be used, and says why for each", async () => {
    const { device, provider, threads, tried, reason, howToAddCuda } = await describeDevice("auto");
    if (device !== "cpu") return expect(tried.at(-1)).toMatchObject({ device, usable: true });
    expect(provider).toMatch(/^onnxruntime-node \d+\.\d+\.\d+$/);
    expect(threads).toBeGreaterThanOrEqual(1);
    expect(reason).toBe("no GPU provider can be used");
    expect(tried.map((attempt) => attempt.device)).toEqual(["cuda", "tfjs-gpu", "webgpu"]);
    for (const attempt of tried) expect(attempt).toMatchObject({ usable: false, reason: /./ });
    expect(howToAddCuda).toContain("SCOREBOOK_DEVICE=cuda");
  });

  it("is made once: the second answer is the first", () => {
    expect(describeDevice("auto")).toBe(describeDevice("auto"));
  });

  it("takes the CPU by name without trying anything", async () => {
    expect(await describeDevice("cpu")).toMatchObject({ device: "cpu", tried: [] });
  });

  it("refuses a word it does not know, with the nearest one", async () => {
    await expect(describeDevice("cude")).rejects.toThrow(/SCOREBOOK_DEVICE.*did you mean "cuda"/);
  });
});

describe("TensorFlow's GPU build, played by a stand-in", () => {
  it("is taken by name and by auto where it sees a GPU", async () => {
    const from = standIn("good", tfjs(true));
    expect(await loadTfjsGpu(from)).toMatchObject({ gpu: true });
    expect(await describeDevice("tfjs-gpu", { from })).toMatchObject({ device: "tfjs-gpu", threads: 1 });
  });

  it.each([
    ["sees no GPU", tfjs(false), /sees no CUDA 11\.2 device/],
    [
      "throws as it loads",
      'throw new Error("libtensorflow.so.2: cannot open")',
      /does not load: libtensorflow/,
    ],
    ["does not start its backend", tfjs(true, false), /backend "tensorflow" does not start/],
    ["kills its process", 'process.kill(process.pid, "SIGSEGV")', /the trial process stopped \(SIGSEGV\)/],
  ])("is refused where it %s", async (name, code, reason) => {
    const from = standIn(name.replaceAll(" ", "-"), code);
    const error = await describeDevice("tfjs-gpu", { from }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DeviceError);
    expect((error as DeviceError).message).toMatch(/^SCOREBOOK_DEVICE=tfjs-gpu cannot be used/);
    expect((error as DeviceError).tried[0].reason).toMatch(reason);
  });

  it("is refused where it is not installed", async () => {
    mkdirSync(join(folder, "empty"), { recursive: true });
    const from = pathToFileURL(join(folder, "empty", "user.js")).href;
    await expect(describeDevice("tfjs-gpu", { from })).rejects.toThrow(/is not installed/);
  });
});

describe("the trial of a provider", () => {
  it("passes for the CPU itself", async () => {
    await expect(verifyProvider("cpu")).resolves.toBeUndefined();
  });

  it.skipIf(process.platform !== "linux" || process.arch !== "x64")(
    "says how to add CUDA where it is missing",
    async () => {
      const error = await describeDevice("cuda").catch((e: unknown) => e);
      if (!(error instanceof DeviceError)) return expect(error).toMatchObject({ device: "cuda" });
      expect(error.message).toMatch(/SCOREBOOK_DEVICE=cuda cannot be used.*To add CUDA/);
    },
  );
});

describe("a fresh process", () => {
  const url = new URL("../../dist/engine/device.js", import.meta.url).href;
  const script = `const before = process.cpuUsage();
    const { device } = await (await import(${JSON.stringify(url)})).describeDevice();
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ device, milliseconds: (user + system) / 1000 }));`;
  const before = process.env.SCOREBOOK_DEVICE;
  afterEach(() => {
    if (before === undefined) delete process.env.SCOREBOOK_DEVICE;
    else process.env.SCOREBOOK_DEVICE = before;
  });

  it("finds its device quietly, and on the CPU path at once", () => {
    delete process.env.SCOREBOOK_DEVICE;
    const runs = Array.from({ length: 3 }, () => {
      const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { stdio: "pipe" });
      return JSON.parse(output.toString()) as { device: string; milliseconds: number };
    });
    // Importing and looking at files takes some 15 ms of the processor's time; 300 ms is the promise.
    if (runs[0].device === "cpu") expect(Math.min(...runs.map((run) => run.milliseconds))).toBeLessThan(300);
  });
});
