import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const dist = new URL("../../dist/onnx/", import.meta.url).href;
const tasks = new URL("./fixtures/tasks.js", import.meta.url).href;

/** Both threads multiply large matrices without a pause, so that whatever happens finds them inside of native code. */
const BUSY = `
  import { createPool } from "${dist}index.js";
  const n = 500;
  const a = new Float64Array(new SharedArrayBuffer(8 * n * n)).fill(1);
  const args = { a, b: a, m: n, n, k: n };
  const p = createPool(2);
  const message = (error) => error.message;
  const multiply = (worker, signal) => p.run({ module: "${dist}gemm-task.js", name: "gemm", args, worker, signal });
  const busy = async (signal, reps = 1e9) => {
    for (let r = 0; r < reps; r++) await Promise.all([0, 1].map((worker) => multiply(worker, signal)));
  };
  const milliseconds = (time) => new Promise((resolve) => setTimeout(resolve, time));
`;

/** How a process ends that runs a script; one that dies of a native error has a signal. */
function run(body: string): Promise<{ code: number | null; signal: string | null; out: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", BUSY + body], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", "ignore"],
  });
  let out = "";
  child.stdout.on("data", (text) => (out += text));
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, out })));
}

const survived = { code: 0, signal: null, out: "survived\n" };

describe("a thread inside of a native call", () => {
  it("ends it before it ends itself when its task is withdrawn", async () => {
    const body = `
      for (let i = 0; i < 8; i++) {
        await busy(undefined, 1);
        const stop = new AbortController();
        const work = busy(stop.signal).catch(message);
        await milliseconds(5 * i);
        stop.abort(new Error("enough"));
        if ((await work) !== "enough") throw new Error("the task was not withdrawn");
      }
      await p.close();
      console.log("survived");`;
    expect(await run(body)).toEqual(survived);
  });

  it("ends it before the pool is closed", async () => {
    const body = `
      for (let i = 0; i < 8; i++) {
        await busy(undefined, 1);
        const work = busy().catch(message);
        await milliseconds(5 * i);
        await p.close();
        if ((await work) !== "the worker pool was closed") throw new Error("the task was not rejected");
      }
      console.log("survived");`;
    expect(await run(body)).toEqual(survived);
  });

  it("is not disturbed by a thread that dies beside it", async () => {
    const body = `
      for (let i = 0; i < 5; i++) {
        const work = multiply(0);
        const died = await p.run({ module: "${tasks}", name: "die", args: { code: 3 }, worker: 1 }).catch(message);
        if (!died.includes("exit code 3")) throw new Error(died);
        if ((await work)[0] !== n) throw new Error("the other thread's product is wrong");
      }
      await p.close();
      console.log("survived");`;
    expect(await run(body)).toEqual(survived);
  });

  it.each([
    ["leaves", "process.exit(7)", 7],
    ["throws", "throw new Error('on the main thread')", 1],
  ])("lets a process that %s keep its exit code", async (_, end, code) => {
    const delays = [0, 3, 6, 9, 12];
    const bodies = delays.map(
      (delay) => `await busy(undefined, 1); busy(); await milliseconds(${delay}); ${end};`,
    );
    for (const body of bodies) expect(await run(body)).toMatchObject({ code, signal: null });
  });
});
