// Where things are in the checkout.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const venv = join(root, ".venv");
export const dist = join(root, "dist");
export const modules = join(root, "node_modules");

/** The venv's own interpreter.
 * @param {string} folder
 * @param {string} platform */
export function venvPython(folder = venv, platform = process.platform) {
  return platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** tsc by its file: `tsc` by name may be another package's.  */
export const tsc = join(modules, "typescript", "bin", "tsc");
