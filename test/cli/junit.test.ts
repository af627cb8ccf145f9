import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { venvPython } from "../../src/cli/jupyter.js";
import { junit } from "../../src/cli/junit.js";
import { aCheck, aDocument, aNotebook } from "./example.js";

interface Element {
  readonly tag: string;
  readonly attributes: Record<string, string>;
  readonly text: string | null;
  readonly children: Element[];
}

/** Parses with Python's XML parser, which refuses what is not well-formed. */
function parse(xml: string): Element {
  const script = [
    "import json, sys, xml.etree.ElementTree as E",
    "walk = lambda e: dict(tag=e.tag, attributes=e.attrib, text=e.text, children=[walk(c) for c in e])",
    "print(json.dumps(walk(E.fromstring(sys.stdin.buffer.read()))))",
  ].join("\n");
  const { stdout, stderr } = spawnSync(venvPython(), ["-c", script], { input: xml, encoding: "utf8" });
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout) as Element;
}

const message = "Type '\"<a>\"' & co\u001b[31m \ud800 \u0000\nsecond line";

describe("JUnit XML", () => {
  const xml = junit(
    aDocument([
      aNotebook("01-a", { checks: [aCheck("gl-weak/hermite/second-moment")] }),
      aNotebook("02-b", {
        status: "failed",
        checks: [aCheck("a/b/c"), aCheck("a/b/d", { pass: false, value: null, statement: "x < y & z" })],
        error: { cell: 3, name: "Type<Error>", message },
      }),
    ]),
  );
  const suites = parse(xml);

  it("has a suite a notebook, with a case for its execution and one for each check", () => {
    expect(suites.tag).toBe("testsuites");
    expect(suites.children.map(({ attributes }) => attributes.name)).toEqual(["01-a", "02-b"]);
    const cases = suites.children.map(({ children }) => children.map(({ attributes }) => attributes.name));
    expect(cases).toEqual([
      ["execution", "gl-weak/hermite/second-moment"],
      ["execution", "a/b/c", "a/b/d"],
    ]);
  });

  it("counts tests and failures", () => {
    const counts = [suites, ...suites.children].map(({ attributes: { tests, failures } }) => [
      tests,
      failures,
    ]);
    expect(counts).toEqual([
      ["5", "2"],
      ["2", "0"],
      ["3", "2"],
    ]);
    expect(suites.attributes.time).toBe("24.7");
  });

  it("says what failed, whatever characters it is made of", () => {
    const [execution, , check] = suites.children[1].children.map(({ children }) => children[0]);
    expect(execution.attributes.message).toBe("Type<Error> in cell 3");
    expect(execution.text).toBe("Type '\"<a>\"' & co[31m  \nsecond line");
    expect(check.text).toBe("x < y & z: null, wanted -∞ to 0.04");
  });
});
