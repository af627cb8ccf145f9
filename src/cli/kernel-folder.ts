import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ArgumentError } from "../core/errors.js";
import { kernelFile } from "./jupyter.js";

/** Where Jupyter looks for the kernels of a user: JUPYTER_DATA_DIR, else the platform's place. */
export function userData(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA ?? join(home, "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME ?? join(home, ".local", "share"), "jupyter");
}

/** The folder of the kernel `tslab` below a Python's prefix, or, without one, of the user. */
export function kernelFolder(prefix: string | undefined): string {
  const data = prefix === undefined ? userData() : join(resolve(prefix), "share", "jupyter");
  return join(data, "kernels", "tslab");
}

/**
 * Registers this checkout's kernel in a folder; one of an earlier checkout is replaced.
 * @throws ArgumentError where another program's kernel of that name is there
 */
export function installKernel(folder: string, registered: string = kernelFile): void {
  if (!existsSync(registered)) throw new Error(`${registered} is missing: run "npm run setup"`);
  refuseForeign(folder);
  cpSync(dirname(registered), folder, { recursive: true });
}

/**
 * Removes the registration; false where there is none.
 * @throws ArgumentError where the kernel there is another program's
 */
export function uninstallKernel(folder: string): boolean {
  if (!existsSync(join(folder, "kernel.json"))) return false;
  refuseForeign(folder);
  rmSync(folder, { recursive: true });
  return true;
}

function refuseForeign(folder: string): void {
  const file = join(folder, "kernel.json");
  if (!existsSync(file) || isOurs(file)) return;
  throw new ArgumentError(
    folder,
    "another program's kernel tslab",
    "no kernel of that name, or ours: remove it first",
  );
}

function isOurs(file: string): boolean {
  try {
    const { metadata } = JSON.parse(readFileSync(file, "utf8")) as { metadata?: { scorebook?: unknown } };
    return metadata?.scorebook === true;
  } catch {
    return false;
  }
}
