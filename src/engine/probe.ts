import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledModule } from "../onnx/pool-modules.js";
import { tfjsGpuInstalled } from "./tfjs-gpu.js";

/** A device that is not simply the CPU. */
export type GpuDevice = "cuda" | "tfjs-gpu" | "webgpu";

/** Whether a device can be used, and why or why not. */
export interface Verdict {
  readonly usable: boolean;
  readonly reason: string;
}

const PROBE = new URL("./probe-main.js", import.meta.url).href;
const TIMEOUT = 30_000;

/** A reason to look no further, found by looking at files only; undefined where there may be such a device. */
export function obstacle(device: GpuDevice, from?: string): string | undefined {
  if (device === "tfjs-gpu" && !tfjsGpuInstalled(from)) return "@tensorflow/tfjs-node-gpu is not installed";
  if (device === "cuda") return cudaObstacle() ?? noGpu(["/dev/nvidia0", "/dev/dxg"]);
  return noGpu(["/dev/dri", "/dev/nvidia0", "/dev/dxg"]);
}

function cudaObstacle(): string | undefined {
  const { platform, arch } = process;
  if (platform !== "linux" || arch !== "x64")
    return `ONNX Runtime has no CUDA provider for ${platform} ${arch}`;
  const main = createRequire(import.meta.url).resolve("onnxruntime-node");
  const libraries = join(dirname(main), "..", "bin", "napi-v6", platform, arch);
  const found =
    existsSync(libraries) && readdirSync(libraries).some((file) => file.includes("providers_cuda"));
  return found ? undefined : "ONNX Runtime's CUDA library is not installed";
}

/** Only Linux shows its GPUs as files. */
function noGpu(paths: readonly string[]): string | undefined {
  if (process.platform !== "linux" || paths.some(existsSync)) return undefined;
  return `no GPU found (${paths.join(", ")} do not exist)`;
}

/** Try a device in a process of its own; takes from 0.1 s to the time limit and never throws. */
export function probe(device: GpuDevice, from?: string): Promise<Verdict> {
  const script = fileURLToPath(compiledModule(PROBE));
  const args = [script, device, ...(from === undefined ? [] : [from])];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: TIMEOUT, killSignal: "SIGKILL" }, (error, stdout) => {
      resolve(readVerdict(stdout) ?? { usable: false, reason: failure(error) });
    });
  });
}

function readVerdict(stdout: string): Verdict | undefined {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  return line.startsWith('{"usable"') ? (JSON.parse(line) as Verdict) : undefined;
}

function failure(error: (Error & { killed?: boolean; signal?: string | null }) | null): string {
  if (error?.killed === true) return `no answer within ${TIMEOUT / 1000} s`;
  return `the trial process stopped (${error?.signal ?? error?.message.split("\n")[0] ?? "no answer"})`;
}
