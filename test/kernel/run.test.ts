import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunDocument } from "../../src/cli/document.js";
import { root } from "../../src/notebook/environment.js";

vi.setConfig({ testTimeout: 300_000 }); // several kernels a test, on machines that do other things, too

/** Within the checkout, where a cell's types of Node are found, and as deep below it as `library` says. */
let folder = "";
const library = "../../../dist/index.js";
const command = pathToFileURL(join(root, "dist", "cli", "main.js")).href;

beforeAll(() => {
  mkdirSync(join(root, "out", "test"), { recursive: true });
  folder = mkdtempSync(join(root, "out", "test", "run-"));
  const checked = (pass: boolean) => [
    `import { notebook } from "${library}";\nawait notebook.start();`,
    "const { n } = notebook.parameters({ quick: { ...{ n: 2 } }, full: { n: 3 } });",
    'const spec = { data: { values: [{ x: 1 }] }, mark: "point", encoding: { x: { field: "x", type: "quantitative" } } };\nawait notebook.figure("points", spec);',
    `notebook.check("toy/exact/count", { statement: "counts", value: n, high: ${pass ? 9 : 1}, source: "by hand" });`,
    "await notebook.checks();",
  ];
  write("11-ok", checked(true));
  write("12-check-fails", checked(false));
  write("13-throws", [
    "console.log('one');\nconsole.log('two');",
    "function f(): void {\n  throw new RangeError('too far');\n}\nf();",
    "console.log('never');",
  ]);
  write("14-type-error", ["const word: number = 'text';"]);
  write("15-forever", ["await new Promise(() => setInterval(() => {}, 1000));"]);
  write("16-ends", ["process.exit(3);"]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, cells: readonly string[]): void {
  const notebook = {
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: source.includes("notebook.parameters") ? { tags: ["parameters"] } : {},
      source,
      outputs: [],
      execution_count: null,
    })),
    metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(notebook));
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `scorebook` in a process of its own; `during` sees its output as it comes. */
function scorebook(words: readonly string[], during?: (text: string, pid: number) => void): Promise<Ended> {
  const script = `import(${JSON.stringify(command)}).then(async (m) => (process.exitCode = await m.main(process.argv.slice(1))))`;
  const child = spawn(process.execPath, ["-e", script, "--", ...words], { cwd: folder });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
      during?.(texts.stdout + texts.stderr, child.pid ?? 0);
    });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, ...texts })));
}

const run = (...words: string[]) => scorebook(["run", "--out", join(folder, "out"), ...words]);

interface Copy {
  readonly cells: readonly {
    readonly execution_count: number | null;
    readonly metadata: object;
    readonly outputs: readonly {
      output_type: string;
      text?: string | string[];
      ename?: string;
      evalue?: string;
    }[];
  }[];
}

const copyOf = (name: string) =>
  JSON.parse(readFileSync(join(folder, "out", "notebooks", `${name}.ipynb`), "utf8")) as Copy;

