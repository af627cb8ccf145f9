import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient, of, printed } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
}, 120_000);
afterAll(() => kernel.stop());

describe("counts", () => {
  it("go up by one for a cell, and are told three times alike", async () => {
    const one = await kernel.run("'a'");
    const two = await kernel.run("'b'");
    expect(Number(two.reply.content.execution_count)).toBe(Number(one.reply.content.execution_count) + 1);
    for (const type of ["execute_input", "execute_result"])
      expect(of(two, type)[0].execution_count).toBe(two.reply.content.execution_count);
  });

  it("stay for a silent cell, and for one that is not to be remembered", async () => {
    const before = (await kernel.run("1")).reply.content.execution_count;
    const silent = await kernel.run("'quiet'", { silent: true });
    expect(silent.published.map(({ type }) => type)).toEqual(["status", "status"]);
    const forgotten = await kernel.run("2", { store_history: false });
    expect([silent, forgotten].map(({ reply }) => reply.content.execution_count)).toEqual([before, before]);
  });
});

describe("a queue", () => {
  const send = (code: string, options = {}) => kernel.send("execute_request", { code, ...options });
  const status = async (id: string) => (await kernel.finished(id)).reply.content.status;

  it("is aborted behind a failing cell, and told so", async () => {
    const ids = [
      send("await new Promise((r) => setTimeout(r, 200)); throw new Error('stop');"),
      send("1"),
      send("2"),
    ];
    expect(await Promise.all(ids.map(status))).toEqual(["error", "aborted", "aborted"]);
    expect(of({ published: kernel.published(ids[1]) }, "execute_input")).toEqual([]);
    expect(printed({ published: kernel.published(ids[1]) }, "stderr")).toMatch(
      /^not run: cell \d+ before it failed\n$/,
    );
    // What is sent after the reply runs.
    expect(await status(send("3"))).toBe("ok");
  });

  it("is aborted behind a cell that fails at once, too", async () => {
    const ids = [send("throw new Error('at once');"), send("1")];
    expect(await Promise.all(ids.map(status))).toEqual(["error", "aborted"]);
  });

  it("goes on where errors are allowed", async () => {
    const ids = [send("throw new Error('allowed');", { stop_on_error: false }), send("1"), send("2")];
    expect(await Promise.all(ids.map(status))).toEqual(["error", "ok", "ok"]);
  });

  it("runs in order, one at a time, each busy from its start", async () => {
    const ids = [
      send("let log = ['a']; await new Promise((r) => setTimeout(r, 300)); log.push('b');"),
      send("log.push('c'); log"),
    ];
    const [, second] = await Promise.all(ids.map((id) => kernel.finished(id)));
    expect(of(second, "execute_result")[0].data).toEqual({ "text/plain": "[ 'a', 'b', 'c' ]" });
    const states = kernel.iopub
      .filter(({ type, parent }) => type === "status" && ids.includes(parent ?? ""))
      .map(({ parent, content }) => `${ids.indexOf(parent ?? "")} ${String(content.execution_state)}`);
    expect(states).toEqual(["0 busy", "0 idle", "1 busy", "1 idle"]);
  });

  it("stays busy while a completion is answered in the middle of a cell", async () => {
    const id = send("await new Promise((r) => setTimeout(r, 1500));");
    await kernel.until(() => kernel.published(id).length > 0, 5, "start");
    const reply = await kernel.ask("complete_request", { code: "Math.cbr", cursor_pos: 8 });
    expect(reply.content.matches).toEqual(["cbrt"]);
    // The completion's own busy and idle, then the cell is busy again.
    const states = () =>
      kernel.iopub
        .filter(({ type, parent }) => type === "status" && (parent === reply.parent || parent === id))
        .map(
          ({ parent, content }) =>
            `${parent === id ? "cell" : "completion"} ${String(content.execution_state)}`,
        );
    await kernel.until(() => states().length === 4, 5, "statuses");
    expect(states()).toEqual(["cell busy", "completion busy", "completion idle", "cell busy"]);
    expect(await status(id)).toBe("ok");
  });

  it("answers each of 1,000 quick cells, once and in order", async () => {
    const ids = Array.from({ length: 1000 }, (_, i) => send(`console.log(${i})`));
    const last = await kernel.finished(ids[999], 600);
    const before = Number(last.reply.content.execution_count) - 999;
    const runs = await Promise.all(ids.map((id) => kernel.finished(id)));
    expect(runs.map(({ reply }) => reply.content.execution_count)).toEqual(ids.map((_, i) => before + i));
    expect(runs.map((run) => printed(run))).toEqual(ids.map((_, i) => `${i}\n`));
    expect(kernel.replies(ids)).toBe(1000);
  }, 660_000);
});
