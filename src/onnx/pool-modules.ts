import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder above `src/` or `dist/`, as a file URL that ends in a slash. */
const root = new URL("../../", import.meta.url).href;

/**
 * The compiled twin of one of the library's own modules: threads run JavaScript only, while tests import TypeScript.
 * Other modules are returned as they are.
 * @throws Error where the library has not been built, or not since the source changed
 */
export function compiledModule(module: string): string {
  const source = `${root}src/`;
  if (!module.startsWith(source)) return module;
  const stem = module.slice(source.length).replace(/\.[jt]s$/, "");
  const compiled = `${root}dist/${stem}.js`;
  checkBuilt(fileURLToPath(`${source}${stem}.ts`), fileURLToPath(compiled));
  return compiled;
}

function checkBuilt(source: string, compiled: string): void {
  if (!existsSync(compiled)) throw new Error(`worker pool: ${compiled} does not exist; run "npm run build"`);
  if (!existsSync(source) || statSync(source).mtimeMs <= statSync(compiled).mtimeMs) return;
  if (!recorded(source))
    throw new Error(`worker pool: ${compiled} is older than ${source}; run "npm run build"`);
}

/** The compiler skips files that were touched but not changed, so a newer date alone proves nothing. */
function recorded(source: string): boolean {
  const record = fileURLToPath(`${root}dist/.tsbuildinfo`);
  if (!existsSync(record)) return false;
  const hash = createHash("sha256").update(readFileSync(source, "utf8")).digest("hex");
  return readFileSync(record, "utf8").includes(hash);
}
