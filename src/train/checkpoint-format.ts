import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readError } from "../store/errors.js";
import {
  CorruptFileError,
  decodeSafetensors,
  encodeSafetensors,
  sha256,
  type ShapedArray,
} from "../store/index.js";
import type { Evaluation } from "./history.js";
import type { FitState } from "./state.js";

/** The text beside the arrays of a checkpoint. */
interface Sheet {
  /** Of this text, with zeros in this place. */
  readonly sha256: string;
  readonly format: 1;
  readonly arrays: { readonly file: string; readonly sha256: string };
  readonly run: Readonly<Record<string, string>>;
  /** That the run has taken. */
  readonly seconds?: number;
  readonly state: {
    readonly step: number;
    readonly skipped: number;
    readonly ended: boolean;
    readonly updates: number;
    readonly recordEvery: number;
    readonly sum: Written;
    readonly count: number;
    readonly since: number;
    readonly best?: { readonly step: number; readonly value: Written };
    readonly counts?: Readonly<Record<string, number>>;
    readonly evaluations: readonly { step: number; metrics: Readonly<Record<string, Written>> }[];
  };
}

/** JSON knows no NaN, infinities and negative zero: they are written as texts. */
type Written = number | string;

const ZEROS = "0".repeat(64);
const OPTIMISER = "optimiser.";
const MEMORY = "memory.";

/** A state as it is kept: with the run it belongs to, and the seconds that this has taken. */
export interface Kept {
  readonly state: FitState;
  readonly run: Readonly<Record<string, string>>;
  readonly seconds: number;
}

/** The two files of a checkpoint. */
export function encodeState(
  { state, run, seconds }: Kept,
  file: string,
): { readonly arrays: Uint8Array; readonly json: string } {
  const arrays = encodeSafetensors(tensorsOf(state));
  const { step, skipped, ended, optimiser, recorder, watch } = state;
  const sheet: Sheet = {
    sha256: ZEROS,
    format: 1,
    arrays: { file, sha256: sha256(arrays) },
    run,
    seconds,
    state: {
      step,
      skipped,
      counts: state.counts,
      ended,
      updates: optimiser.count,
      recordEvery: recorder.every,
      sum: write(recorder.sum),
      count: recorder.count,
      since: watch.since,
      best: watch.best && { step: watch.best.step, value: write(watch.best.value) },
      evaluations: recorder.evaluations.map((entry) => ({
        step: entry.step,
        metrics: map(entry.metrics, write),
      })),
    },
  };
  const text = `${JSON.stringify(sheet, null, 2)}\n`;
  return { arrays, json: text.replace(ZEROS, sha256(text)) };
}

function tensorsOf({
  params,
  average,
  memory,
  optimiser,
  recorder,
  watch,
}: FitState): Record<string, ShapedArray> {
  const arrays = {
    params,
    average,
    best: watch.best?.params,
    ...Object.fromEntries(Object.entries(optimiser.arrays).map(([name, data]) => [OPTIMISER + name, data])),
    ...Object.fromEntries(memory.map((part, i) => [`${MEMORY}${i}`, part])),
    "history.steps": Float64Array.from(recorder.steps),
    "history.loss": Float64Array.from(recorder.loss),
  };
  const entries = Object.entries(arrays).filter(
    (entry): entry is [string, Float32Array] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries.map(([name, data]) => [name, { data, shape: [data.length] }]));
}

/**
 * What the two files of a checkpoint hold.
 * @throws CorruptFileError where any byte of them has changed; FileError where one cannot be read
 */
export async function decodeState(path: string, folder: string): Promise<Kept> {
  const sheet = parse(path, new TextDecoder().decode(await load(path)));
  const arraysPath = join(folder, sheet.arrays.file);
  const bytes = await load(arraysPath);
  if (sha256(bytes) !== sheet.arrays.sha256) {
    throw new CorruptFileError(arraysPath, "its checksum differs from the one that its checkpoint names");
  }
  const { tensors } = decodeSafetensors(bytes, arraysPath);
  return { run: sheet.run, seconds: sheet.seconds ?? 0, state: assemble(sheet.state, tensors) };
}

async function load(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  return new Uint8Array(bytes);
}

function parse(path: string, text: string): Sheet {
  const [, digest] = /^\{\n {2}"sha256": "([0-9a-f]{64})"/.exec(text) ?? [];
  if (digest === undefined || sha256(text.replace(digest, ZEROS)) !== digest) {
    throw new CorruptFileError(path, "its checksum differs from that of its contents");
  }
  return JSON.parse(text) as Sheet;
}

function assemble(sheet: Sheet["state"], tensors: Readonly<Record<string, ShapedArray>>): FitState {
  const array = (name: string): Float32Array => tensors[name].data as Float32Array;
  const startingWith = (start: string): string[] =>
    Object.keys(tensors).filter((name) => name.startsWith(start));
  const evaluations: Evaluation[] = sheet.evaluations.map(({ step, metrics }) => ({
    step,
    metrics: map(metrics, Number),
  }));
  return {
    step: sheet.step,
    params: array("params"),
    optimiser: {
      count: sheet.updates,
      arrays: Object.fromEntries(
        startingWith(OPTIMISER).map((name) => [name.slice(OPTIMISER.length), array(name)]),
      ),
    },
    average: "average" in tensors ? array("average") : undefined,
    memory: startingWith(MEMORY).map((_, i) => array(`${MEMORY}${i}`)),
    recorder: {
      every: sheet.recordEvery,
      steps: [...(tensors["history.steps"].data as Float64Array)],
      loss: [...(tensors["history.loss"].data as Float64Array)],
      evaluations,
      sum: Number(sheet.sum),
      count: sheet.count,
    },
    watch: {
      best: sheet.best && { step: sheet.best.step, value: Number(sheet.best.value), params: array("best") },
      since: sheet.since,
    },
    skipped: sheet.skipped,
    skippedInARow: 0,
    counts: { ...sheet.counts },
    ended: sheet.ended,
  };
}

function write(value: number): Written {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : Object.is(value, -0)
      ? "-0"
      : String(value);
}

function map<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
