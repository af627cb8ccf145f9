import { ArgumentError, unknownName } from "../../core/errors.js";
import { checkInteger } from "../../core/checks.js";
import { share } from "../../engine/run.js";
import { pool as defaultPool, type WorkerPool } from "../../onnx/pool.js";
import type { Key } from "../../random/index.js";
import type { BufferSpec, CallSpec, PerformMessage, PrepareMessage, ShardSpec, WiredBuffer } from "./spec.js";

/** What a team of shards needs. */
export interface TeamOptions {
  /** One entry a shard; they may differ, for batches that do not divide evenly. */
  readonly shards: readonly ShardSpec[];
  /** Arrays that all shards see, such as parameters and data: shared with the main thread. */
  readonly common?: Readonly<Record<string, BufferSpec>>;
  /** Default the process-wide pool. */
  readonly pool?: WorkerPool;
  /** Execution providers of the sessions; default the CPU. */
  readonly providers?: readonly string[];
}

/** Shards of a computation, each with its arrays and one-thread sessions in a pool thread of its own. */
export interface Team {
  readonly size: number;
  /**
   * Run a call on all shards at once, one call at a time; resolves when all are done.
   *
   * After an error, which is the one of the first shard in order that failed, no shard is running, and the next call
   * starts with fresh sessions (arrays that are in the "worker" start at zero again).
   * @param key for the call's draws
   */
  run(call: string, key?: Key): Promise<void>;
  /** An array of a shard that is shared with this thread. @throws ArgumentError for a name that is not */
  view(shard: number, buffer: string): Float32Array | Int32Array;
  /** A common array. @throws ArgumentError for an unknown name */
  common(buffer: string): Float32Array | Int32Array;
  /** Free the sessions; the threads go back to the pool. */
  close(): Promise<void>;
}

const MODULE = new URL("./worker.js", import.meta.url).href;
let teams = 0;

/**
 * Data-parallel computation: shard s is bound to thread s modulo the pool's size.
 *
 * Results depend on how the work is split into shards, never on the number of threads or on which is faster.
 * @throws ArgumentError for calls that name buffers that do not exist or have another length
 */
export function team(options: TeamOptions): Team {
  const { shards, common = {}, pool = defaultPool(), providers = ["cpu"] } = options;
  if (shards.length === 0) throw new ArgumentError("shards", shards, "at least one shard");
  shards.forEach((shard, s) => checkShard(`shards[${s}]`, shard, common));
  return new Shards(shards, common, pool, providers);
}

class Shards implements Team {
  readonly size: number;
  private readonly specs: readonly ShardSpec[];
  private readonly pool: WorkerPool;
  private readonly providers: readonly string[];
  private readonly shared: Readonly<Record<string, WiredBuffer>>;
  private readonly own: readonly Readonly<Record<string, WiredBuffer>>[];
  private readonly calls: readonly Readonly<Record<string, CallSpec>>[];
  private readonly id = `team ${++teams}`;
  private generation = 0;
  private ready: Promise<void> | undefined;
  private closed = false;
  private busy = false;

  constructor(
    specs: readonly ShardSpec[],
    common: Readonly<Record<string, BufferSpec>>,
    pool: WorkerPool,
    providers: readonly string[],
  ) {
    this.size = specs.length;
    this.specs = specs;
    this.pool = pool;
    this.providers = providers;
    this.shared = wireAll(common);
    this.own = specs.map(({ buffers }) => wireAll(buffers));
    this.calls = specs.map(({ calls }) => shareAll(calls));
  }

  async run(call: string, key?: Key): Promise<void> {
    if (this.closed) throw new Error(`${this.id} was closed`);
    if (this.busy) throw new Error(`${this.id} is at work: await one call before the next`);
    for (const { calls } of this.specs)
      if (!(call in calls)) throw unknownName("call", call, Object.keys(calls));
    this.ready ??= this.prepare();
    this.busy = true;
    try {
      await this.ready;
      await this.all((_, id) => this.task("perform", { id, call, key } satisfies PerformMessage));
    } catch (error) {
      await this.disband();
      throw error;
    } finally {
      this.busy = false;
    }
  }

