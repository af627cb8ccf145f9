// Module hooks: types are stripped, `../src/x.js` is the compiled `dist/x.js`, so that what is measured is what runs.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const [src, dist, bench] = ["src", "dist", "bench"].map(
  (name) => new URL(`../../${name}/`, import.meta.url).href,
);

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  if (!specifier.startsWith(".") || !context.parentURL?.startsWith(bench)) return next(specifier, context);
  const { href } = new URL(specifier, context.parentURL);
  if (href.startsWith(src)) return next(dist + href.slice(src.length), context);
  const source = href.replace(/\.js$/, ".ts");
  return next(existsSync(fileURLToPath(source)) ? source : href, context);
}

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith(bench) || !url.endsWith(".ts")) return next(url, context);
  const { outputText } = ts.transpileModule(readFileSync(fileURLToPath(url), "utf8"), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
    fileName: fileURLToPath(url),
  });
  return { format: "module", source: outputText, shortCircuit: true };
}
