import type { Executor, Tslab } from "./tslab-surface.js";

/** Completions at a position. Jupyter counts characters, TypeScript UTF-16 units. */
export function complete(executor: Executor, code: string, cursor: number): object {
  const { start, end, candidates } = executor.complete(code, toUnits(code, cursor));
  return {
    status: "ok",
    matches: candidates,
    cursor_start: toCharacters(code, start),
    cursor_end: toCharacters(code, end),
    metadata: {},
  };
}

/** The type and the documentation of what stands at a position. */
export function inspectCode(tslab: Tslab, executor: Executor, code: string, cursor: number): object {
  const info = executor.inspect(code, toUnits(code, cursor)) as
    Parameters<Tslab["printQuickInfo"]>[0] | undefined;
  const data = info ? { "text/plain": tslab.printQuickInfo(info) } : {};
  return { status: "ok", found: info !== undefined, data, metadata: {} };
}

/** Whether a console should run the code or ask for another line. */
export function isComplete(tslab: Tslab, code: string): object {
  const { completed, indent } = tslab.isCompleteCode(code);
  return completed ? { status: "complete" } : { status: "incomplete", indent: indent ?? "" };
}

function toUnits(code: string, characters: number): number {
  return [...code].slice(0, characters).join("").length;
}

function toCharacters(code: string, units: number): number {
  return [...code.slice(0, units)].length;
}
