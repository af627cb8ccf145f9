import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { root } from "../notebook/environment.js";
import { eventReader } from "./events.js";
import type { ExecutionEvent } from "./events.js";
import { jupyterEnvironment, venvPython } from "./jupyter.js";
import type { Notebook } from "./notebooks.js";

/** How one notebook is executed. */
export interface ExecuteOptions {
  /** The executed copy. */
  readonly target: string;
  /** Variables for the kernel. */
  readonly env: Readonly<Record<string, string>>;
  /** Seconds for the whole notebook. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ExecutionEvent) => void;
}

/** Where a notebook stopped. */
export interface Stop {
  readonly cell: number | null;
  readonly name: string;
  readonly message: string;
  readonly source: string;
  readonly traceback: readonly string[];
}

/** How an execution ended. */
export interface Execution {
  readonly status: "ok" | "failed" | "timeout" | "stopped";
  readonly stop?: Stop;
}

/** Seconds that the executor has to end its kernel and save, before both are killed. */
const GRACE = 15;

/** Milliseconds in which the last lines of an executor that ended arrive. */
const DRAIN = 1000;

/**
 * Executes a notebook with the kernel `tslab` in its own folder and saves the executed copy, also where a cell fails.
 * The kernel ends with the execution, with the signal, at the timeout and with this process.
 */
export async function execute(notebook: Notebook, options: ExecuteOptions): Promise<Execution> {
  const { target, env, timeout, signal, onEvent } = options;
  const limit = timeout === undefined ? [] : ["--timeout", String(timeout)];
  const script = join(root, "scripts", "execute_notebook.py");
  // A group of its own: Ctrl+C in the terminal reaches us alone, and we end the executor by closing its stdin.
  const child = spawn(venvPython(), [script, notebook.path, target, ...limit], {
    env: { ...jupyterEnvironment(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  const watched = watch(child, onEvent);
  const stop = (): void => void child.stdin.end();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  const killer = killLate(child, watched, timeout, signal);
  const code = await watched.ended;
  killer.cancel();
  signal?.removeEventListener("abort", stop);
  return outcome(watched.last(), code, watched.printed(), killer.hit());
}

/** The events that decide how an execution ended. */
type Ending = Extract<ExecutionEvent, { event: "failed" | "timeout" | "stopped" | "crashed" | "finished" }>;

interface Watched {
  readonly ended: Promise<number>;
  readonly last: () => Ending | undefined;
  readonly printed: () => string;
  readonly kernel: () => number | null;
}

function watch(child: ChildProcess, onEvent?: (event: ExecutionEvent) => void): Watched {
  let last: Ending | undefined;
  let kernel: number | null = null;
  let printed = "";
  const read = eventReader((event) => {
    if (event.event === "kernel") kernel = event.pid;
    if (isEnding(event) && (last === undefined || event.event === "crashed")) last = event;
    onEvent?.(event);
  });
  child.stdout?.setEncoding("utf8").on("data", read);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (printed = (printed + text).slice(-4000)));
  child.stdin?.on("error", () => undefined); // it may be gone already
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    // Not "close": a kernel that outlives the executor would hold the pipes open.
    child.on("exit", (code) => setTimeout(resolve, DRAIN, code ?? 1));
    child.on("close", (code) => resolve(code ?? 1));
  });
  return { ended, last: () => last, printed: () => printed, kernel: () => kernel };
}

function isEnding(event: ExecutionEvent): event is Ending {
  return ["failed", "timeout", "stopped", "crashed", "finished"].includes(event.event);
}

/** Kills an executor that does not end in time by itself, and its kernel. */
function killLate(child: ChildProcess, watched: Watched, timeout: number | undefined, signal?: AbortSignal) {
  let hit = false;
  const kill = (): void => {
    hit = true;
    child.kill("SIGKILL");
    const kernel = watched.kernel();
    try {
      if (kernel !== null) process.kill(kernel, "SIGKILL");
    } catch {
      // it ended by itself
    }
  };
  const timers: NodeJS.Timeout[] = [];
  const later = (seconds: number): void => void timers.push(setTimeout(kill, 1000 * seconds));
  if (timeout !== undefined) later(timeout + GRACE);
  const onAbort = (): void => later(GRACE);
  signal?.addEventListener("abort", onAbort);
  const cancel = (): void => {
    timers.forEach(clearTimeout);
    signal?.removeEventListener("abort", onAbort);
  };
  return { cancel, hit: () => hit };
}

function outcome(last: Ending | undefined, code: number, printed: string, killed: boolean): Execution {
  const none = { source: "", traceback: [], cell: null };
  if (last?.event === "finished" && last.ok) return { status: "ok" };
  if (last?.event === "failed") return { status: "failed", stop: last };
  if (last?.event === "crashed") return { status: "failed", stop: { ...none, ...last } };
  if (last?.event === "timeout" || last?.event === "stopped") {
    const message = last.event === "timeout" ? "the notebook's time was up" : "stopped";
    const name = last.event === "timeout" ? "Timeout" : "Stopped";
    return { status: last.event, stop: { ...none, ...last, name, message } };
  }
  if (killed)
    return { status: "timeout", stop: { ...none, name: "Timeout", message: "did not end in time" } };
  const message = `the executor ended with exit code ${code}: ${printed.trim()}`;
  return { status: "failed", stop: { ...none, name: "ExecutorError", message } };
}
