import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMissing } from "./chromium.js";
import { Lab } from "./lab.js";
import type { NotebookPage } from "./notebook-page.js";

const LATER = { timeout: 60_000 };

/** What is run, by name: the first line of each cell is a comment with it. */
const NAMED: Record<string, string> = {
  start:
    'import { nets, random, targets, train } from "../dist/index.js";\nlet state = 41;\nlet ticks = 0;\nconst kernel = (globalThis as any)[Symbol.for("scorebook.kernel")];',
  next: "state + 1",
  runtime:
    "function ratio(a: number, b: number): number {\n  if (b === 0) throw new RangeError('no ratio');\n  return a / b;\n}\nratio(1, 0);",
  type: "const n: number = 'text';",
  syntax: "const = 2;",
  rejected:
    "async function later(): Promise<void> {\n  await null;\n  throw new TypeError('too late');\n}\nawait later();",
  timer:
    "setTimeout(() => {\n  void Promise.reject(new Error('unseen'));\n}, 20);\nawait new Promise((resolve) => setTimeout(resolve, 200));",
  awaiting: "console.log('ready');\nwhile (true) await new Promise((resolve) => setTimeout(resolve, 10));",
  synchronous: "console.log('ready');\nwhile (true) {}",
  afterAwait: "await null;\nconsole.log('ready');\nwhile (true) {}",
  inTimer:
    "setTimeout(() => {\n  console.log('ready');\n  while (true) {}\n}, 10);\nawait new Promise(() => {});",
  fit: `const net = nets.mlp({ sizes: [1, 8, 1] });
await train.fit({
  loss: (p, { x }) => net.apply(p, x).sub(x).square().mean(),
  batch: { size: 32, inputs: { x: train.rows(random.normal(random.key(0), 64), 1) } },
  params: net.init(random.key(1)), key: random.key(2), numSteps: 100_000_000,
  onProgress: ({ done }) => { if (done > 0) console.log("ready"); },
});`,
  scratch: "",
  clear: "console.log('before');\nkernel.clearOutput(true);\nconsole.log('after');",
  update:
    'kernel.display({ "text/plain": "step 0 of 3" }, { id: "x" });\nfor (let i = 1; i <= 3; i++) kernel.display({ "text/plain": `step ${i} of 3` }, { id: "x", update: true });',
  stdin: "process.stdin.on('data', () => {});",
  prints: "for (let i = 0; i < 10000; i++) console.log(i);",
  flood: "for (let i = 0; i < 20; i++) console.log('x'.repeat(999_999));",
  long: "for (ticks = 0; ticks < 30; ticks++) {\n  console.log(`tick ${ticks}`);\n  await new Promise((resolve) => setTimeout(resolve, 300));\n}",
  ticks: "ticks",
};
const NAMES = Object.keys(NAMED);
const CELLS = NAMES.map((name) => NAMED[name]);
const at = (name: string) => NAMES.indexOf(name);

const ERRORS: [string, string, string, RegExp][] = [
  ["a runtime error", "runtime", "RangeError: no ratio", /ratio cell \d+, line 2/],
  ["a type error", "type", "Type 'string' is not assignable to type 'number'", /line 1, column 7/],
  ["a syntax error", "syntax", "TypeScriptError", /line 1, column 7/],
  ["a rejected promise", "rejected", "TypeError: too late", /later cell \d+, line 3/],
  ["an unhandled rejection from a timer", "timer", "Error: unseen", /cell \d+, line 2/],
];
const LOOPS: [string, string][] = [
  ["an awaiting loop", "awaiting"],
  ["a synchronous loop", "synchronous"],
  ["a loop after an await", "afterAwait"],
  ["a loop in a timer", "inTimer"],
  ["training", "fit"],
];

