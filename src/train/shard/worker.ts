// Functions that run in a pool thread: a shard's sessions and arrays live there between steps.
import { LoadedProgram } from "../../engine/loaded-program.js";
import { draw } from "./draws.js";
import type { BufferType, CallSpec, Draw, PerformMessage, PrepareMessage, WiredBuffer } from "./spec.js";

type Data = Float32Array | Int32Array;

/** An array of the shard: `data` is its memory; `own` what a session sees, the same unless the memory is shared. */
interface Held {
  readonly data: Data;
  readonly own: Data;
}

interface Call {
  readonly program: LoadedProgram;
  readonly draws: readonly Draw[];
  readonly inputs: readonly Data[];
  readonly outputs: readonly Data[];
  /** Shared arrays to copy before and after. */
  readonly reads: readonly Held[];
  readonly writes: readonly Held[];
}

interface Shard {
  readonly calls: Readonly<Record<string, Call>>;
  readonly buffers: Readonly<Record<string, Held>>;
}

const shards = new Map<string, Shard>();

/** Load a shard's programs and lay out its arrays. */
export async function prepare({ id, buffers, calls, providers }: PrepareMessage): Promise<void> {
  const held = Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [name, hold(buffer)]));
  const entries: [string, Call][] = [];
  for (const [name, call] of Object.entries(calls)) {
    entries.push([name, wire(call, await LoadedProgram.load(call.program, { providers }), held)]);
  }
  shards.set(id, { calls: Object.fromEntries(entries), buffers: held });
}

/** Draw, run one of the programs, and put its results where the main thread sees them. */
export async function perform({ id, call: name, key }: PerformMessage): Promise<void> {
  const shard = shards.get(id);
  if (shard === undefined) throw new Error(`${id} is not in this thread: the thread has been replaced`);
  const call = shard.calls[name];
  if (key !== undefined) draw(call.draws, key, (buffer) => shard.buffers[buffer].data);
  for (const { data, own } of call.reads) own.set(data);
  await call.program.run(call.inputs, call.outputs);
  for (const { data, own } of call.writes) data.set(own);
}

/** Free a shard's sessions. */
export async function dispose({ id }: { readonly id: string }): Promise<void> {
  const shard = shards.get(id);
  shards.delete(id);
  for (const { program } of Object.values(shard?.calls ?? {})) await program.dispose();
}

function hold({ type, length, memory }: WiredBuffer): Held {
  const own = allocate(type, length);
  return { own, data: memory === undefined ? own : view(type, memory) };
}

function wire(spec: CallSpec, program: LoadedProgram, held: Shard["buffers"]): Call {
  const own = (names: readonly string[]): Data[] => names.map((name) => held[name].own);
  const shared = (names: readonly string[]): Held[] =>
    [...new Set(names)].map((name) => held[name]).filter(({ data, own }) => data !== own);
  return {
    program,
    draws: spec.draws ?? [],
    inputs: own(spec.inputs),
    outputs: own(spec.outputs),
    reads: shared(spec.inputs),
    writes: shared(spec.outputs),
  };
}

function allocate(type: BufferType, length: number): Data {
  return type === "int32" ? new Int32Array(length) : new Float32Array(length);
}

function view(type: BufferType, memory: SharedArrayBuffer): Data {
  return type === "int32" ? new Int32Array(memory) : new Float32Array(memory);
}
