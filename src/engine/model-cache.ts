import { readFile, readdir, rm, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { threadId } from "node:worker_threads";
import { OnnxSession } from "../onnx/session.js";
import { onnxRuntimeVersion } from "../onnx/runtime.js";
import { CorruptFileError, readChecked, sha256, writeChecked } from "../store/index.js";
import { makeFolder } from "../store/make-folder.js";
import type { Program } from "./program.js";

/** Programs that stay on disk; the oldest make room. */
const CAPACITY = 256;

/** The folder of optimised models: `cache/programs` in SCOREBOOK_OUT, else in `out/` of the checkout. */
export function modelFolder(): string {
  const out = process.env.SCOREBOOK_OUT || fileURLToPath(new URL("../../out", import.meta.url));
  return join(out, "cache", "programs");
}

/** The file of a program: optimised models hold for one version of ONNX Runtime and one kind of processor. */
export function modelPath(folder: string, program: Program): string {
  const machine = [process.platform, process.arch, cpus()[0]?.model ?? ""].join(" ");
  return join(folder, `${sha256(`${program.hash} ${onnxRuntimeVersion()} ${machine}`)}.onnx`);
}

/**
 * A session for a program on the CPU. ONNX Runtime's optimised form of it is kept on disk with a checksum: loading that
 * takes a fifth of the time. A damaged file is named in a warning and made again; a folder that cannot be written only
 * costs the time.
 */
export async function cachedSession(program: Program, folder: string = modelFolder()): Promise<OnnxSession> {
  const path = modelPath(folder, program);
  const stored = await readStored(path);
  return stored === undefined
    ? createAndStore(program, path)
    : OnnxSession.create(stored, { optimise: false });
}

async function readStored(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readChecked(path);
  } catch (error) {
    if (error instanceof CorruptFileError) process.emitWarning(`${error.message}; it is made again`);
    return undefined;
  }
}

async function createAndStore(program: Program, path: string): Promise<OnnxSession> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${threadId}.model`);
  try {
    makeFolder(dirname(path));
    const session = await OnnxSession.create(program.model, { optimisedModelPath: temporary });
    await store(temporary, path).catch(() => undefined);
    return session;
  } catch {
    // The folder cannot be written, or the model is invalid: creating it plainly tells which.
    return OnnxSession.create(program.model);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function store(temporary: string, path: string): Promise<void> {
  await writeChecked(path, await readFile(temporary));
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".onnx"));
  if (names.length <= CAPACITY) return;
  const dated = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })),
  );
  dated.sort((a, b) => a.time - b.time);
  for (const { name } of dated.slice(0, names.length - CAPACITY))
    await rm(join(folder, name), { force: true });
}