describe("scorebook run", () => {
  it("prints one document with --json and nothing else on stdout", async () => {
    const { code, stdout, stderr } = await run("11-ok.ipynb", "--json", "--params", '{"n": 4}');
    expect(stderr).toMatch(/11-ok: first figure .*11-ok-points\.svg/);
    const { profile, machine, notebooks } = JSON.parse(stdout) as RunDocument;
    expect(profile).toBe("quick");
    expect(machine.node).toBe(process.version);
    const [{ seconds, figures, ...rest }] = notebooks;
    expect(seconds).toBeGreaterThan(0);
    expect(figures.map((path) => existsSync(join(root, path)))).toEqual([true]);
    expect(rest).toEqual({
      notebook: "11-ok",
      status: "ok",
      params: { n: 4, seed: 0 },
      checks: [
        {
          ...{
            id: "toy/exact/count",
            statement: "counts",
            value: 4,
            low: null,
            high: 9,
            talk: null,
            floor: null,
          },
          ...{ source: "by hand", pass: true },
        },
      ],
      error: null,
    });
    expect(code).toBe(0);
    expect(copyOf("11-ok").cells.map((cell) => cell.execution_count)).toEqual([1, 2, 3, 4, 5]);
  });

  it("refuses a parameter that only the notebook itself knows to be wrong, with exit 2", async () => {
    const { code, stdout } = await run("11-ok.ipynb", "--params", '{"m": 4}');
    expect(stdout).toMatch(/SCOREBOOK_PARAMS\.m: expected one of .*n.*got "m"/);
    expect(code).toBe(2);
  });

  it("goes on after failures with --keep-going, and shows each", async () => {
    const names = ["13-throws", "14-type-error", "12-check-fails", "16-ends"];
    const junit = join(folder, "junit.xml");
    const files = names.map((name) => `${name}.ipynb`);
    const { code, stdout } = await run(...files, "--keep-going", "--jobs", "2", "--junit", junit);
    expect(code).toBe(1);
    expect(stdout).toMatch(/13-throws: cell 2 failed\n\s+1 \| function f\(\): void \{\n\s+2 \| .*RangeError/);
    expect(stdout).toMatch(/RangeError: too far/);
    expect(stdout).toMatch(
      /14-type-error: cell 1 failed\n.*const word[^]*Type 'string' is not assignable to type 'number'/,
    );
    expect(stdout).toMatch(/toy\/exact\/count\s+–\s+2\s+≤ 1\s+–\s+FAIL/);
    expect(stdout).toMatch(/16-ends: cell 1 failed/);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("0 passed, 5 failed");
    expect(readFileSync(junit, "utf8")).toMatch(/tests="5" failures="5"/);
  });

  it("saves the partial notebook, with its error and its prints merged", () => {
    const [first, second, third] = copyOf("13-throws").cells;
    expect(first.outputs.map(({ text }) => [text].flat().join(""))).toEqual(["one\ntwo\n"]);
    expect(second.outputs.map(({ output_type, ename, evalue }) => [output_type, ename, evalue])).toEqual([
      ["error", "RangeError", "too far"],
    ]);
    expect([third.execution_count, third.outputs]).toEqual([null, []]);
    expect(first.metadata).toEqual({});
  });

  it("stops at the first failure otherwise", async () => {
    const { code, stdout } = await run("16-ends.ipynb", "11-ok.ipynb");
    expect(code).toBe(1);
    expect(stdout).toMatch(/not run: 11-ok/);
    expect(stdout).not.toMatch(/11-ok: running/);
  });

  it("ends a notebook whose time is up, and its kernel with it", async () => {
    const { code, stdout } = await run("15-forever.ipynb", "--timeout", "10", "--json");
    const [{ status, error }] = (JSON.parse(stdout) as RunDocument).notebooks;
    expect([code, status, error?.name]).toEqual([1, "timeout", "Timeout"]);
    expect(error?.cell ?? 1).toBe(1); // none, where the machine is so busy that the kernel is not up yet
    expect(copyOf("15-forever").cells).toHaveLength(1);
    expect(processesWith(join(folder, "out"))).toEqual([]);
  });

  it.skipIf(process.platform === "win32")(
    "ends cleanly on Ctrl+C: exit 130, nothing left running",
    async () => {
      let sent = false;
      const during = (text: string, pid: number): void => {
        if (sent || !text.includes("15-forever: running")) return;
        sent = true;
        setTimeout(() => process.kill(pid, "SIGINT"), 1500);
      };
      const out = join(folder, "stopped");
      const { code, stdout } = await scorebook(["run", "15-forever.ipynb", "--out", out], during);
      expect(code).toBe(130);
      expect(stdout).toMatch(/stopping: /);
      expect(existsSync(join(out, "notebooks", "15-forever.ipynb"))).toBe(true);
      expect(processesWith(out)).toEqual([]);
    },
  );
});

/** Processes whose environment names a path, as a kernel's names its run's folder; none where there is no /proc. */
function processesWith(path: string): string[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(path));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return ""; // it has ended
  }
}
