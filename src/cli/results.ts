import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../notebook/environment.js";
import type { NotebookResult, RunDocument } from "./document.js";

/** The committed results of the full profile. */
export const resultsFile: string = join(root, "figures", "results.json");

/** A document with the notebooks of a new run put in the place of the old ones of the same name, in reading order. */
export function mergeResults(old: RunDocument | undefined, now: RunDocument): RunDocument {
  const merged = new Map<string, NotebookResult>();
  for (const { notebooks } of [old, now].filter((one) => one !== undefined))
    for (const result of notebooks) merged.set(result.notebook, result);
  const inOrder = [...merged.values()].sort((a, b) => (a.notebook < b.notebook ? -1 : 1));
  return { ...now, notebooks: inOrder };
}

/** The committed document, where there is one. */
export function readResults(file: string = resultsFile): RunDocument | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as RunDocument) : undefined;
}
