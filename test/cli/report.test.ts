import { describe, expect, it } from "vitest";
import { failureText, resultsTable, tally } from "../../src/cli/report.js";
import { aCheck, aNotebook } from "./example.js";

const good = aNotebook("01-a", { checks: [aCheck("gl-weak/hermite/second-moment")] });
const bad = aNotebook("02-b", {
  status: "failed",
  checks: [aCheck("x/y/z", { value: 0.5, low: 0.1, high: 0.4, talk: null, floor: null, pass: false })],
  error: { cell: 4, name: "ChecksError", message: "1 failed" },
});

describe("the results of a run", () => {
  it("show talk, ours, bound and verdict of every check, with its notebook", () => {
    expect(resultsTable([good, bad]).split("\n")).toEqual([
      "check                              talk  ours       bound  floor  verdict",
      "",
      "01-a: ok, 12.3 s, 1 check",
      "  gl-weak/hermite/second-moment  0.0345  0.03      ≤ 0.04   0.02  pass",
      "",
      "02-b: failed (ChecksError in cell 4), 12.3 s, 1 check",
      "  x/y/z                               –   0.5  0.1 to 0.4      –  FAIL",
    ]);
  });

  it("have no heading where there is no check", () => {
    expect(resultsTable([aNotebook("01-a")])).toBe("01-a: ok, 12.3 s, 0 checks");
  });

  it("are counted with the executions", () => {
    expect(tally([good, bad])).toEqual({ passed: 2, failed: 2 });
    expect(tally([])).toEqual({ passed: 0, failed: 0 });
  });
});

describe("a failing cell", () => {
  const stop = {
    cell: 3,
    name: "TypeError",
    message: "x is not a function",
    source: "const a = 1;\na();",
    traceback: ["\u001b[31mTypeError: x is not a function\u001b[0m", "    at cell 3, line 2"],
  };

  it("is shown with its number, its lines and the message once, without colours in a file", () => {
    expect(failureText("02-b", stop, false).split("\n")).toEqual([
      "02-b: cell 3 failed",
      "    1 | const a = 1;",
      "    2 | a();",
      "",
      "TypeError: x is not a function",
      "    at cell 3, line 2",
    ]);
  });

  it("keeps its colours in a terminal", () => {
    expect(failureText("02-b", stop, true)).toContain("\u001b[31mTypeError");
  });

  it("is a message alone where no cell had begun", () => {
    const none = { cell: null, name: "NoSuchKernel", message: "tslab", source: "", traceback: [] };
    expect(failureText("02-b", none, false)).toBe("02-b failed\n\nNoSuchKernel: tslab");
  });
});
