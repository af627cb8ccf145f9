import { spawnSync } from "node:child_process";
import { jupyterEnvironment } from "../jupyter.js";

/** The output of a command, or undefined where it does not run. */
export function answerOf(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    env: jupyterEnvironment(),
    shell: process.platform === "win32" && command === "npm",
  });
  return status === 0 ? stdout.trim() : undefined;
}
