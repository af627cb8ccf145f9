import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { describeDevice } from "../engine/index.js";
import { root } from "../notebook/environment.js";

/** The machine of a run, as its document names it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly device: string;
}

/** The package's version. */
export function version(): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}

/** @throws DeviceError where SCOREBOOK_DEVICE names a device that cannot be used */
export async function machine(): Promise<Machine> {
  const { device } = await describeDevice();
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    node: process.version,
    device,
  };
}
