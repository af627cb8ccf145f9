/**
 * What the kernel's two threads say to each other. The server's thread owns the sockets and is never busy; the main
 * thread runs cells, and may be.
 */

/** From the server to the main thread. */
export type Order =
  | {
      readonly type: "execute";
      readonly run: number;
      readonly code: string;
      readonly count: number;
      readonly silent: boolean;
    }
  | {
      readonly type: "complete" | "inspect" | "isComplete";
      readonly call: number;
      readonly code: string;
      readonly cursor: number;
    }
  | { readonly type: "interrupt"; readonly run: number }
  | { readonly type: "shutdown" };

/** What went wrong in a cell, as Jupyter's `error` message says it. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** From the main thread to the server. */
export type Report =
  | {
      readonly type: "stream";
      readonly run: number;
      readonly name: "stdout" | "stderr";
      readonly text: string;
    }
  /** A message for the iopub socket; its content is JSON text. */
  | { readonly type: "publish"; readonly run: number; readonly message: string; readonly content: string }
  | { readonly type: "answer"; readonly call: number; readonly content: object }
  | { readonly type: "done"; readonly run: number; readonly error?: ErrorContent };

/** What the server's thread is given when it starts. */
export interface ServerData {
  readonly configPath: string;
  readonly state: SharedArrayBuffer;
}

/** Phases of the main thread, kept in shared memory where the server sees them while a cell runs. */
export const Phase = {
  idle: 0,
  /** TypeScript loads, compiles a cell or answers a completion: not to be ended in the middle. */
  compiling: 1,
  /** The cell's code up to its first await, where Node's own SIGINT handling ends it. */
  starting: 2,
  /** The cell after its first await. */
  awaiting: 3,
} as const;

/** Places in the shared memory. */
export const Slot = {
  phase: 0,
  /** Number of the run that is going on. */
  run: 1,
  /** The run whose interrupt the main thread has heard. */
  heard: 2,
  /** The run that is to be interrupted. */
  wanted: 3,
} as const;

export const SLOTS = 4;
