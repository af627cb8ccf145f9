import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createPool, pool, threadCount, type WorkerPool } from "../../src/onnx/pool.js";

const module = new URL("./fixtures/tasks.js", import.meta.url).href;
const task = (name: string, args: unknown = undefined) => ({ module, name, args });

describe("a pool of two threads", () => {
  let two: WorkerPool;
  beforeAll(() => {
    two = createPool(2);
  });
  afterAll(() => two.close());

  it("returns what the function returns, sync or async, with structured clone of the arguments", async () => {
    const args = { list: [1, 2, { deep: new Float64Array([3]) }], when: new Date(5) };
    expect(await two.run(task("echo", args))).toEqual(args);
  });

  it("passes shared memory through in both directions", async () => {
    const shared = new SharedArrayBuffer(16);
    const view = new Float64Array(shared).fill(1);
    await two.run(task("addShared", { shared, amount: 2 }));
    expect([...view]).toEqual([3, 3]);
  });

  it("hands the result's typed arrays over, and only the part that a view covers", async () => {
    const { part, whole, label } = await two.run<{ part: Float64Array; whole: Float32Array; label: string }>(
      task("produce"),
    );
    expect([...part]).toEqual([1, 1, 1]);
    expect(part.buffer.byteLength).toBe(24);
    expect([...whole]).toEqual([1, 2]);
    expect(label).toBe("x");
    expect(await two.run({ ...task("give"), worker: 1 })).toHaveLength(4);
    expect(await two.run({ ...task("stillHere"), worker: 1 })).toBe(0);
  });

  it("moves the buffers named in transfer", async () => {
    const array = new Float64Array([1, 2]);
    const back = await two.run<Float64Array>({ ...task("echo", array), transfer: [array.buffer] });
    expect(array).toHaveLength(0);
    expect([...back]).toEqual([1, 2]);
  });

  it("starts tasks in the order of submission", async () => {
    const log = new SharedArrayBuffer(4 * 17);
    const labels = [1, 2, 3, 4, 5, 6, 7, 8];
    const results = await Promise.all(
      labels.map((label) => two.run(task("append", { log, label, milliseconds: 10 }))),
    );
    expect(results).toEqual(labels);
    // One thread may lag behind the other, but each begins what it gets in the order of submission.
    const started = [...new Int32Array(log).subarray(1, 17)];
    const byThread = new Map<number, number[]>();
    for (let i = 0; i < 16; i += 2) {
      byThread.set(started[i], [...(byThread.get(started[i]) ?? []), started[i + 1]]);
    }
    for (const own of byThread.values()) expect(own).toEqual(own.toSorted((a, b) => a - b));
    expect([...byThread.values()].flat().toSorted()).toEqual(labels);
  });

  it("keeps a pinned task on its thread, modulo the size", async () => {
    const ids = await Promise.all(
      [0, 1, 2, 3, 0].map((worker) => two.run<number>({ ...task("thread"), worker })),
    );
    expect(ids[0]).toBe(ids[2]);
    expect(ids[1]).toBe(ids[3]);
    expect(ids[0]).toBe(ids[4]);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it("rejects with the error's name, message, argument and the stack of the thread", async () => {
    const error = (await two.run(task("fail", { message: "bad" })).catch((e: unknown) => e)) as Error;
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "CustomError", message: "bad", argument: "someArgument" });
    expect(error.stack).toContain("tasks.js");
  });

  it("names what is missing: the module, the function, a result that cannot be cloned", async () => {
    await expect(two.run({ module: `${module}x`, name: "echo", args: 0 })).rejects.toThrow(/tasks\.jsx/);
    await expect(two.run(task("nope"))).rejects.toThrow('no function named "nope"');
    await expect(two.run(task("unclonable"))).rejects.toMatchObject({ name: "DataCloneError" });
    await expect(two.run(task("echo", () => 1))).rejects.toMatchObject({ name: "DataCloneError" });
    expect(await two.run(task("echo", 1))).toBe(1);
  });

  it.each([
    ["exits", "die", { code: 3 }, /exit code 3/],
    ["throws outside of the task", "crash", {}, /uncaught in a timer/],
  ])("rejects the task of a thread that %s, and replaces the thread", async (_, name, args, message) => {
    const others = [1, 2, 3].map((label) => two.run(task("echo", label)));
    await expect(two.run(task(name, args))).rejects.toThrow(message);
    expect(await Promise.all(others)).toEqual([1, 2, 3]);
    expect(await Promise.all([4, 5, 6].map((label) => two.run(task("echo", label))))).toEqual([4, 5, 6]);
  });

  it("withdraws a waiting task and stops a running one", async () => {
    const stop = new AbortController();
    const running = [0, 1].map((worker) => two.run({ ...task("never"), worker, signal: stop.signal }));
    const waiting = two.run({ ...task("echo", 1), signal: stop.signal });
    const next = two.run(task("echo", 2));
    stop.abort(new Error("enough"));
    for (const promise of [...running, waiting]) await expect(promise).rejects.toThrow("enough");
    expect(await next).toBe(2);
    await expect(two.run({ ...task("echo", 1), signal: stop.signal })).rejects.toThrow("enough");
  });
});

