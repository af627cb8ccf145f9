import { rmSync, writeFileSync } from "node:fs";
import { makeFolder } from "../store/index.js";
import { join, resolve } from "node:path";
import { ArgumentError } from "../core/errors.js";

/** Makes a folder and tries to write in it. @throws ArgumentError that names the argument where that cannot be done */
export function writableFolder(argument: string, path: string): string {
  const folder = resolve(path);
  try {
    makeFolder(folder);
    const trial = join(folder, `.trial-${process.pid}`);
    writeFileSync(trial, "");
    rmSync(trial);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ArgumentError(argument, path, `a folder that can be written (${code})`);
  }
  return folder;
}
