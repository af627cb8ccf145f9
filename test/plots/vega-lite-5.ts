import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as vega from "vega";
import { themed } from "../../src/plots/theme.js";
import type { Spec } from "../../src/plots/spec.js";

interface Compiler {
  readonly version: string;
  compile(spec: object, options: object): { readonly spec: vega.Spec };
}

/** It requires vega, which Node refuses for its top-level await: it is handed over. */
function version5(): Compiler {
  const own = createRequire(import.meta.url);
  const exports = {};
  const given = (name: string): unknown => (name === "vega" ? vega : own(name));
  const text = readFileSync(own.resolve("vega-lite-5/build/vega-lite.js"), "utf8");
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  (new Function("exports", "module", "require", text) as (...args: unknown[]) => void)(exports, {}, given);
  return exports as Compiler;
}

/** Compiles a figure by the Vega-Lite that JupyterLab has and draws it. @returns its SVG. @throws Error for a warning */
export async function drawnByVersion5(spec: Spec): Promise<string> {
  const lite = version5();
  if (!lite.version.startsWith("5.6.")) throw new Error(`Vega-Lite ${lite.version} is not JupyterLab's`);
  const refuse = (...words: unknown[]): never => {
    throw new Error(`Vega-Lite ${lite.version}: ${words.map(String).join(" ")}`);
  };
  const quiet = { level: () => quiet, warn: refuse, error: refuse, info: () => quiet, debug: () => quiet };
  const own = JSON.parse(JSON.stringify(themed(spec))) as object; // it marks the rows it is given
  const view = new vega.View(vega.parse(lite.compile(own, { logger: quiet }).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
