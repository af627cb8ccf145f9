import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../../notebook/environment.js";
import type { Command } from "../command.js";
import { jupyterEnvironment, venvPython } from "../jupyter.js";

export const lab: Command = {
  name: "lab",
  summary: "Opens the notebooks in JupyterLab, with the TypeScript kernel.",
  flags: [
    { name: "port", value: "N", kind: "whole", text: "port of the server (8888, or the next free one)" },
    { name: "no-browser", text: "do not open a browser; the address is printed" },
  ],
  run: ({ text, given }) => {
    const options = [
      `--ServerApp.root_dir=${root}`,
      "--LabApp.default_url=/lab/tree/notebooks",
      "--LabApp.news_url=",
      "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
      "--KernelSpecManager.ensure_native_kernel=False",
      ...(text.port === undefined ? [] : [`--ServerApp.port=${text.port}`]),
      ...(given.has("no-browser") ? ["--no-browser"] : []),
      ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ];
    return new Promise((resolve, reject) => {
      const child = spawn(venvPython(), ["-m", "jupyterlab", ...options], {
        cwd: root,
        env: { ...jupyterEnvironment(), SCOREBOOK_OUT: process.env.SCOREBOOK_OUT ?? join(root, "out") },
        stdio: "inherit",
      });
      // Ctrl+C reaches the server as well, which asks before it ends: we wait for it.
      process.on("SIGINT", () => undefined);
      process.on("SIGTERM", () => child.kill("SIGTERM"));
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? 0));
    });
  },
};
