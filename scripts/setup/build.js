// src/*.ts compiled to dist/*.js with declarations beside it.
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { dist, root, tsc } from "./paths.js";
import { run } from "./process.js";
import { filesBelow, hashOf, isFresh, writeStamp } from "./stamps.js";
import { SetupError, step, tail } from "./step.js";

const stamp = join(dist, ".scorebook");
const buildInfo = join(dist, ".tsbuildinfo");

/** Outputs whose source is gone, and sources without their output.
 * @param {string[]} sources names below src, without extension
 * @param {string[]} outputs names below dist, with extension */
export function compareOutputs(sources, outputs) {
  const known = new Set(sources);
  const there = new Set(outputs);
  const endings = /\.(js|js\.map|d\.ts|d\.ts\.map)$/;
  return {
    stale: outputs.filter((name) => endings.test(name) && !known.has(name.replace(endings, ""))),
    missing: sources.filter((name) => !there.has(`${name}.js`) || !there.has(`${name}.d.ts`)),
  };
}

function outputs() {
  const names = (/** @type {string} */ folder) =>
    filesBelow(folder, () => true).map((file) => relative(folder, file));
  const sources = names(join(root, "src")).filter((name) => name.endsWith(".ts"));
  return compareOutputs(
    sources.map((name) => name.slice(0, -3)),
    names(dist),
  );
}

export async function build() {
  const settings = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"].map((name) =>
    join(root, name),
  );
  const hash = hashOf(root, [...filesBelow(join(root, "src"), (name) => name.endsWith(".ts")), ...settings]);
  if (isFresh(stamp, hash) && existsSync(join(dist, "index.js"))) return;
  await step("TypeScript build", async () => {
    // The incremental build trusts its notes, also where somebody deleted an output.
    if (outputs().missing.length > 0) rmSync(buildInfo, { force: true });
    const { code, output } = await run(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root });
    if (code !== 0) throw new SetupError(`the TypeScript build failed:\n${tail(output, 40)}`);
    for (const name of outputs().stale) rmSync(join(dist, name));
    writeStamp(stamp, hash);
  });
}
