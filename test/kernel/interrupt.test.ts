import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient, of, printed, traceback } from "./client.js";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
  await kernel.run("let state = 41;");
}, 120_000);
afterAll(() => kernel.stop());

const ready = (id: string) => printed({ published: kernel.published(id) }).includes("ready");

/** Starts a cell that says "ready" and goes on; interrupts it; gives its run and the seconds it took to end. */
async function interrupted(code: string, patience = 10) {
  const id = kernel.send("execute_request", { code });
  await kernel.until(() => ready(id), patience, "ready");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const began = performance.now();
  kernel.interrupt();
  const run = await kernel.finished(id, 10);
  return { run, seconds: (performance.now() - began) / 1000 };
}

const loops = {
  "an awaiting loop": 'console.log("ready"); while (true) await new Promise((r) => setTimeout(r, 10));',
  "a wait that never ends": 'console.log("ready"); await new Promise(() => {});',
  "a synchronous loop before the first await": 'console.log("ready"); while (true) {}',
  "a synchronous loop after an await": 'await null; console.log("ready"); while (true) {}',
  "a loop of microtasks": 'console.log("ready"); while (true) await null;',
  "a loop in a timer's callback":
    'setTimeout(() => { console.log("ready"); while (true) {} }, 20); await new Promise(() => {});',
  "a loop in an immediate":
    'setImmediate(() => { console.log("ready"); while (true) {} }); await new Promise(() => {});',
  "a loop that catches everything":
    'console.log("ready"); while (true) { try { await new Promise((r) => setTimeout(r, 5)); } catch {} }',
};

