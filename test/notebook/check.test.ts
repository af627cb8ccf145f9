import { beforeEach, describe, expect, it } from "vitest";
import { check, checks, start } from "../../src/notebook/index.js";
import { freshRun } from "./fake-kernel.js";

const run = freshRun();
const claim = { statement: "the error is small", source: "1.6 × floor" };

beforeEach(() => start("06-test"));

describe("a check", () => {
  it.each([
    [{ value: 1, low: 0, high: 2 }, true],
    [{ value: 0, low: 0 }, true],
    [{ value: 2, high: 2 }, true],
    [{ value: 2.1, high: 2 }, false],
    [{ value: -0.1, low: 0, high: 2 }, false],
    [{ value: NaN, high: 2 }, false],
    [{ value: Infinity, low: 0 }, false],
    [{ value: "1" as unknown as number, low: 0 }, false],
  ])("%j passes: %s", (numbers, pass) => {
    check("gl-weak/hermite/second-moment", { ...claim, ...numbers });
    expect(run.document("06-test").checks[0].pass).toBe(pass);
  });

  it("is kept with all that the run's document promises", () => {
    check("gl-weak-50/mean-field/second-moment", { ...claim, value: 0.2, high: 0.3, talk: 0.25, floor: 0.1 });
    check("moons/kernel/nll", { ...claim, value: NaN, low: 1 });
    expect(run.document("06-test").checks).toEqual([
      {
        id: "gl-weak-50/mean-field/second-moment",
        ...claim,
        value: 0.2,
        low: null,
        high: 0.3,
        talk: 0.25,
        floor: 0.1,
        pass: true,
      },
      {
        id: "moons/kernel/nll",
        ...claim,
        value: null,
        low: 1,
        high: null,
        talk: null,
        floor: null,
        pass: false,
      },
    ]);
  });

  it("is refused without a proper id, a bound, or words", () => {
    for (const id of ["gl-weak/hermite", "GL/hermite/x", "a/b/c/d", "a//c", "a b/c/d", "-a/b/c"])
      expect(() => check(id, { ...claim, value: 1, high: 2 }), id).toThrow(
        "id: expected <experiment>/<method>/<quantity>",
      );
    expect(() => check("a/b/c", { ...claim, value: 1 })).toThrow("a/b/c: high: expected a bound");
    expect(() => check("a/b/c", { ...claim, value: 1, low: 3, high: 2 })).toThrow("a/b/c: low");
    expect(() => check("a/b/c", { ...claim, value: 1, high: NaN })).toThrow("high: expected a finite number");
    expect(() => check("a/b/c", { ...claim, source: "", value: 1, high: 2 })).toThrow("a/b/c: source");
  });

  it("is made once in a runner; a cell that runs again in JupyterLab replaces its own", () => {
    check("a/b/c", { ...claim, value: 3, high: 2 });
    expect(() => check("a/b/c", { ...claim, value: 1, high: 2 })).toThrow(
      "an id that this notebook has not used",
    );
    run.kernel.cell = 2;
    check("a/b/c", { ...claim, value: 1, high: 2 });
    expect(run.document("06-test").checks).toMatchObject([{ value: 1 }]);
    process.env.SCOREBOOK_NOTEBOOK = "06-test";
    run.kernel.cell = 3;
    expect(() => check("a/b/c", { ...claim, value: 1, high: 2 })).toThrow(
      "an id that this notebook has not used",
    );
  });
});

describe("checks", () => {
  it("shows talk, ours, bound, floor, source and a verdict in words", async () => {
    check("a/b/c", { ...claim, value: 0.12345678, low: 0.1, high: 0.2, talk: 0.14, floor: 0.1 });
    await checks();
    const text = run.kernel.last("text/plain");
    expect(text).toContain("Checks: 1 of 1 pass");
    expect(text).toMatch(/the error is small +0\.14 +0\.1235 +0\.1 to 0\.2 +0\.1 +1\.6 × floor +✓ pass/);
    expect(run.kernel.last("text/html")).toMatch(/<th scope="row"[^>]*>the error is small<\/th>/);
  });

  it("fails with every failure listed, after the table", async () => {
    check("a/b/c", { ...claim, value: 3, high: 2 });
    check("a/b/d", { ...claim, value: NaN, low: 0 });
    check("a/b/e", { ...claim, value: 1, high: 2 });
    await expect(checks()).rejects.toThrow(
      "2 failed:\n  a/b/c: the error is small: 3, wanted ≤ 2\n  a/b/d: the error is small: not a finite number, wanted ≥ 0",
    );
    expect(run.kernel.last("text/plain")).toContain("Checks: 1 of 3 pass");
  });

  it("fails where nothing was checked", async () => {
    await expect(checks()).rejects.toThrow("no check was made");
  });

  it("forgets at a new start", async () => {
    check("a/b/c", { ...claim, value: 3, high: 2 });
    await start("06-test");
    check("a/b/d", { ...claim, value: 1, high: 2 });
    await checks();
    expect(run.document("06-test").checks).toHaveLength(1);
  });
});
