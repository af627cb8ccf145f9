import type { Program } from "../../engine/program.js";
import type { Key } from "../../random/index.js";

/** Element types of a shard's arrays. */
export type BufferType = "float32" | "int32";

/** An array that calls read and write. */
export interface BufferSpec {
  readonly type?: BufferType;
  readonly length: number;
  /**
   * Where it is: "shared" with the main thread (default), or in the "worker" alone, for what stays there between calls,
   * such as noise and trajectories.
   */
  readonly where?: "shared" | "worker";
}

/** Random entries, drawn in the worker before a call from a child of the call's key. */
export interface NoiseDraw {
  readonly kind: "normal" | "uniform";
  readonly buffer: string;
  /** Which child: `foldIn(key, salt)`. */
  readonly salt: number;
  /** The whole batch has the shape [outer, total, inner]; this shard holds rows `first` to `first + rows - 1` of its middle axis. */
  readonly outer: number;
  readonly total: number;
  readonly first: number;
  readonly rows: number;
  readonly inner: number;
}

/** Rows of data, drawn with replacement. Draws of the same salt take the same rows. */
export interface RowsDraw {
  readonly kind: "rows";
  readonly buffer: string;
  readonly salt: number;
  /** Name of a common buffer of rows of `inner` entries each. */
  readonly data: string;
  readonly first: number;
  readonly rows: number;
  readonly inner: number;
}

export type Draw = NoiseDraw | RowsDraw;

/** A program on a shard: buffers for its inputs and outputs, in order, and what is drawn before. */
export interface CallSpec {
  readonly program: Program;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly draws?: readonly Draw[];
}

/** What one shard computes. */
export interface ShardSpec {
  readonly buffers: Readonly<Record<string, BufferSpec>>;
  readonly calls: Readonly<Record<string, CallSpec>>;
}

/** An array as it travels to a worker: a window on shared memory, or a length. */
export interface WiredBuffer {
  readonly type: BufferType;
  readonly length: number;
  readonly memory: SharedArrayBuffer | undefined;
}

/** Makes a shard in a worker. */
export interface PrepareMessage {
  readonly id: string;
  readonly buffers: Readonly<Record<string, WiredBuffer>>;
  readonly calls: Readonly<Record<string, CallSpec>>;
  readonly providers: readonly string[];
}

/** Runs one of its calls. */
export interface PerformMessage {
  readonly id: string;
  readonly call: string;
  readonly key: Key | undefined;
}
