import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { agree, compare } from "../../src/cli/compare.js";
import { main } from "../../src/cli/main.js";

const check = (id: string, value: number | null, high: number | null = 1) => ({
  id,
  statement: id,
  value,
  low: null,
  high,
  talk: null,
  floor: null,
  source: "exact",
  pass: true,
});

const notebook = (checks: ReturnType<typeof check>[], n = 10) => ({
  notebook: "07-x",
  status: "ok",
  params: { n, seed: 0 },
  checks,
});

describe("compare", () => {
  const statuses = (now: object, then: object) =>
    compare([now as never], [then as never]).map(({ id, status }) => `${id} ${status}`);

  it("holds values to the reference's interval, not to a wider one of the run", () => {
    const now = notebook([check("a/b/c", 1.5, 2), check("a/b/d", 0.5, 0.1)]);
    const then = notebook([check("a/b/c", 0.9), check("a/b/d", 0.4)]);
    expect(statuses(now, then)).toEqual(["a/b/c outside", "a/b/d agrees"]);
  });

  it("holds a run with other parameters to its own interval, and expects no check of it", () => {
    const now = notebook([check("a/b/c", 1.5, 2)], 99);
    const then = notebook([check("a/b/c", 0.9), check("a/b/d", 0.4)]);
    expect(statuses(now, then)).toEqual(["a/b/c agrees"]);
  });

  it("names what one of the two lacks, and a value that is not finite", () => {
    const now = notebook([check("a/b/new", 0.5), check("a/b/nan", null)]);
    const then = notebook([check("a/b/gone", 0.5), check("a/b/nan", 0.5)]);
    const found = compare([now], [then]);
    expect(found.map(({ status }) => status)).toEqual(["new", "outside", "missing"]);
    expect(found.map(({ value, reference }) => [value, reference])).toEqual([
      [0.5, null],
      [null, 0.5],
      [null, 0.5],
    ]);
    expect(agree(found)).toBe(false);
    expect(agree(found.slice(0, 1))).toBe(true);
  });

  it("takes both ends as part of the interval", () => {
    const both = (value: number) => notebook([{ ...check("a/b/c", value), low: 0 as never }]);
    const at = (value: number) => agree(compare([both(value)], [both(0.5)]));
    expect([at(0), at(1), at(-1e-9), at(1 + 1e-9)]).toEqual([true, true, false, false]);
  });
});

describe("scorebook diff", () => {
  let [stdout, stderr, folder] = ["", "", ""];
  beforeEach(() => {
    [stdout, stderr] = ["", ""];
    folder = mkdtempSync(join(tmpdir(), "scorebook-diff-"));
    vi.spyOn(process.stdout, "write").mockImplementation((text) => ((stdout += String(text)), true));
    vi.spyOn(process.stderr, "write").mockImplementation((text) => ((stderr += String(text)), true));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  function file(name: string, content: unknown): string {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }
  const document = (value: number, status = "ok") => ({
    notebooks: [{ ...notebook([check("a/b/c", value)]), status }],
  });

  it("says what lies outside and ends with 1; agreement is one line and 0", async () => {
    const then = file("then.json", document(0.5));
    expect(await main(["diff", file("now.json", document(0.7)), then])).toBe(0);
    expect(stdout).toBe("1 agree, 0 new, 0 outside, 0 missing\n");
    expect(await main(["diff", file("off.json", document(1.7)), then])).toBe(1);
    expect(stdout).toMatch(/07-x: a\/b\/c +1.7 +0.5 +≤ 1 +reference +OUTSIDE/);
    expect(await main(["diff", file("broken.json", document(0.7, "failed")), then])).toBe(1);
    expect(stdout).toContain("07-x: failed");
  });

  it("reads the records of a run's folder, and prints one JSON document", async () => {
    mkdirSync(join(folder, "runs"));
    file("runs/07-x.json", { ...notebook([check("a/b/c", 0.7)]), status: undefined, profile: "quick" });
    expect(await main(["diff", folder, file("then.json", document(0.5)), "--json"])).toBe(0);
    const { agree: fine, checks } = JSON.parse(stdout) as { agree: boolean; checks: unknown[] };
    expect(fine).toBe(true);
    expect(checks).toMatchObject([{ id: "a/b/c", status: "agrees", value: 0.7, reference: 0.5 }]);
  });

  it("compares the committed results with themselves", async () => {
    expect(await main(["diff", "figures/results.json"])).toBe(0);
    expect(stdout).toMatch(/^\d\d+ agree, 0 new, 0 outside, 0 missing/);
  });

  it.each([
    [["no-such-file.json"], /^A: expected a document of/],
    [["package.json"], /^A: expected a document of/],
    [["README.md"], /^A: expected a document of/],
    [["src"], /^A: .*scorebook run/],
    [["figures/results.json", "figures/results.json", "x"], /^B: expected two documents at most/],
  ])("refuses %j", async (words, message) => {
    expect(await main(["diff", ...words])).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
  });
});
