import { availableParallelism } from "node:os";
import { checkInteger } from "../core/checks.js";
import { Slot, type Job } from "./pool-thread.js";

/** A call of an exported function in another thread. */
export interface PoolTask {
  /** File URL of a module; by convention `new URL("./some-task.js", import.meta.url).href`. */
  readonly module: string;
  /** Name of the function it exports; it receives `args` and may be async. */
  readonly name: string;
  /** Structured-cloneable; views on a SharedArrayBuffer share their memory with the worker. */
  readonly args: unknown;
  /** Buffers handed over instead of copied. */
  readonly transfer?: readonly ArrayBuffer[];
  /** Run on this worker (modulo the pool's size), for tasks that find their state where they left it. */
  readonly worker?: number;
  /** Withdraws the task at once; a thread that already runs it is replaced, and ends after the native call that it is in. */
  readonly signal?: AbortSignal;
}

/** Threads that run tasks in the order of submission, one task a thread at a time. */
export interface WorkerPool {
  readonly size: number;
  /**
   * The task's result; typed arrays that are the result or its direct members change hands without a copy.
   * @throws whatever the task throws (name, message and stack kept); Error where its thread dies
   */
  run<T>(task: PoolTask): Promise<T>;
  /**
   * Stop all threads; unfinished tasks are rejected. Resolves when every thread has ended, which a native call delays.
   * A later `run` starts new threads.
   */
  close(): Promise<void>;
}

class ThreadPool implements WorkerPool {
  readonly size: number;
  private readonly slots: Slot[];
  private queue: Job[] = [];

  constructor(size: number) {
    this.size = size;
    this.slots = Array.from({ length: size }, () => new Slot(() => this.dispatch()));
  }

  run<T>(task: PoolTask): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { signal, worker } = task;
      if (worker !== undefined) checkInteger("task.worker", worker, { min: 0 });
      signal?.throwIfAborted();
      const onAbort = (): void => this.withdraw(job, signal?.reason);
      const done = (): void => signal?.removeEventListener("abort", onAbort);
      const job: Job = {
        task,
        resolve: (value) => (done(), resolve(value as T)),
        reject: (error) => (done(), reject(error instanceof Error ? error : new Error(String(error)))),
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.queue.push(job);
      this.dispatch();
    });
  }

  async close(): Promise<void> {
    const reason = new Error("the worker pool was closed");
    const waiting = this.queue;
    this.queue = [];
    for (const job of waiting) job.reject(reason);
    await Promise.all(this.slots.map((slot) => slot.stop(reason)));
  }

  private dispatch(): void {
    for (let i = 0; i < this.queue.length;) {
      const job = this.queue[i];
      const slot = this.freeSlot(job.task.worker);
      if (slot === undefined) {
        i++;
      } else {
        this.queue.splice(i, 1);
        slot.start(job);
      }
    }
  }

  private freeSlot(wanted: number | undefined): Slot | undefined {
    if (wanted === undefined) return this.slots.find((slot) => slot.idle);
    const slot = this.slots[wanted % this.size];
    return slot.idle ? slot : undefined;
  }

  private withdraw(job: Job, reason: unknown): void {
    const place = this.queue.indexOf(job);
    if (place >= 0) {
      this.queue.splice(place, 1);
      job.reject(reason);
    } else {
      void this.slots.find((slot) => slot.runs(job))?.stop(reason);
    }
  }
}

/**
 * A pool of its own, for an owner that closes it.
 * @param size number of threads; by default SCOREBOOK_THREADS, else the number of cores
 */
export function createPool(size: number = threadCount()): WorkerPool {
  return new ThreadPool(checkInteger("size", size, { min: 1, max: 256 }));
}

/**
 * Threads to use: SCOREBOOK_THREADS, else what the machine offers.
 * @throws ArgumentError where the variable is not a whole number from 1 to 256
 */
export function threadCount(): number {
  const wanted = process.env.SCOREBOOK_THREADS;
  if (wanted === undefined || wanted === "") return availableParallelism();
  return checkInteger("SCOREBOOK_THREADS", Number(wanted), { min: 1, max: 256 });
}

let shared: WorkerPool | undefined;

/** The process-wide pool. Its threads start when needed and never keep the process alive by themselves. */
export function pool(): WorkerPool {
  shared ??= createPool();
  return shared;
}
