import { Worker } from "node:worker_threads";
import { NativeGate } from "./native-gate.js";
import { unpackError, type ResultMessage, type TaskMessage } from "./pool-messages.js";
import { compiledModule } from "./pool-modules.js";
import type { PoolTask } from "./pool.js";

/** A task on its way, and what becomes of it. */
export interface Job {
  readonly task: PoolTask;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const WORKER_URL = new URL("./pool-worker.js", import.meta.url).href;

/** A place for one thread, which is started when first needed. It keeps the process alive only while it works. */
export class Slot {
  private thread: Thread | undefined;
  private job: Job | undefined;
  private readonly ending = new Set<Promise<void>>();
  private readonly onIdle: () => void;

  constructor(onIdle: () => void) {
    this.onIdle = onIdle;
  }

  get idle(): boolean {
    return this.job === undefined;
  }

  start(job: Job): void {
    this.job = job;
    try {
      const { module, name, args, transfer = [] } = job.task;
      const message: TaskMessage = { module: compiledModule(module), name, args };
      this.thread ??= this.spawn();
      this.thread.worker.ref();
      this.thread.worker.postMessage(message, [...transfer]);
    } catch (error) {
      this.finish((failed) => failed.reject(error));
    }
  }

  /**
   * Stop the thread; what it was doing is rejected with `reason` at once, and other work gets a new thread.
   * @returns when this thread and those stopped before are gone: each ends its native call first
   */
  async stop(reason: unknown): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    if (thread !== undefined) this.end(thread);
    this.finish((job) => job.reject(reason));
    await Promise.all(this.ending);
  }

  runs(job: Job): boolean {
    return this.job === job;
  }

  private end({ worker, gate }: Thread): void {
    const ended = gate.close().then(async () => void (await worker.terminate()));
    this.ending.add(ended);
    void ended.finally(() => this.ending.delete(ended));
  }

  private spawn(): Thread {
    const gate = new NativeGate();
    const workerData = { gate: gate.memory };
    const worker = new Worker(new URL(compiledModule(WORKER_URL)), {
      name: "scorebook",
      execArgv: [],
      workerData,
    });
    const thread = { worker, gate };
    worker.on("message", (result: ResultMessage) => {
      if (thread !== this.thread) return;
      worker.unref();
      this.finish((job) => (result.ok ? job.resolve(result.value) : job.reject(unpackError(result.error))));
    });
    worker.on("error", (error) => this.lost(thread, error));
    worker.on("exit", (code) => {
      gate.forget();
      this.lost(thread, new Error(`a worker thread stopped with exit code ${code}`));
    });
    return thread;
  }

  private lost(thread: Thread, reason: unknown): void {
    if (thread !== this.thread) return;
    this.thread = undefined;
    this.finish((job) => job.reject(reason));
  }

  private finish(settle: (job: Job) => void): void {
    const job = this.job;
    this.job = undefined;
    if (job !== undefined) {
      settle(job);
      this.onIdle();
    }
  }
}

interface Thread {
  readonly worker: Worker;
  readonly gate: NativeGate;
}