it("rejects what is unfinished when it closes, and starts again when used again", async () => {
  const one = createPool(1);
  const unfinished = [one.run(task("never")), one.run(task("echo", 1))];
  const settled = Promise.allSettled(unfinished);
  await one.close();
  for (const result of await settled) {
    expect(result).toMatchObject({ status: "rejected", reason: { message: "the worker pool was closed" } });
  }
  expect(await one.run(task("echo", 2))).toBe(2);
  await one.close();
});

describe("the number of threads", () => {
  const before = process.env.SCOREBOOK_THREADS;
  afterEach(() => {
    if (before === undefined) delete process.env.SCOREBOOK_THREADS;
    else process.env.SCOREBOOK_THREADS = before;
  });

  it("is SCOREBOOK_THREADS where it is set", () => {
    process.env.SCOREBOOK_THREADS = "3";
    expect(threadCount()).toBe(3);
    expect(pool().size).toBe(3);
  });

  it.each(["0", "two", "1.5", "-1", "1000"])("is refused when it is %s", (value) => {
    process.env.SCOREBOOK_THREADS = value;
    expect(() => threadCount()).toThrow(/SCOREBOOK_THREADS: expected a whole number from 1 to 256/);
  });
});

describe("a process that used a pool", () => {
  const dist = new URL("../../dist/onnx/index.js", import.meta.url).href;
  const script = (body: string) => {
    const code = `import { createPool, gemmOnPool } from ${JSON.stringify(dist)};\n${body}`;
    const started = performance.now();
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      encoding: "utf8",
      timeout: 20_000,
    });
    return { ...run, seconds: (performance.now() - started) / 1000 };
  };
  const product = `const p = createPool(2);
    const one = () => gemmOnPool({ a: new Float64Array([2]), b: new Float64Array([3]), m: 1, n: 1, k: 1 }, p);
    console.log((await Promise.all([one(), one(), one()])).join());`;

  it("stays alive for its tasks and exits by itself after them, native library and all", () => {
    const { status, stdout, stderr } = script(product);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "6,6,6\n", stderr: "" });
  });

  it("keeps its exit code and its message when it throws or leaves early", () => {
    const thrown = script(`${product} throw new Error("on the main thread");`);
    expect(thrown.status).toBe(1);
    expect(thrown.stderr).toContain("on the main thread");
    expect(script(`${product} process.exit(7);`).status).toBe(7);
  });

  it("leaves at once though a task never ends, when told to close", () => {
    const body = `const p = createPool(2);
      const run = p.run({ module: ${JSON.stringify(module)}, name: "never", args: 0 }).catch((e) => console.log(e.message));
      await p.close(); await run;`;
    expect(script(body)).toMatchObject({ status: 0, stdout: "the worker pool was closed\n" });
  });
});