  view(shard: number, buffer: string): Float32Array | Int32Array {
    checkInteger("shard", shard, { min: 0, max: this.size - 1 });
    return visible("buffer", buffer, this.own[shard]);
  }

  common(buffer: string): Float32Array | Int32Array {
    return visible("buffer", buffer, this.shared);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.disband();
  }

  private prepare(): Promise<void> {
    this.generation++;
    return this.all((s, id) => {
      const buffers = { ...this.shared, ...this.own[s] };
      const calls = this.calls[s];
      return this.task("prepare", { id, buffers, calls, providers: this.providers } satisfies PrepareMessage);
    });
  }

  /** Forget the sessions; those of a thread that died are gone already. */
  private async disband(): Promise<void> {
    if (this.ready === undefined) return;
    this.ready = undefined;
    await this.all((_, id) => this.task("dispose", { id })).catch(() => undefined);
  }

  /** One task a shard; settles when all have. @throws the error of the first shard in order that failed */
  private async all(start: (shard: number, id: string) => (worker: number) => Promise<void>): Promise<void> {
    const tasks = this.specs.map((_, s) =>
      start(s, `${this.id}.${this.generation}.${s}`)(s % this.pool.size),
    );
    const results = await Promise.allSettled(tasks);
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  private task(name: string, args: unknown): (worker: number) => Promise<void> {
    return (worker) => this.pool.run<void>({ module: MODULE, name, args, worker });
  }
}

/** Models in shared memory cost nothing to send. */
function shareAll(calls: ShardSpec["calls"]): Record<string, CallSpec> {
  const entries = Object.entries(calls).map(([name, call]) => {
    return [name, { ...call, program: share(call.program) }] as const;
  });
  return Object.fromEntries(entries);
}

function wireAll(buffers: Readonly<Record<string, BufferSpec>>): Record<string, WiredBuffer> {
  const entries = Object.entries(buffers).map(([name, { type = "float32", length, where = "shared" }]) => {
    const memory = where === "shared" ? new SharedArrayBuffer(4 * length) : undefined;
    return [name, { type, length, memory }] as const;
  });
  return Object.fromEntries(entries);
}

function visible(
  argument: string,
  name: string,
  buffers: Readonly<Record<string, WiredBuffer>>,
): Float32Array | Int32Array {
  const names = Object.keys(buffers).filter((known) => buffers[known].memory !== undefined);
  if (!names.includes(name)) throw unknownName(argument, name, names);
  const { type, memory } = buffers[name] as WiredBuffer & { memory: SharedArrayBuffer };
  return type === "int32" ? new Int32Array(memory) : new Float32Array(memory);
}

function checkShard(
  argument: string,
  { buffers, calls }: ShardSpec,
  common: Readonly<Record<string, BufferSpec>>,
): void {
  const all = { ...common, ...buffers };
  for (const [name, { length }] of Object.entries(all)) checkInteger(`${name}.length`, length, { min: 0 });
  for (const [name, call] of Object.entries(calls)) checkCall(`${argument}.calls.${name}`, call, all);
}

function checkCall(argument: string, call: CallSpec, buffers: Readonly<Record<string, BufferSpec>>): void {
  const twice = call.outputs.find((name, i) => call.inputs.includes(name) || call.outputs.indexOf(name) < i);
  if (twice !== undefined) {
    throw new ArgumentError(`${argument}.outputs`, twice, "buffers that are written once and not read");
  }
  for (const side of ["inputs", "outputs"] as const) {
    const specs = call.program[side];
    if (call[side].length !== specs.length) {
      throw new ArgumentError(`${argument}.${side}`, call[side], `${specs.length} names of buffers`);
    }
    call[side].forEach((name, i) => {
      if (!(name in buffers)) throw unknownName(`${argument}.${side}[${i}]`, name, Object.keys(buffers));
      const wanted = specs[i].shape.reduce((size, extent) => size * extent, 1);
      const { type = "float32", length } = buffers[name];
      if (length !== wanted || type !== specs[i].type) {
        const expected = `${wanted} entries of type ${specs[i].type}`;
        throw new ArgumentError(
          `${argument}.${side}[${i}]`,
          `"${name}": ${length} of type ${type}`,
          expected,
        );
      }
    });
  }
}
