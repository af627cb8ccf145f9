import { join } from "node:path";
import { ArgumentError } from "../core/errors.js";
import { writeAtomicSync } from "../store/index.js";
import { kernel } from "./display.js";
import { checkName, environment } from "./environment.js";
import type { Profile } from "./environment.js";

/** A value that a notebook can take as a parameter. */
export type ParameterValue = number | string | boolean | readonly number[] | readonly string[];
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** A check as the run's document keeps it; a bound or number that does not exist is null. */
export interface CheckRecord {
  readonly id: string;
  readonly statement: string;
  /** Null where the value is not finite. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly talk: number | null;
  readonly floor: number | null;
  readonly source: string;
  readonly pass: boolean;
}

/** Who made an entry, so that a cell that runs again replaces what it made before. */
interface Made<T> {
  readonly entry: T;
  readonly cell: number | undefined;
}

/** What a notebook has said so far. */
export interface Session {
  readonly notebook: string;
  readonly profile: Profile;
  params: Parameters;
  readonly checks: Map<string, Made<CheckRecord>>;
  /** By id: the file's path and the specification's text. */
  readonly figures: Map<string, Made<{ readonly path: string; readonly spec: string }>>;
  readonly rejections: unknown[];
}

let current: Session | undefined;

/** Opens a new session; the runner's name for the notebook wins over the notebook's own. */
export function openSession(name?: string): Session {
  const env = environment();
  const notebook = env.notebook ?? name ?? env.opened ?? "scratch";
  current = {
    notebook: checkName(name === undefined ? "SCOREBOOK_NOTEBOOK" : "name", notebook),
    profile: env.profile,
    params: {},
    checks: new Map(),
    figures: new Map(),
    rejections: [],
  };
  return current;
}

/** The running session, opened on first use. */
export function session(): Session {
  return current ?? openSession();
}

/**
 * Adds an entry under its id. In a runner an id is used once; a person's cell that runs again replaces its entry.
 * @throws ArgumentError for an id that another entry has
 */
export function record<T>(entries: Map<string, Made<T>>, id: string, entry: T, same: boolean): void {
  const { cell } = kernel() ?? {};
  const before = entries.get(id);
  const rerun = environment().notebook === undefined && (cell === undefined || before?.cell !== cell);
  if (before && !same && !rerun) throw new ArgumentError("id", id, "an id that this notebook has not used");
  entries.set(id, { entry, cell });
}

/** Writes `<out>/runs/<notebook>.json`, whole. @throws FileError where the folder cannot be written */
export function saveRun(run: Session): void {
  const { out } = environment();
  const document = {
    notebook: run.notebook,
    profile: run.profile,
    params: run.params,
    checks: [...run.checks.values()].map(({ entry }) => entry),
    figures: [...run.figures.values()].map(({ entry }) => entry.path),
  };
  writeAtomicSync(join(out, "runs", `${run.notebook}.json`), `${JSON.stringify(document, null, 2)}\n`);
}
