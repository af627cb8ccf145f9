import { readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { root } from "../notebook/environment.js";
import type { Profile } from "../notebook/environment.js";
import type { CheckRecord, Parameters } from "../notebook/session.js";
import type { Execution } from "./execute.js";
import type { Machine } from "./machine.js";

/** Why a notebook failed. `cell` counts as the kernel does, from 1. */
export interface Failure {
  readonly cell: number | null;
  readonly name: string;
  readonly message: string;
}

/** One notebook of a run's document. */
export interface NotebookResult {
  readonly notebook: string;
  readonly status: "ok" | "failed" | "timeout";
  readonly seconds: number;
  readonly params: Parameters;
  readonly checks: readonly CheckRecord[];
  /** Relative to the checkout where they lie in it. */
  readonly figures: readonly string[];
  readonly error: Failure | null;
}

/** The document of `scorebook run --json`. */
export interface RunDocument {
  readonly scorebook: string;
  readonly profile: Profile;
  readonly machine: Machine;
  readonly notebooks: readonly NotebookResult[];
}

/** What a notebook wrote about itself, as far as it came. */
export interface RunRecord {
  readonly params: Parameters;
  readonly checks: readonly CheckRecord[];
  readonly figures: readonly string[];
}

/** The file in which a notebook says what it has done so far. */
export function recordPath(out: string, notebook: string): string {
  return join(out, "runs", `${notebook}.json`);
}

/** Reads it; an empty record where the notebook did not come that far. */
export function readRecord(out: string, notebook: string): RunRecord {
  try {
    const record = JSON.parse(readFileSync(recordPath(out, notebook), "utf8")) as RunRecord;
    return { ...record, figures: record.figures.map((path) => shownPath(resolve(out, path))) };
  } catch {
    return { params: {}, checks: [], figures: [] };
  }
}

/** A path as it is shown: relative to the checkout inside it, whole elsewhere. */
export function shownPath(path: string): string {
  const inside = relative(root, path);
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside.replaceAll("\\", "/");
}

/** Puts an execution and the notebook's own record together; a check that failed fails the notebook. */
export function notebookResult(
  notebook: string,
  execution: Execution,
  seconds: number,
  { params, checks, figures }: RunRecord,
): NotebookResult {
  const failed = checks.filter(({ pass }) => !pass);
  const { stop } = execution;
  let error: Failure | null = stop
    ? { cell: stop.cell, name: stop.name, message: plain(stop.message) }
    : null;
  if (error === null && failed.length > 0)
    error = { cell: null, name: "ChecksError", message: `failed: ${failed.map(({ id }) => id).join(", ")}` };
  const status = execution.status === "timeout" ? "timeout" : error === null ? "ok" : "failed";
  return { notebook, status, seconds: Math.round(10 * seconds) / 10, params, checks, figures, error };
}

/** A text without terminal colours. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}