describe.skipIf(isMissing)("the kernel in JupyterLab", () => {
  let lab: Lab;
  let page: NotebookPage;
  beforeAll(async () => {
    lab = await Lab.start();
    page = await lab.open(lab.write("cells", CELLS));
    await page.run(0);
  });
  afterAll(() => lab?.stop());

  it.each(ERRORS)(
    "shows %s with name, message and line; the next cell works",
    async (_, name, message, line) => {
      const index = at(name);
      await page.run(index);
      const shown = await page.shown(index);
      expect(shown).toContain(message);
      expect(shown).toMatch(line);
      expect(shown).not.toMatch(/node_modules|dist\/kernel/);
      await page.run(at("next"));
      expect(await page.shown(at("next"))).toContain("42");
    },
  );

  it("keeps errors in the saved file as errors", async () => {
    await page.shot("errors");
    await page.save();
    const { cells } = lab.saved("cells.ipynb");
    for (const [, name] of ERRORS)
      expect(
        (cells[at(name)].outputs as { output_type: string }[]).map(({ output_type }) => output_type),
      ).toContain("error");
  });

  it.each(LOOPS)("interrupts %s within a second or so, and shows one line", async (_, name) => {
    const index = at(name);
    await page.start(index);
    await page.until(
      ({ cells }) => cells[index].outputs.some(({ text = "" }) => text.includes("ready")),
      "ready",
    );
    const began = performance.now();
    await page.command("notebook:interrupt-kernel");
    await page.until(
      ({ kernel, cells }) => kernel === "idle" && cells[index].count !== null,
      "end of the interrupted cell",
    );
    // The kernel's second is held on the wire; here JupyterLab and the browser take their time, too.
    expect((performance.now() - began) / 1000).toBeLessThan(10);
    expect((await page.shown(index)).match(/KeyboardInterrupt/g)).toHaveLength(1);
    await page.run(at("next"));
    expect(await page.shown(at("next"))).toContain("42");
  });

  it("leaves out the cells that wait behind an interrupted one, and says so", async () => {
    const queue = await lab.open(
      lab.write("queue", ['console.log("ready");\nawait new Promise(() => {});', "1", "2"]),
    );
    await queue.menu("Run", /^Run All Cells/);
    await queue.until(({ cells }) => cells[0].outputs.length > 0, "ready");
    await queue.page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="interrupt"] jp-button').click();
    await queue.until(
      ({ kernel, cells }) => kernel === "idle" && cells.every(({ outputs }) => outputs.length > 0),
      "end",
    );
    expect(await queue.shown(0)).toContain("KeyboardInterrupt: the cell was interrupted");
    for (const index of [1, 2])
      expect(await queue.shown(index)).toContain("not run: cell 1 before it was interrupted");
    await queue.shot("queue");
    await queue.close();
  });

  it("completes members of the library, shows their docs, refuses a misspelt option", async () => {
    const index = at("scratch");
    const cell = await page.type(index, "targets.");
    await page.page.keyboard.press("Tab");
    await page.page.locator(".jp-Completer-item", { hasText: "gibbsDensity" }).waitFor();
    await page.shot("completion");
    await page.page.locator(".jp-Completer-item", { hasText: "ginzburgLandau" }).click();
    await expect.poll(() => cell.locator(".cm-content").innerText(), LATER).toBe("targets.ginzburgLandau");
    await page.type(index, "targets.ginzburgLandau");
    await page.page.keyboard.press("Shift+Tab");
    await page.page.locator(".jp-Tooltip", { hasText: "Ginzburg" }).waitFor();
    await page.shot("inspection");
    await page.page.keyboard.press("Escape");
    await page.type(index, "targets.ginzburgLandau({ dim: 4, lamda: 0.5 });");
    const [{ ename, evalue }] = await page.run(index);
    expect(`${ename}: ${evalue}`).toMatch(/^TypeScriptError: .*'lamda'/);
  });

  it("counts, clears and updates outputs, and refuses to read from the keyboard", async () => {
    const { cells } = await page.state();
    const counts = Math.max(...cells.map(({ count }) => count ?? 0));
    expect(await page.run(at("clear"))).toMatchObject([{ output_type: "stream", text: "after\n" }]);
    expect(await page.run(at("update"))).toMatchObject([
      { output_type: "display_data", data: { "text/plain": "step 3 of 3" } },
    ]);
    expect(await page.run(at("stdin"))).toMatchObject([
      { output_type: "error", ename: "StandardInputError" },
    ]);
    const after = (await page.state()).cells;
    expect(["clear", "update", "stdin"].map((name) => after[at(name)].count)).toEqual([
      counts + 1,
      counts + 2,
      counts + 3,
    ]);
  });

  it("prints 10,000 lines in order, and cuts 20 MB with a note", async () => {
    const [prints] = await page.run(at("prints"), 120);
    expect(prints.text).toBe(Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join(""));
    const flood = await page.run(at("flood"), 120);
    expect(flood.map(({ text = "" }) => text.length).reduce((a, b) => a + b)).toBeLessThan(2_100_000);
    expect(flood.at(-1)).toMatchObject({
      name: "stderr",
      text: expect.stringMatching(/cut[^]*18\.0 million more/) as string,
    });
  });

  it("goes on while the page is loaded again, and restarts with nothing left", async () => {
    await page.start(at("long"));
    await page.until(
      ({ cells }) => cells[at("long")].outputs.some(({ text = "" }) => text.includes("tick 2")),
      "ticks",
    );
    await page.save();
    await page.load();
    await page.until(({ kernel }) => kernel === "idle", "end of the long cell");
    await page.cell(at("long"));
    await page.shot("reloaded");
    await page.run(at("ticks"));
    expect(await page.shown(at("ticks"))).toContain("30");
    await page.menu("Kernel", /^Restart Kernel…/);
    await page.page.locator(".jp-Dialog .jp-mod-accept, .jp-Dialog .jp-mod-warn").last().click();
    await page.until(({ kernel }) => kernel === "idle", "restarted kernel");
    expect(await page.run(at("ticks"))).toMatchObject([{ ename: "TypeScriptError" }]);
    expect((await page.state()).cells[at("ticks")].count).toBe(1);
  });

  it.skipIf(process.platform !== "linux")("leaves no kernel behind when JupyterLab is killed", async () => {
    const kernels = children(lab.server.pid ?? 0);
    expect(kernels.length).toBeGreaterThanOrEqual(1);
    lab.server.kill("SIGKILL");
    await expect.poll(() => kernels.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });
});

/** The processes that a process has started. */
function children(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // it has ended
  }
}

function isAlive(pid: number): boolean {
  const parent = parentOf(String(pid));
  return parent !== undefined && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
