// Runs in a pool thread.
import { LoadedProgram, type ProgramArrays } from "./loaded-program.js";
import type { Program } from "./program.js";

/** One run of a program. The model's bytes are shared memory. */
export interface RunTask {
  readonly program: Program;
  readonly inputs: ProgramArrays;
  readonly providers: readonly string[];
  /** Keep the optimised program on disk. */
  readonly cache: boolean;
}

/** Programs that stay loaded in a thread; the one not used for longest makes room. */
const CAPACITY = 64;
const loaded = new Map<string, Promise<LoadedProgram>>();

/** Outputs of a program, loaded when first used. */
export async function run({ program, inputs, providers, cache }: RunTask): Promise<ProgramArrays> {
  const key = `${providers.join()} ${program.hash}`;
  const ready =
    loaded.get(key) ?? LoadedProgram.load(program, { providers, cache: cache && key.startsWith("cpu ") });
  loaded.delete(key);
  loaded.set(key, ready);
  if (loaded.size > CAPACITY) await unloadOldest();
  try {
    return await (await ready).run(inputs);
  } catch (error) {
    loaded.delete(key);
    throw error;
  }
}

async function unloadOldest(): Promise<void> {
  const [key, oldest] = loaded.entries().next().value!;
  loaded.delete(key);
  await (await oldest).dispose();
}
