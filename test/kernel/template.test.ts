import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import type { RunDocument } from "../../src/cli/document.js";
import { root } from "../../src/notebook/environment.js";

afterEach(() => vi.restoreAllMocks());

it("a notebook made by `scorebook new` runs as it is, with a figure and a check", async () => {
  mkdirSync(join(root, "out", "test"), { recursive: true });
  const folder = mkdtempSync(join(root, "out", "test", "new-")); // in the checkout, whose types of Node cells find
  let stdout = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((stdout += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  try {
    const path = join(folder, "heat-equation.ipynb");
    expect(await main(["new", path])).toBe(0);
    stdout = "";
    expect(await main(["run", path, "--json", "--out", join(folder, "out")])).toBe(0);
    const [result] = (JSON.parse(stdout) as RunDocument).notebooks;
    expect(result).toMatchObject({ status: "ok", params: { numSamples: 10_000, seed: 0 }, error: null });
    expect(result.figures).toHaveLength(1);
    expect(result.checks).toMatchObject([{ id: "heat-equation/draws/mean", pass: true }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
