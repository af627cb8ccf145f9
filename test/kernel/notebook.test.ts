import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../src/notebook/environment.js";
import { KernelClient, of, printed, STOCK_TSLAB, traceback } from "./client.js";

const IMPORT = 'import { notebook, plots } from "../dist/index.js";\nawait notebook.start("98-kernel-test");';
const FIGURE =
  'await notebook.figure("one", { data: { values: [{ x: 1 }] }, mark: "point", encoding: { x: { field: "x", type: "quantitative" } } }, { caption: "One" });';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
  expect((await kernel.run(IMPORT)).reply.content.status).toBe("ok");
}, 120_000);
afterAll(() => kernel.stop());

describe("the notebook's vocabulary on the kernel", () => {
  it("shows a figure as one bundle and writes its files", async () => {
    const run = await kernel.run(FIGURE);
    const [figure, caption] = of(run, "display_data").map(({ data }) => data as Record<string, unknown>);
    expect(Object.keys(figure)).toEqual(["application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"]);
    expect(caption).toEqual({ "text/markdown": "*One*" });
    expect(of(run, "execute_result")).toEqual([]);
    expect(readFileSync(join(kernel.out, "figures", "98-kernel-test-one.svg"), "utf8")).toBe(
      figure["image/svg+xml"],
    );
  });

  it("shows a table once where it ends its cell, and again where its name does", async () => {
    const run = await kernel.run(
      "const frame = notebook.table([{ basis: 'a', error: 0.5 }], { caption: 'Errors' });\nframe",
    );
    expect(of(run, "display_data")).toHaveLength(1);
    expect(of(run, "execute_result")).toEqual([]);
    const later = await kernel.run("frame");
    expect(of(later, "execute_result")[0].data).toEqual(of(run, "display_data")[0].data);
    expect(of(await kernel.run("frame.column('error').sum()"), "execute_result")[0].data).toEqual({
      "text/plain": "0.5",
    });
  });

  it("follows a computation in one place, and ends it with its cell", async () => {
    await kernel.run("let steps = 0;");
    const id = kernel.send("execute_request", {
      code: 'const line = notebook.progress("fit", 1000); while (true) { line({ done: ++steps }); const t = Date.now() + 5; while (Date.now() < t) {} await null; }',
    });
    await kernel.until(
      () => of({ published: kernel.published(id) }, "update_display_data").length > 2,
      10,
      "progress",
    );
    kernel.interrupt();
    const run = await kernel.finished(id, 10);
    expect(run.reply.content.ename).toBe("KeyboardInterrupt");
    expect(of(run, "display_data")).toHaveLength(1);
    const ids = of(run, "update_display_data").map(
      ({ transient }) => (transient as { display_id: string }).display_id,
    );
    expect(new Set(ids).size).toBe(1);
    const [first, second] = [await kernel.run("steps"), await kernel.run("steps")].map(
      (r) => of(r, "execute_result")[0].data,
    );
    expect(second).toEqual(first);
  });

  it("fails the checks over a rejection that nobody handled, however long ago", async () => {
    await kernel.run('setTimeout(() => { void Promise.reject(new Error("lost")); }, 10);');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await kernel.run(
      'notebook.check("a/b/c", { statement: "one is one", value: 1, low: 1, high: 1, source: "arithmetic" });',
    );
    const run = await kernel.run("await notebook.checks();");
    expect(run.reply.content.ename).toBe("ChecksError");
    expect(traceback(run)).toContain("a rejected promise that nobody awaits: Error: lost");
    expect(of(run, "display_data")).toHaveLength(1);
    const document = JSON.parse(
      readFileSync(join(kernel.out, "runs", "98-kernel-test.json"), "utf8"),
    ) as object;
    expect(document).toMatchObject({
      checks: [{ id: "a/b/c", pass: true }],
      figures: ["figures/98-kernel-test-one.svg"],
    });
  });
});

it("runs the first notebook on stock tslab as well, with SVG for its figures", async () => {
  const { cells } = JSON.parse(readFileSync(join(root, "notebooks", "01-spectral-scores.ipynb"), "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  const stock = await KernelClient.start({ command: STOCK_TSLAB });
  try {
    const shown: string[] = [];
    for (const { cell_type, source } of cells) {
      if (cell_type !== "code") continue;
      const run = await stock.finished(
        stock.send("execute_request", { code: [source].flat().join("") }),
        120,
      );
      expect(run.reply.content.status, printed(run, "stderr")).toBe("ok");
      expect(printed(run, "stderr")).toBe("");
      shown.push(...of(run, "display_data").flatMap(({ data }) => Object.keys(data as object)));
    }
    expect(shown.filter((type) => type === "image/svg+xml").length).toBeGreaterThanOrEqual(4);
    expect(shown.filter((type) => type.includes("vega"))).toEqual([]);
    expect(existsSync(join(stock.out, "figures", "01-spectral-scores-scores.vl.json"))).toBe(true);
  } finally {
    stock.process.kill("SIGKILL");
    await stock.stop();
  }
}, 300_000);
