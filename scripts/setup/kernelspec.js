// The kernel `tslab`, registered in the project's own Python environment only.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dist, venv } from "./paths.js";
import { say } from "./step.js";

/** @param {string} node the interpreter
 * @param {string} main the compiled launcher */
export function kernelspec(node, main) {
  return {
    // The flag keeps an interrupt from ending the process where async_hooks are on.
    argv: [node, "--no-force-async-hooks-checks", main, "--config-path={connection_file}"],
    display_name: "TypeScript (tslab)",
    language: "typescript",
    interrupt_mode: "message",
    // By the mark `scorebook kernel` knows its own.
    metadata: { debugger: false, scorebook: true },
  };
}

export function registerKernel() {
  const folder = join(venv, "share", "jupyter", "kernels", "tslab");
  const file = join(folder, "kernel.json");
  const text = `${JSON.stringify(kernelspec(process.execPath, join(dist, "kernel", "main.js")), null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  say("kernel tslab registered in .venv");
}
