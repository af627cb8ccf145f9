import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jupyterEnvironment, venvPython } from "../../src/cli/jupyter.js";
import { root } from "../../src/notebook/environment.js";

// Stock tslab sends no error, so that these programs pass a notebook that throws.

let folder = "";
beforeAll(() => {
  mkdirSync(join(root, "out", "test"), { recursive: true });
  folder = mkdtempSync(join(root, "out", "test", "executors-"));
  write("good", ["const x = 6;", "x * 7"]);
  write("bad", ["const x = 6;", "function f(): void {\n  throw new RangeError('too far');\n}\nf();", "x"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, sources: readonly string[]): void {
  const cell = { cell_type: "code", metadata: {}, outputs: [], execution_count: null };
  const cells = sources.map((source, i) => ({ ...cell, id: `cell-${i}`, source }));
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  const metadata = { kernelspec, language_info: { name: "typescript" } };
  writeFileSync(
    join(folder, `${name}.ipynb`),
    JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }),
  );
}

function python(...words: readonly string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(venvPython(), ["-m", ...words], {
    cwd: folder,
    env: jupyterEnvironment(),
    encoding: "utf8",
  });
  // eslint-disable-next-line no-control-regex -- colours
  return { status, text: (stdout + stderr).replace(/\u001b\[\d+m/g, "") };
}

describe("nbmake", () => {
  it("passes a notebook that runs and fails one that throws, with the error's name", () => {
    const { status, text } = python(
      "pytest",
      "--nbmake",
      "-p",
      "no:cacheprovider",
      "good.ipynb",
      "bad.ipynb",
    );
    expect(text).toMatch(/1 failed, 1 passed/);
    expect(text).toContain("RangeError: too far");
    expect(status).toBe(1);
  }, 240_000);
});

describe("papermill", () => {
  it("runs a notebook to its last value, and stops at a cell that throws", () => {
    const good = python("papermill", "good.ipynb", "good-out.ipynb");
    expect(good.status, good.text).toBe(0);
    expect(readFileSync(join(folder, "good-out.ipynb"), "utf8")).toContain('"42"');
    const bad = python("papermill", "bad.ipynb", "bad-out.ipynb");
    expect(bad.status).toBe(1);
    expect(bad.text).toContain("RangeError: too far");
    expect(readFileSync(join(folder, "bad-out.ipynb"), "utf8")).toContain('"output_type": "error"');
  }, 240_000);
});
