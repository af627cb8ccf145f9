import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareOutputs } from "../../scripts/setup/build.js";
import { kernelspec } from "../../scripts/setup/kernelspec.js";
import { outOfDate } from "../../scripts/setup/packages.js";
import { root, venvPython } from "../../scripts/setup/paths.js";
import { tail } from "../../scripts/setup/step.js";
import { CHECKS, plan } from "../../scripts/test/plan.js";

describe("installed packages", () => {
  const locked = {
    packages: {
      "": {},
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0", optional: true },
    },
  };
  const everywhere = () => true;

  it("are up to date where versions are those of the lock file; optional ones may be missing", () => {
    expect(outOfDate(locked, locked, everywhere)).toEqual([]);
    expect(outOfDate(locked, { packages: { "node_modules/a": { version: "1.0.0" } } }, everywhere)).toEqual(
      [],
    );
  });

  it("are out of date where one is missing, of another version, or its folder is gone", () => {
    const other = {
      packages: { ...locked.packages, "node_modules/b": { version: "2.1.0", optional: true } },
    };
    expect(outOfDate(locked, { packages: {} }, everywhere)).toEqual(["node_modules/a"]);
    expect(outOfDate(locked, other, everywhere)).toEqual(["node_modules/b"]);
    expect(outOfDate(locked, locked, (folder) => folder !== "node_modules/a")).toEqual(["node_modules/a"]);
  });
});

describe("the build", () => {
  it("notices outputs without source and sources without output", () => {
    const outputs = [
      "a.js",
      "a.d.ts",
      "a.js.map",
      "old.js",
      "old.d.ts",
      "old.js.map",
      "b.js",
      ".tsbuildinfo",
    ];
    expect(compareOutputs(["a", "b"], outputs)).toEqual({
      stale: ["old.js", "old.d.ts", "old.js.map"],
      missing: ["b"],
    });
  });
});

describe("the kernel's registration", () => {
  it("starts the compiled launcher, interrupted by message", () => {
    const { argv, interrupt_mode: mode } = kernelspec("/node", "/dist/kernel/main.js");
    expect(argv[0]).toBe("/node");
    expect(argv.slice(-2)).toEqual(["/dist/kernel/main.js", "--config-path={connection_file}"]);
    expect(mode).toBe("message");
  });
});

describe("the set-up", () => {
  it("knows where a venv keeps its Python", () => {
    expect(venvPython("v", "linux")).toBe(join("v", "bin", "python"));
    expect(venvPython("v", "win32")).toBe(join("v", "Scripts", "python.exe"));
  });

  it("shows the end of a long output", () => {
    expect(tail("1\n2\n3\n4\n", 2)).toBe("3\n4");
  });

  it("installs from a lock file that names no address, with the packages that notebooks and kernel use", () => {
    const lock = readFileSync(join(root, "package-lock.json"), "utf8");
    expect(lock).not.toMatch(/"resolved":/);
    const { dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(root, "package.json"), "utf8"),
    ) as Record<string, Record<string, string>>;
    const named = ["tslab", "vega-lite", "vega-embed", "danfojs-node", "mathjs", "onnxruntime-node"];
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(named));
    expect(Object.keys(optionalDependencies)).toEqual(["@tensorflow/tfjs-node-gpu"]);
  });

  it("pins every Python package", () => {
    const lines = readFileSync(join(root, "requirements.txt"), "utf8").split("\n").filter(Boolean);
    const packages = lines.filter((line) => !line.startsWith("#"));
    expect(packages.filter((line) => !/^[\w.-]+==[\w.]+(; .+)?$/.test(line))).toEqual([]);
    expect(packages).toContain("jupyterlab==4.6.6");
  });
});

describe("npm test", () => {
  const names = (...words: string[]) => plan(words).map(({ name }) => name);

  it("runs every check but the slow ones", () => {
    expect(names()).toEqual(["types", "lint", "format", "unit", "kernel", "browser"]);
    expect(names("--slow")).toEqual(CHECKS);
  });

  it("runs some on request, narrowed to files", () => {
    expect(names("--only", "unit,types")).toEqual(["types", "unit"]);
    expect(plan(["--only", "unit", "test/cli"])[0].command.at(-1)).toBe("test/cli");
  });

  it.each([["--fast"], ["--only", "units"], ["--only"]])("refuses %j %s", (...words) => {
    expect(() => plan(words)).toThrow(/unit/);
  });
});
