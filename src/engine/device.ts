import { createRequire } from "node:module";
import { checkOneOf } from "../core/checks.js";
import { threadCount } from "../onnx/pool.js";
import { obstacle, probe, type GpuDevice, type Verdict } from "./probe.js";

/** Where compiled programs run: ONNX Runtime's providers, or tfjs eagerly on TensorFlow's GPU build. */
export type DeviceName = "cpu" | GpuDevice;

const DEVICES = ["auto", "cpu", "cuda", "webgpu", "tfjs-gpu"] as const;
const GPUS: readonly GpuDevice[] = ["cuda", "tfjs-gpu", "webgpu"];

const HOW_TO_ADD_CUDA =
  "on Linux x64 with an NVIDIA driver, CUDA 12 and cuDNN 9, run " +
  '"ONNXRUNTIME_NODE_INSTALL=true node node_modules/onnxruntime-node/script/install.js", ' +
  "which downloads ONNX Runtime's CUDA library from NuGet; then SCOREBOOK_DEVICE=cuda";

/** A device that was considered. */
export interface DeviceAttempt extends Verdict {
  readonly device: DeviceName;
}

/** Which device computes, and why. */
export interface DeviceReport {
  readonly device: DeviceName;
  /** The package that computes, with its version. */
  readonly provider: string;
  /** Threads that work at the same time. */
  readonly threads: number;
  readonly reason: string;
  readonly tried: readonly DeviceAttempt[];
  readonly howToAddCuda: string;
}

/** A device was asked for by name and cannot be used. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
  readonly tried: readonly DeviceAttempt[];

  constructor(message: string, tried: readonly DeviceAttempt[]) {
    super(message);
    this.tried = tried;
  }
}

const reports = new Map<string, Promise<DeviceReport>>();

/**
 * The device that compiled programs use. `auto` takes the first of CUDA, TensorFlow's GPU build and WebGPU that loads
 * and agrees with the CPU, else the CPU; each is tried in a process of its own, once, and not at all where no GPU is to be seen.
 * @param wanted `auto`, `cpu`, `cuda`, `webgpu` or `tfjs-gpu` (default SCOREBOOK_DEVICE, else `auto`)
 * @throws ArgumentError for another word; DeviceError where the device that is asked for by name cannot be used
 */
export function describeDevice(
  wanted: string = process.env.SCOREBOOK_DEVICE || "auto",
  options: { readonly from?: string } = {},
): Promise<DeviceReport> {
  const key = JSON.stringify([wanted, options.from, process.env.SCOREBOOK_THREADS]);
  let report = reports.get(key);
  if (report === undefined) {
    report = choose(wanted, options.from);
    reports.set(key, report);
  }
  return report;
}

async function choose(wanted: string, from: string | undefined): Promise<DeviceReport> {
  const name = checkOneOf("SCOREBOOK_DEVICE", wanted, DEVICES);
  if (name === "auto") return automatic(from);
  if (name === "cpu") return report("cpu", "asked for by SCOREBOOK_DEVICE", []);
  const verdict = await probe(name, from);
  const tried = [{ device: name, ...verdict }];
  if (verdict.usable) return report(name, "asked for by SCOREBOOK_DEVICE", tried);
  throw new DeviceError(missing(name, verdict.reason), tried);
}

async function automatic(from: string | undefined): Promise<DeviceReport> {
  const tried: DeviceAttempt[] = [];
  for (const device of GPUS) {
    const reason = obstacle(device, from);
    const verdict = reason === undefined ? await probe(device, from) : { usable: false, reason };
    tried.push({ device, ...verdict });
    if (verdict.usable)
      return report(device, "the first GPU provider that loads and agrees with the CPU", tried);
  }
  return report("cpu", "no GPU provider can be used", tried);
}

function report(device: DeviceName, reason: string, tried: readonly DeviceAttempt[]): DeviceReport {
  const threads = device === "cpu" ? threadCount() : 1;
  return { device, provider: provider(device), threads, reason, tried, howToAddCuda: HOW_TO_ADD_CUDA };
}

function provider(device: DeviceName): string {
  const name = device === "tfjs-gpu" ? "@tensorflow/tfjs-node-gpu" : "onnxruntime-node";
  try {
    const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
    return `${name} ${version}`;
  } catch {
    return name;
  }
}

function missing(device: GpuDevice, reason: string): string {
  const help = device === "cuda" ? ` To add CUDA: ${HOW_TO_ADD_CUDA}.` : "";
  return (
    `SCOREBOOK_DEVICE=${device} cannot be used: ${reason}.${help} ` +
    "SCOREBOOK_DEVICE=auto takes what there is, cpu works everywhere."
  );
}
