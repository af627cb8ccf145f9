import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import { cellsOf } from "../../src/cli/notebook-file.js";
import { parameterNames } from "../../src/cli/params.js";

let [stdout, stderr, folder] = ["", "", ""];
beforeEach(() => {
  [stdout, stderr] = ["", ""];
  folder = mkdtempSync(join(tmpdir(), "scorebook-new-"));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((stdout += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((stderr += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("scorebook new", () => {
  it("makes a notebook of the workbook's form, with cell ids and without outputs", async () => {
    const path = join(folder, "own", "heat-equation.ipynb");
    expect(await main(["new", path, "--title", "Heat"])).toBe(0);
    const text = readFileSync(path, "utf8");
    const { cells, nbformat, nbformat_minor, metadata } = JSON.parse(text) as {
      cells: { id: string; cell_type: string; outputs?: unknown[] }[];
      nbformat: number;
      nbformat_minor: number;
      metadata: { kernelspec: { name: string } };
    };
    expect([nbformat, nbformat_minor, metadata.kernelspec.name]).toEqual([4, 5, "tslab"]);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    expect(
      cells.filter(({ cell_type }) => cell_type === "code").every(({ outputs }) => outputs?.length === 0),
    ).toBe(true);
    const [title, first] = cellsOf(text);
    expect(title.source).toMatch(/^# Heat\n\n\*\*Claim\.\*\*/);
    expect(first.source).toMatch(/from ".*dist\/index\.js"/);
    expect(parameterNames(text)).toEqual(["seed", "numSamples"]);
    expect(cellsOf(text).at(-1)).toMatchObject({ kind: "code", tags: ["checks"] });
    expect(stdout).toContain(`next: npm start -- ${path}`);
  });

  it("writes over nothing", async () => {
    const path = join(folder, "mine.ipynb");
    expect(await main(["new", path])).toBe(0);
    expect(await main(["new", path])).toBe(2);
    expect(stderr).toMatch(/^NAME: expected a name that is free/);
    expect(await main(["new", "01-spectral-scores"])).toBe(2);
  });

  it.each([[[]], [["Heat Equation"]], [["two", "names"]], [["../heat"]], [["a b.ipynb"]]])(
    "refuses %j",
    async (words) => {
      expect(await main(["new", ...words])).toBe(2);
      expect(stderr).toMatch(/^NAME: expected/);
      expect(existsSync("notebooks/Heat Equation.ipynb")).toBe(false);
    },
  );
});
