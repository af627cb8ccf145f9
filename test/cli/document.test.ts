import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notebookResult, readRecord, recordPath, shownPath } from "../../src/cli/document.js";
import { mergeResults } from "../../src/cli/results.js";
import { root } from "../../src/notebook/environment.js";
import { aCheck, aDocument, aNotebook } from "./example.js";

let out = "";
beforeAll(() => void (out = mkdtempSync(join(tmpdir(), "scorebook-out-"))));
afterAll(() => rmSync(out, { recursive: true }));

const record = { params: { seed: 3 }, checks: [aCheck("a/b/c")], figures: ["f.svg"] };

describe("the document of a run", () => {
  it("joins an execution and what the notebook recorded", () => {
    expect(notebookResult("01-a", { status: "ok" }, 1.26, record)).toEqual({
      notebook: "01-a",
      status: "ok",
      seconds: 1.3,
      params: { seed: 3 },
      checks: [aCheck("a/b/c")],
      figures: ["f.svg"],
      error: null,
    });
  });

  it("fails a notebook whose check failed, also where no cell threw", () => {
    const checks = [aCheck("a/b/c"), aCheck("a/b/d", { pass: false })];
    const result = notebookResult("01-a", { status: "ok" }, 1, { ...record, checks });
    expect(result.status).toBe("failed");
    expect(result.error).toEqual({ cell: null, name: "ChecksError", message: "failed: a/b/d" });
  });

  it.each(["failed", "timeout", "stopped"] as const)("names the cell of an execution that %s", (status) => {
    const stop = { cell: 2, name: "E", message: "\u001b[1mwhy\u001b[0m", source: "", traceback: [] };
    const result = notebookResult("01-a", { status, stop }, 1, record);
    expect(result.status).toBe(status === "timeout" ? "timeout" : "failed");
    expect(result.error).toEqual({ cell: 2, name: "E", message: "why" });
  });

  it("shows paths in the checkout relative to it, others whole", () => {
    expect(shownPath(join(root, "out", "figures", "a.svg"))).toBe("out/figures/a.svg");
    expect(shownPath(join(out, "a.svg"))).toBe(join(out, "a.svg"));
  });

  it("reads the notebook's record, with figures relative to the run's folder", () => {
    mkdirSync(join(out, "runs"));
    writeFileSync(recordPath(out, "01-a"), JSON.stringify({ ...record, figures: ["figures/01-a-x.svg"] }));
    expect(readRecord(out, "01-a").figures).toEqual([join(out, "figures/01-a-x.svg")]);
  });

  it("takes a record that is missing or unreadable as empty", () => {
    writeFileSync(recordPath(out, "02-b"), '{"checks": [');
    const empty = { params: {}, checks: [], figures: [] };
    expect(readRecord(out, "02-b")).toEqual(empty);
    expect(readRecord(out, "03-c")).toEqual(empty);
  });
});

describe("the committed results", () => {
  it("keep the notebooks that were not run again, in reading order", () => {
    const old = aDocument([aNotebook("01-a"), aNotebook("03-c")]);
    const now = { ...aDocument([aNotebook("02-b"), aNotebook("03-c", { seconds: 1 })]), scorebook: "0.2.0" };
    const merged = mergeResults(old, now);
    expect(merged.notebooks.map(({ notebook, seconds }) => [notebook, seconds])).toEqual([
      ["01-a", 12.34],
      ["02-b", 12.34],
      ["03-c", 1],
    ]);
    expect(merged.scorebook).toBe("0.2.0");
    expect(mergeResults(undefined, old)).toEqual(old);
  });
});
