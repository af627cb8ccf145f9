import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";

let stdout = "";
let stderr = "";
let folder = "";

beforeEach(() => {
  stdout = stderr = "";
  folder = mkdtempSync(join(tmpdir(), "scorebook-cli-"));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((stdout += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((stderr += String(text)), true));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A notebook whose parameters cell is as given. */
function notebook(name: string, parameters: string): string {
  const cell = { cell_type: "code", metadata: { tags: ["parameters"] }, source: parameters, outputs: [] };
  const path = join(folder, `${name}.ipynb`);
  writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

describe("scorebook", () => {
  it("shows its commands, and the help of each", async () => {
    expect(await main(["--help"])).toBe(0);
    for (const command of ["run", "reproduce", "diff", "lab", "new", "figures", "doctor", "clean"]) {
      expect(stdout).toContain(`  ${command}`);
      stdout = "";
      expect(await main([command, "--help"])).toBe(0);
      expect(stdout).toContain(`Usage: scorebook ${command}`);
      expect(await main(["--help"])).toBe(0);
    }
    expect(stderr).toBe("");
  });

  it.each([
    [["rnu"], /command: .*did you mean "run"\?/],
    [["help", "labb"], /did you mean "lab"\?/],
    [["run", "--profile", "ful"], /did you mean "full"\?/],
    [["clean", "--al"], /did you mean "--all"\?/],
    [["run", "no-such-notebook"], /^NOTEBOOK: /],
    [["reproduce", "--params", "{}"], /scorebook reproduce: expected one of/],
  ])("refuses %j with exit 2 and says so on stderr only", async (words, message) => {
    expect(await main(words)).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
  });

  it("refuses a parameter that the notebook lacks before any kernel starts", async () => {
    const path = notebook(
      "07-x",
      "const p = parameters({ quick: { numSamples: 10 }, full: { numSamples: 99 } });",
    );
    expect(await main(["run", path, "--params", '{"numSample": 3}'])).toBe(2);
    expect(stderr).toMatch(
      /--params, 07-x: expected one of numSamples, seed \(did you mean "numSamples"\?\)/,
    );
  });

  it("refuses an output folder that cannot be written, and leaves what is there alone", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "kept");
    const path = notebook("07-x", "");
    expect(await main(["run", path, "--out", join(file, "below")])).toBe(2);
    expect(stderr).toMatch(/^--out: expected a folder that can be written \(E\w+\), got ".*below"/);
  });

  it("refuses a JUnit file that cannot be written before anything runs", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "kept");
    const path = notebook("07-x", "");
    expect(await main(["run", path, "--out", folder, "--junit", join(file, "junit.xml")])).toBe(2);
    expect(stderr).toMatch(/^--junit: expected a folder that can be written/);
    expect(stdout).toBe("");
  });

  it("refuses a profile from the environment that does not exist", async () => {
    vi.stubEnv("SCOREBOOK_PROFILE", "huge");
    expect(await main(["run"])).toBe(2);
    expect(stderr).toMatch(/SCOREBOOK_PROFILE/);
    vi.unstubAllEnvs();
  });
});
