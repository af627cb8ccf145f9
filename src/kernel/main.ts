import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { Cells } from "./cells.js";
import { complete, inspectCode, isComplete } from "./language.js";
import { Output } from "./output.js";
import type { DisplayOptions } from "./output.js";
import { Positions } from "./positions.js";
import { Runner } from "./runner.js";
import { refuseStandardInput } from "./standard-input.js";
import { Phase, Slot, SLOTS } from "./threads.js";
import type { Order, Report, ServerData } from "./threads.js";
import { adoptTimers } from "./timers.js";
import { loadTslab } from "./tslab-surface.js";
import type { Executor, Tslab } from "./tslab-surface.js";

/** Cells may sit under many frames of a library. */
const STACK_FRAMES = 50;

/** The kernel: `node --no-force-async-hooks-checks main.js --config-path=FILE`. */
function main(configPath: string): void {
  Error.stackTraceLimit = STACK_FRAMES;
  const shared = new SharedArrayBuffer(4 * SLOTS);
  const state = new Int32Array(shared);
  const workerData: ServerData = { configPath, state: shared };
  const server = new Worker(new URL("./server.js", import.meta.url), { workerData });
  const report = (message: Report): void => server.postMessage(message);
  const cells = new Cells();
  const output = new Output(cells, report);
  const positions = new Positions();
  const runner = new Runner({ cells, output, positions, state, report, executor });

  let loaded: { tslab: Tslab; executor: Executor } | undefined;
  function language(): { tslab: Tslab; executor: Executor } {
    if (loaded) return loaded;
    const tslab = loadTslab((code, ...maps) => positions.compiled(code, ...maps));
    tslab.setDisplay((content, update) => output.raw(content, update));
    return (loaded = { tslab, executor: tslab.createExecutor(process.cwd(), runner.console) });
  }
  function executor(): Executor {
    return language().executor;
  }

  function answer(order: Extract<Order, { readonly call: number }>): object {
    const { code, cursor } = order;
    const { tslab } = language();
    if (order.type === "isComplete") return isComplete(tslab, code);
    return order.type === "complete"
      ? complete(executor(), code, cursor)
      : inspectCode(tslab, executor(), code, cursor);
  }

  function obey(order: Order): void {
    if (order.type === "execute") return runner.run(order);
    if (order.type === "interrupt") return runner.interrupt(order.run);
    if (order.type === "shutdown") process.exit(0);
    const phase = Atomics.exchange(state, Slot.phase, Phase.compiling);
    let content: object;
    try {
      content = answer(order);
    } catch (error) {
      content = { status: "error", ename: "Error", evalue: String(error), traceback: [] };
    }
    Atomics.store(state, Slot.phase, phase);
    report({ type: "answer", call: order.call, content });
  }

  output.captureStreams();
  refuseStandardInput();
  offerApi(cells, output);
  adoptTimers({ owner: () => cells.owner, run: (cell, callback) => cells.within(cell, callback) });
  process.on("SIGINT", () => runner.interrupt(Atomics.load(state, Slot.run)));
  process.on("uncaughtException", (error) => runner.stray(error));
  process.on("unhandledRejection", (reason) => runner.stray(reason));
  server.on("message", obey);
  server.on("error", (error) => {
    writeSync(2, `kernel: ${error.stack}\n`);
    process.exit(1);
  });
  Atomics.store(state, Slot.phase, Phase.compiling);
  language(); // TypeScript takes a second to load; meanwhile the server answers for the kernel
  Atomics.store(state, Slot.phase, Phase.idle);
}

/** What the library finds on globalThis: it draws whole bundles and hears of interrupts without importing the kernel. */
function offerApi(cells: Cells, output: Output): void {
  const api = {
    display: (bundle: object, options?: DisplayOptions) => output.display(bundle, options),
    clearOutput: (wait = true) => output.clear(wait),
    get signal(): AbortSignal {
      return cells.target?.signal ?? new AbortController().signal;
    },
    get cell(): number {
      return cells.target?.count ?? 0;
    },
  };
  Object.assign(globalThis, { [Symbol.for("scorebook.kernel")]: api });
}

const FLAG = "--config-path=";
const given = process.argv.find((argument) => argument.startsWith(FLAG));
if (given === undefined) {
  process.stderr.write(`usage: node main.js ${FLAG}FILE, where FILE is a Jupyter connection file\n`);
  process.exitCode = 2;
} else main(given.slice(FLAG.length));
