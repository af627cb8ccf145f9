import { describe, expect, it } from "vitest";
import { pythonCandidates, pythonProblem } from "../../scripts/setup/python.js";
import { isAtLeast, nodeComplaint, parseVersion, pythonComplaint } from "../../scripts/setup/versions.js";

describe("versions", () => {
  it.each([
    ["v20.19.1", [20, 19, 1]],
    ["3.11", [3, 11]],
    ["Python 3.10.2+", [3, 10, 2]],
    ["none", []],
  ])("are read from %s", (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it.each([
    ["20.19.0", true],
    ["20.18.9", false],
    ["18.20.8", false],
    ["22.0.0", true],
    ["", false],
  ])("%s is at least 20.19: %s", (text, expected) => {
    expect(isAtLeast(parseVersion(text), [20, 19])).toBe(expected);
  });
});

describe("a Node that is too old", () => {
  it("is told what to install", () => {
    expect(nodeComplaint("v18.20.8")).toMatch(/^Node 20.19 or later is needed, this is v18.20.8\. Install/);
    expect(nodeComplaint("v20.19.0")).toBeUndefined();
  });
});

describe("Python", () => {
  it("is tried under the names that systems give it, or as SCOREBOOK_PYTHON says", () => {
    expect(pythonCandidates("linux", undefined).slice(0, 3)).toEqual([
      ["python3"],
      ["python"],
      ["python3.13"],
    ]);
    expect(pythonCandidates("win32", undefined)[0]).toEqual(["py", "-3"]);
    expect(pythonCandidates("linux", "/opt/python")).toEqual([["/opt/python"]]);
  });

  it.each([
    [undefined, "not found"],
    ["3.9.18 venv", "version 3.9.18 is too old"],
    ["2.7.18 bare", "version 2.7.18 is too old"],
    ["3.11.2 bare", "version 3.11.2 has no module venv (apt-get install python3-venv)"],
    ["3.10.0 venv", undefined],
  ])("that answers %s: %s", (answer, problem) => {
    expect(pythonProblem(answer)).toBe(problem);
  });

  it("that is missing or too old: the message says what to install", () => {
    expect(pythonComplaint([], "linux")).toMatch(
      /3\.10 or later is needed, none was found[^]*apt-get install python3/,
    );
    const tried = [{ command: "python3", version: "3.8.1", problem: "version 3.8.1 is too old" }];
    expect(pythonComplaint(tried, "darwin")).toMatch(
      /but:\n {2}python3: version 3\.8\.1 is too old\n[^]*brew/,
    );
    expect(pythonComplaint([], "win32")).toMatch(/winget/);
  });
});
