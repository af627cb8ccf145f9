import { pool, type WorkerPool } from "../onnx/pool.js";
import type { ProgramArrays } from "./loaded-program.js";
import type { Program } from "./program.js";
import type { RunTask } from "./run-task.js";

const TASK = new URL("./run-task.js", import.meta.url).href;

/** Where a program runs. */
export interface RunOptions {
  readonly pool?: WorkerPool;
  /** Execution providers in order of preference (default CPU only). */
  readonly providers?: readonly string[];
  /** Keep the optimised program on disk (default true). */
  readonly cache?: boolean;
}

const shareable = new WeakMap<Program, Program>();

/** Run a program in a thread of the pool; the main thread stays free. */
export function runProgram(
  program: Program,
  inputs: ProgramArrays,
  options: RunOptions = {},
): Promise<ProgramArrays> {
  const { pool: on = pool(), providers = ["cpu"], cache = true } = options;
  const args: RunTask = { program: share(program), inputs, providers, cache };
  // A graphics card is one: its sessions stay in one thread.
  const worker = providers[0] === "cpu" ? {} : { worker: 0 };
  return on.run<ProgramArrays>({ module: TASK, name: "run", args, ...worker });
}

/** The same program with its model in shared memory, which costs nothing to send. */
export function share(program: Program): Program {
  let shared = shareable.get(program);
  if (shared === undefined) {
    const model = new Uint8Array(new SharedArrayBuffer(program.model.byteLength));
    model.set(program.model);
    shared = { ...program, model };
    shareable.set(program, shared);
  }
  return shared;
}