describe("an interrupt", () => {
  it.each(Object.entries(loops))("ends %s within a second, with state kept", async (_, code) => {
    const { run, seconds } = await interrupted(code);
    expect(run.reply.content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    expect(traceback(run)).toBe("KeyboardInterrupt: the cell was interrupted");
    expect(of(run, "error")).toHaveLength(1);
    expect(seconds).toBeLessThan(1);
    const next = await kernel.run("state + 1");
    expect(of(next, "execute_result")[0].data).toEqual({ "text/plain": "42" });
  });

  it("stops what the cell left running: its timers do not fire and it prints no more", async () => {
    const code =
      'console.log("ready"); setInterval(() => { state = 0; console.log("alive"); }, 300); const { setTimeout: wait } = require("node:timers/promises"); while (true) { await wait(300); state = 0; }';
    const { run } = await interrupted(code);
    await kernel.run("await new Promise((r) => setTimeout(r, 700));");
    expect(of(await kernel.run("state"), "execute_result")[0].data).toEqual({ "text/plain": "41" });
    expect(printed({ published: kernel.published(run.reply.parent ?? "") })).toBe("ready\n");
  });

  it("reaches the library through its signal", async () => {
    await kernel.run(
      'const seen: string[] = []; const api = (globalThis as any)[Symbol.for("scorebook.kernel")];',
    );
    await interrupted(
      'api.signal.addEventListener("abort", () => seen.push(api.signal.reason === undefined ? "" : "aborted")); console.log("ready"); await new Promise(() => {});',
    );
    expect(of(await kernel.run("seen"), "execute_result")[0].data).toEqual({ "text/plain": "[ 'aborted' ]" });
  });

  it("aborts all cells that wait, and says so in each", async () => {
    const first = kernel.send("execute_request", { code: 'console.log("ready"); while (true) {}' });
    const waiting = Array.from({ length: 5 }, () => kernel.send("execute_request", { code: "state = 0;" }));
    await kernel.until(() => ready(first), 10, "ready");
    kernel.interrupt();
    const { reply } = await kernel.finished(first);
    expect(reply.content.ename).toBe("KeyboardInterrupt");
    for (const id of waiting) {
      const run = await kernel.finished(id);
      expect(run.reply.content.status).toBe("aborted");
      const count = String(reply.content.execution_count);
      expect(printed(run, "stderr")).toBe(`not run: cell ${count} before it was interrupted\n`);
    }
  });

  it("stops training after the step that runs, with its state kept for a later cell", async () => {
    await kernel.run(
      'import { nets, random, train } from "../dist/index.js";\nlet steps = 0;\nconst net = nets.mlp({ sizes: [1, 8, 1] });\nconst points = random.normal(random.key(0), 64);',
    );
    const code = `const options = {
      loss: (p: any, { x }: any) => net.apply(p, x).sub(x).square().mean(),
      batch: { size: 32, inputs: { x: train.rows(points, 1) } },
      params: net.init(random.key(1)), key: random.key(2), numSteps: 100_000_000,
      onProgress: (tick: { done: number }) => { steps = tick.done; console.log("ready"); },
    };
    const trained = await train.fit(options);`;
    const { run, seconds } = await interrupted(code, 60);
    expect(run.reply.content.ename, traceback(run)).toBe("KeyboardInterrupt");
    expect(seconds).toBeLessThan(1.5);
    const status = await kernel.run("[trained.info.status, trained.info.steps === trained.state.step]");
    expect(of(status, "execute_result")[0].data).toEqual({ "text/plain": "[ 'interrupted', true ]" });
    const more = await kernel.run(
      "const from = trained.state;\nconst goOn = await train.fit({ ...options, onProgress: undefined, numSteps: from.step + 3, from });\ngoOn.info.steps - trained.info.steps",
    );
    expect(of(more, "execute_result")[0]?.data, traceback(more)).toEqual({ "text/plain": "3" });
  });

  it("reaches what an interrupted cell left behind and keeps the next cell from starting", async () => {
    const leaves =
      'const heeds = (globalThis as any)[Symbol.for("scorebook.kernel")].signal; console.log("ready"); await new Promise((r) => process.nextTick(() => heeds.addEventListener("abort", () => { let n = 0; const turn = () => (n++ < 3e5 ? Promise.resolve().then(turn) : r(0)); turn(); }))); while (true) {}';
    const { run } = await interrupted(leaves);
    expect(run.reply.content.ename).toBe("KeyboardInterrupt");
    const next = await kernel.run("state + 1");
    expect(of(next, "execute_result")[0].data).toEqual({ "text/plain": "42" });
  });

  it("waits for a native call to return, and ends the cell there", async () => {
    const code =
      'await null; console.log("ready"); require("node:child_process").spawnSync(process.execPath, ["-e", "setTimeout(() => {}, 1500)"]); while (true) {}';
    const { run, seconds } = await interrupted(code);
    expect(run.reply.content.ename).toBe("KeyboardInterrupt");
    expect(seconds).toBeLessThan(3);
  });

  it("that comes while the cell compiles ends it before it runs", async () => {
    const code = `${Array.from({ length: 2000 }, (_, i) => `const v${i} = { a: ${i}, b: "${i}" };`).join("\n")}\nstate = 0; while (true) {}`;
    const id = kernel.send("execute_request", { code });
    await kernel.until(
      () => of({ published: kernel.published(id) }, "execute_input").length > 0,
      10,
      "start",
    );
    kernel.interrupt();
    expect((await kernel.finished(id, 20)).reply.content.ename).toBe("KeyboardInterrupt");
    expect(of(await kernel.run("state"), "execute_result")[0].data).toEqual({ "text/plain": "41" });
  });

  it("does nothing to an idle kernel", async () => {
    const reply = await kernel.reply(kernel.interrupt());
    expect(reply).toMatchObject({ type: "interrupt_reply", content: { status: "ok" } });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await kernel.run("state")).reply.content.status).toBe("ok");
  });

  it("can be repeated", async () => {
    for (let i = 0; i < 6; i++) {
      const code = i % 2 ? loops["a loop of microtasks"] : loops["a synchronous loop before the first await"];
      const { run } = await interrupted(code);
      expect(run.reply.content.ename).toBe("KeyboardInterrupt");
    }
    expect(of(await kernel.run("state + 1"), "execute_result")[0].data).toEqual({ "text/plain": "42" });
  });
});
