import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { writeError } from "./errors.js";
import { makeFolder } from "./make-folder.js";
import { removeStale } from "./stale.js";

/** What a file takes. */
export type FileData = string | Uint8Array;

let count = 0;

/**
 * Write a file whole or not at all: to a temporary file beside it, flushed to the disk, then renamed over it.
 *
 * Readers see the old or the new contents, never a part, also when the process is killed. Missing folders are made; what
 * processes that were killed left behind is removed.
 *
 * @throws FileError, which names the path and says what to do; the old file is then untouched
 */
export async function writeAtomic(path: string, data: FileData): Promise<void> {
  const temporary = temporaryName(path);
  try {
    makeFolder(dirname(path));
    await writeAndFlush(temporary, data);
    await rename(temporary, path);
    await removeStale(path).catch(() => undefined);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, cause);
  }
}

/** `writeAtomic` for places that cannot wait, such as the end of a notebook's cell. @throws FileError */
export function writeAtomicSync(path: string, data: FileData): void {
  const temporary = temporaryName(path);
  try {
    makeFolder(dirname(path));
    writeAndFlushSync(temporary, data);
    renameSync(temporary, path);
  } catch (cause) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // the folder itself may be missing or closed to us: the first error says so
    }
    throw writeError(path, cause);
  }
}

/** In the same folder, so that renaming stays within a file system; the process's number tells stale files. */
function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${threadId}.${++count}.tmp`);
}

async function writeAndFlush(path: string, data: FileData): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

function writeAndFlushSync(path: string, data: FileData): void {
  const file = openSync(path, "w");
  try {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    for (let done = 0; done < bytes.byteLength;) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
