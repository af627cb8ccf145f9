import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { DIAGNOSTIC } from "../../src/kernel/tslab-surface.js";

const require = createRequire(import.meta.url);
const source = (name: string) => readFileSync(require.resolve(`tslab/dist/${name}`), "utf8");

// What src/kernel/tslab-surface.ts lists. A failure here means that tslab has changed, and says where to look.

it("is tslab 1.0.22, pinned exactly", () => {
  const { dependencies } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as {
    dependencies: Record<string, string>;
  };
  expect(dependencies.tslab).toBe("1.0.22");
  expect((require("tslab/package.json") as { version: string }).version).toBe("1.0.22");
});

it("exports what the kernel calls", () => {
  const names = {
    converter: ["createConverter", "isCompleteCode"],
    executor: ["createExecutor"],
    inspect: ["printQuickInfo"],
    jupyter: ["lastWriteDisplayData"],
  };
  for (const [module, exported] of Object.entries(names))
    expect(Object.keys(require(`tslab/dist/${module}`) as object), module).toEqual(
      expect.arrayContaining(exported),
    );
});

it("runs cells through node:vm and reports through the console it is given", () => {
  const executor = source("executor");
  expect(executor).toContain(
    "vm_1.default.runInThisContext(wrapped, {\n                breakOnSigint: true,",
  );
  expect(executor).toContain(`console.error("${DIAGNOSTIC}"`);
  expect(executor).toContain("console.log(ret);");
  expect(executor.match(/console\.(log|error)/g)).toHaveLength(4);
});

it("compiles by TypeScript's watch host, then by transpileModule, behind one line of its own", () => {
  const converter = source("converter");
  expect(converter).toContain('require("@tslab/typescript-for-tslab")');
  expect(converter.match(/ts\.createWatchCompilerHost\(/g)).toHaveLength(1);
  expect(converter.match(/ts\.transpileModule\(/g)).toHaveLength(1);
  expect(converter).toContain('const srcPrefix = "export {};" + ts.sys.newLine;');
});

it("leaves to TypeScript what is mended there: the names of earlier cells, and a timer for one callback", () => {
  const converter = source("converter");
  expect(converter).toContain('normalizeJoin)(cwd, "__prev__.d.ts")');
  expect(
    converter.match(/ts\.visitEachChild\(node, wrapPrevIdentifier, nullTransformationContext\)/g),
  ).toHaveLength(2);
  expect(converter.match(/visitEachChild/g)).toHaveLength(2);
  expect(converter.match(/ts\.createWatchProgram\(host\)/g)).toHaveLength(1);
  expect(converter).toContain("host.afterProgramCreate = function (b)");
  expect(converter).toContain('throw new Error("Unexpected pending rebuildTimer")');
  expect(converter).toContain("d.code !== 1308"); // top-level await, but no "for await"
});

it("forgets what a broken-off cell declared, which the kernel keeps", () => {
  const executor = source("executor");
  expect(executor.match(/prevDecl = converted\.declOutput/g)).toHaveLength(2);
  expect(executor).toContain("locals: exports");
});
