import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient, of, printed } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
}, 120_000);
afterAll(() => kernel.stop());

const KERNEL = 'const kernel = (globalThis as any)[Symbol.for("scorebook.kernel")];\n';

describe("printing", () => {
  it("loses none of 20,000 lines, in order, and ends idle", async () => {
    const run = await kernel.run("for (let i = 0; i < 20000; i++) console.log(i);");
    expect(printed(run)).toBe(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(""));
    expect(run.published.at(-1)?.content.execution_state).toBe("idle");
    expect(of(run, "stream").length).toBeLessThan(400);
  });

  it("is cut with a note where a cell prints 20 MB, and the next cell prints again", async () => {
    const run = await kernel.run("for (let i = 0; i < 20; i++) console.log('x'.repeat(999_999));");
    expect(printed(run)).toHaveLength(2_000_000);
    expect(printed(run, "stderr")).toBe(
      "\n… cut: a cell may print 2 million characters\n… 18.0 million more were not shown\n",
    );
    expect(printed(await kernel.run("console.log('again')"))).toBe("again\n");
  });

  it("keeps the order of the two streams, displays and results", async () => {
    const run = await kernel.run(
      `${KERNEL}console.log("a"); console.error("b"); console.log("c"); kernel.display({ "text/plain": "d" }); process.stdout.write("e"); 5`,
    );
    const shown = run.published.map(({ type, content }) => {
      if (type === "stream") return `${String(content.name)} ${String(content.text).trim()}`;
      return "data" in content ? String((content.data as Record<string, string>)["text/plain"]) : "";
    });
    expect(shown.filter(Boolean)).toEqual(["stdout a", "stderr b", "stdout c", "d", "stdout e", "5"]);
  });

  it("shows what a synchronous loop prints while it still runs", async () => {
    const id = kernel.send("execute_request", {
      code: 'console.log("early"); const end = Date.now() + 2500; while (Date.now() < end) {} console.log("late");',
    });
    await kernel.until(() => printed({ published: kernel.published(id) }).includes("early"), 5, "early line");
    expect(printed({ published: kernel.published(id) })).not.toContain("late");
    expect(printed(await kernel.finished(id))).toBe("early\nlate\n");
  });

  it("goes to the cell that started the work, also from timers", async () => {
    const first = kernel.send("execute_request", {
      code: 'let ticks = 0; const timer = setInterval(() => { console.log("tick"); if (++ticks === 3) clearInterval(timer); }, 100);',
    });
    await kernel.finished(first);
    const second = await kernel.run('await new Promise((r) => setTimeout(r, 600)); console.log("mine");');
    expect(printed(second)).toBe("mine\n");
    expect(printed({ published: kernel.published(first) })).toBe("tick\ntick\ntick\n");
  });
});

describe("results", () => {
  it("are the last expression, as an execute_result", async () => {
    const run = await kernel.run("const list = [1, 2];\nlist");
    const count = run.reply.content.execution_count;
    expect(of(run, "execute_result")).toEqual([
      { data: { "text/plain": "[ 1, 2 ]" }, metadata: {}, execution_count: count },
    ]);
    expect(of(await kernel.run("list;\nconst more = 3;"), "execute_result")).toEqual([]);
    expect(of(await kernel.run("undefined"), "execute_result")).toEqual([]);
  });

  it("may be a whole MIME bundle, or none", async () => {
    const bundle = await kernel.run(
      '({ toMimeBundle: () => ({ "text/html": "<b>1</b>", "text/plain": "1" }) })',
    );
    expect(of(bundle, "execute_result")[0].data).toEqual({ "text/html": "<b>1</b>", "text/plain": "1" });
    expect(of(await kernel.run("({ toMimeBundle: () => undefined })"), "execute_result")).toEqual([]);
  });

  it("fail the cell when their bundle fails", async () => {
    const run = await kernel.run("({ toMimeBundle() { throw new Error('no bundle'); } })");
    expect(run.reply.content).toMatchObject({ status: "error", evalue: "no bundle" });
  });
});

describe("displays", () => {
  it("are whole bundles, replaced in place", async () => {
    const run = await kernel.run(
      `${KERNEL}kernel.display({ "text/html": "<i>1</i>", "text/plain": "1" }, { id: "x", metadata: { "text/html": { isolated: true } } });\nkernel.display({ "text/plain": "2" }, { id: "x", update: true });\nkernel.clearOutput(true);`,
    );
    expect(of(run, "display_data")).toEqual([
      {
        data: { "text/html": "<i>1</i>", "text/plain": "1" },
        metadata: { "text/html": { isolated: true } },
        transient: { display_id: "x" },
      },
    ]);
    expect(of(run, "update_display_data")).toEqual([
      { data: { "text/plain": "2" }, metadata: {}, transient: { display_id: "x" } },
    ]);
    expect(of(run, "clear_output")).toEqual([{ wait: true }]);
  });

  it("of tslab work as well, reached by any of its names", async () => {
    const run = await kernel.run(
      'import * as tslab from "tslab";\ntslab.display.html("<p>");\nconst d = tslab.newDisplay(); d.text("1"); d.text("2");\nrequire("tslab/dist/jupyter").lastWriteDisplayData({ data: { "text/plain": "3" }, metadata: {}, transient: {} }, false);',
    );
    expect(of(run, "display_data").map(({ data }) => data)).toEqual([
      { "text/html": "<p>" },
      { "text/plain": "1" },
      { "text/plain": "3" },
    ]);
    expect(of(run, "update_display_data").map(({ data }) => data)).toEqual([{ "text/plain": "2" }]);
  });
});
