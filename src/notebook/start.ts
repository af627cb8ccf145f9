import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { describeDevice } from "../engine/index.js";
import { inNotebook, kernel, show } from "./display.js";
import { root } from "./environment.js";
import { gridBundle } from "./grid.js";
import { openSession, saveRun } from "./session.js";
import type { Session } from "./session.js";

/**
 * Begins a notebook: forgets an earlier run's checks and figures, and shows versions, device and profile in one table.
 * @param name the notebook's file name without `.ipynb`; a runner's name for it wins, JupyterLab's is the default
 * @throws DeviceError where SCOREBOOK_DEVICE names a device that cannot be used
 */
export async function start(name?: string): Promise<void> {
  const run = openSession(name);
  watchRejections(run);
  saveRun(run);
  const { device, provider, threads, reason } = await describeDevice();
  const machine = cpus()[0]?.model.trim() ?? "processor unknown";
  const rows = [
    ["notebook", `${run.notebook}, profile ${run.profile}`],
    ["scorebook", version(root)],
    ["Node", `${process.version}, ${kernelName()}`],
    ["libraries", libraries()],
    ["device", `${device} by ${provider} (${reason})`],
    ["machine", `${machine}, ${threads} ${threads === 1 ? "thread" : "threads"}`],
  ];
  show(gridBundle({ columns: ["run", ""], rows: rows.map((row) => row.map((text) => ({ text }))) }));
}

function kernelName(): string {
  if (kernel()) return "Scorebook's kernel";
  return inNotebook() ? "tslab's kernel" : "no kernel";
}

function libraries(): string {
  const names = ["onnxruntime-node", "vega", "vega-lite", "danfojs-node", "mathjs", "tslab"];
  return names.map((name) => `${name} ${version(packageFolder(name))}`).join(", ");
}

function packageFolder(name: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(candidate) || dirname(folder) === folder) return candidate;
  }
}

function version(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
  } catch {
    return "missing";
  }
}

let watched: Session | undefined;

/** A rejection that nobody handles fails the notebook at its checks; outside a kernel Node ends the process itself. */
function watchRejections(run: Session): void {
  if (inNotebook() && watched === undefined) {
    process.on("unhandledRejection", (reason) => watched?.rejections.push(reason));
  }
  watched = run;
}
