import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { checkInteger, checkKeys } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { canonicalJson } from "../store/canonical-json.js";
import { readError } from "../store/errors.js";
import { FileError, writeAtomic } from "../store/index.js";
import { decodeState, encodeState, type Kept } from "./checkpoint-format.js";
import type { Plan } from "./fit-options.js";
import type { FitState } from "./state.js";

/** Where and how often a run is saved. */
export interface CheckpointOptions {
  /** A folder for this run alone; made where it is missing. */
  readonly folder: string;
  /** Steps between checkpoints; there is one at the end in any case. */
  readonly every: number;
  /** How many are kept, the newest first; default 2. */
  readonly keep?: number;
  /** Whatever else the run depends on, such as its data and the version of its code: another tag is another run. */
  readonly tag?: unknown;
}

/** The checkpoints of one run. */
export interface Shelf {
  /** Damaged checkpoints that were passed over. */
  readonly warnings: readonly string[];
  /** The newest whole checkpoint. @throws ArgumentError where it belongs to another run */
  newest(): Promise<Pick<Kept, "state" | "seconds"> | undefined>;
  /** Save a state and the run's seconds, then remove what is too old. @throws FileError where the folder cannot be written */
  put(state: FitState, seconds: number): Promise<void>;
}

/** Steps at which learning rates are compared: a schedule has no other name. */
const SAMPLES = [0, 1, 10, 100, 1000, 10_000, 100_000];
const NAME = /^step-(\d{9})\.json$/;

/** The checkpoints in a folder. @throws ArgumentError */
export function openShelf(options: CheckpointOptions, plan: Plan): Shelf {
  checkKeys("checkpoint", options, ["folder", "every", "keep", "tag"]);
  const { folder, every, keep = 2 } = options;
  if (typeof folder !== "string" || folder === "") {
    throw new ArgumentError("checkpoint.folder", folder, "the path of a folder");
  }
  checkInteger("checkpoint.every", every, { min: 1 });
  checkInteger("checkpoint.keep", keep, { min: 1 });
  const run = fingerprint(plan);
  const warnings: string[] = [];
  return {
    warnings,
    async newest() {
      for (const name of (await names(folder)).reverse()) {
        const kept = await read(folder, name, run).catch((error: unknown) => {
          if (!(error instanceof FileError)) throw error;
          warnings.push(error.message);
          return undefined;
        });
        if (kept !== undefined) return kept;
      }
      return undefined;
    },
    async put(state, seconds) {
      const name = `step-${String(state.step).padStart(9, "0")}`;
      const { arrays, json } = encodeState({ state, run, seconds }, `${name}.safetensors`);
      await writeAtomic(join(folder, `${name}.safetensors`), arrays);
      // The arrays count from the moment when the text that names their checksum is there.
      await writeAtomic(join(folder, `${name}.json`), json);
      await removeAllBut(folder, new Set((await names(folder)).slice(-keep)));
    },
  };
}

async function read(folder: string, name: string, run: Record<string, string>): Promise<Kept> {
  const path = join(folder, `${name}.json`);
  const checkpoint = await decodeState(path, folder);
  const names = new Set([...Object.keys(run), ...Object.keys(checkpoint.run)]);
  const other = [...names].find((part) => run[part] !== checkpoint.run[part]);
  if (other === undefined) return checkpoint;
  throw new ArgumentError(
    "checkpoint.folder",
    folder,
    `the folder of this run; it holds one with another ${other}: ${checkpoint.run[other] ?? "none"}, not ${run[other] ?? "none"}`,
  );
}

/** Names without endings, oldest first. */
async function names(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw readError(folder, cause);
  });
  return files
    .filter((file) => NAME.test(file))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

async function removeAllBut(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const file of await readdir(folder)) {
    const [, name] = /^(step-\d{9})\.(?:json|safetensors)$/.exec(file) ?? [];
    if (name !== undefined && !kept.has(name)) await rm(join(folder, file), { force: true });
  }
}

/** What a run's bits depend on, part by part, except for the program itself. */
function fingerprint(plan: Plan): Record<string, string> {
  const { params, key, optimiser, clipNorm, average, evaluate, earlyStop, checkpoint } = plan;
  const parts = {
    start: params,
    key,
    optimiser: { name: optimiser.name, ...optimiser.settings },
    learningRate: SAMPLES.map((step) => optimiser.rate(step)),
    clipNorm,
    average: average?.settings,
    earlyStop: earlyStop && { ...earlyStop, evaluateEvery: evaluate?.every },
    tag: checkpoint?.tag,
  };
  const entries = Object.entries(parts).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [name, canonicalJson(part, name)]));
}
