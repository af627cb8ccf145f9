import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../notebook/environment.js";

const venv = join(root, ".venv");

/** The project's own Python. @throws Error where the set-up has not been run */
export function venvPython(): string {
  const python = process.platform === "win32" ? join("Scripts", "python.exe") : join("bin", "python");
  const path = join(venv, python);
  if (existsSync(path)) return path;
  throw new Error(`${path} is missing: run "npm run setup"`);
}

/** The kernel's registration, made by the set-up. */
export const kernelFile: string = join(venv, "share", "jupyter", "kernels", "tslab", "kernel.json");

/** An environment in which Jupyter keeps to the checkout: settings, runtime files and kernels are the project's own. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const own = (name: string): string => join(venv, "jupyter", name);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    JUPYTER_CONFIG_DIR: own("config"),
    JUPYTER_DATA_DIR: own("data"),
    JUPYTER_RUNTIME_DIR: own("runtime"),
    JUPYTERLAB_SETTINGS_DIR: own("settings"),
    JUPYTERLAB_WORKSPACES_DIR: own("workspaces"),
    IPYTHONDIR: own("ipython"),
    JUPYTER_PREFER_ENV_PATH: "1",
    PYTHONUNBUFFERED: "1",
  };
  for (const name of ["JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "PYTHONPATH", "PYTHONHOME"]) delete env[name];
  return env;
}
