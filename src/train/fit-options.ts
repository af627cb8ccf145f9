import { checkFinite, checkInteger, checkKeys, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { cellSignal } from "../core/interrupt.js";
import { split, type Key } from "../random/index.js";
import { checkKey } from "../random/key.js";
import { adam } from "./adam.js";
import type { CheckpointOptions } from "./checkpoint.js";
import { checkEarlyStop, type EarlyStopOptions } from "./early-stop.js";
import type { Ema } from "./ema.js";
import { lossProgram, type LossOptions } from "./loss-program.js";
import type { Optimiser } from "./optimiser.js";
import type { FitProgress } from "./pace.js";
import type { FitState } from "./state.js";
import type { StepProgram } from "./step.js";

/** The parameters at a moment of training; copies, free to keep. */
export interface Snapshot {
  /** Steps done. */
  readonly step: number;
  readonly params: Float32Array;
  /** The running average where there is one, else the parameters: what a model is judged by. */
  readonly average: Float32Array;
  /** For the evaluation's draws: the same at the same step of the same run. */
  readonly key: Key;
}

/** A look at the model from time to time. */
export interface EvaluateOptions {
  /** Steps between evaluations; there is one after the last step in any case. */
  readonly every: number;
  readonly run: (
    snapshot: Snapshot,
  ) => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
}

/** What a run minimises: a loss and its batches, or a program of one's own. */
export interface LossOrProgram extends Partial<LossOptions> {
  /** Loss and gradient of a step, in place of `loss` and `batch`; the caller closes it. */
  readonly program?: StepProgram;
}

/** A training run. */
export interface FitOptions extends LossOrProgram {
  /** Where to start; copied. */
  readonly params: Float32Array;
  readonly key: Key;
  readonly numSteps: number;
  /** Default `adam({ learningRate: 1e-3 })`. */
  readonly optimiser?: Optimiser;
  /** Longest gradient; default unlimited. */
  readonly clipNorm?: number;
  /** Keep a running average of the parameters. */
  readonly average?: Ema;
  readonly evaluate?: EvaluateOptions;
  readonly earlyStop?: EarlyStopOptions;
  readonly checkpoint?: CheckpointOptions;
  /** Skipped steps in a row after which the run counts as diverged; default 50. */
  readonly maxSkips?: number;
  /** Steps between entries of the loss history; default a thousandth of numSteps. */
  readonly recordEvery?: number;
  /** Go on from the state of an earlier result instead of `params`. */
  readonly from?: FitState;
  readonly onProgress?: (event: FitProgress) => void;
  /** Stops after the current step; the result says so and holds the state. An interrupt of the notebook's cell does the same. */
  readonly signal?: AbortSignal;
}

/** The options with defaults, checked. */
export interface Plan extends Omit<FitOptions, "earlyStop" | "signal"> {
  readonly program: StepProgram;
  /** Any of them ends the run. */
  readonly signals: readonly AbortSignal[];
  /** Whether the run made the program, and closes it. */
  readonly ownsProgram: boolean;
  readonly optimiser: Optimiser;
  readonly maxSkips: number;
  readonly recordEvery: number;
  readonly earlyStop: Required<EarlyStopOptions> | undefined;
  readonly evaluationKey: Key;
}

const LOSS = ["loss", "batch", "shards", "fallback", "pool"] as const;
const KNOWN: readonly (keyof FitOptions)[] = [
  ...LOSS,
  "program",
  "params",
  "key",
  "numSteps",
  "optimiser",
  "clipNorm",
  "average",
  "evaluate",
  "earlyStop",
  "checkpoint",
  "maxSkips",
  "recordEvery",
  "from",
  "onProgress",
  "signal",
];

/** Check the options of a run and fill in what is left out. @throws ArgumentError */
export function plan(options: FitOptions): Plan {
  checkKeys("options", options, KNOWN);
  const { params, key, numSteps, clipNorm, evaluate, maxSkips = 50, earlyStop } = options;
  const { recordEvery = Math.max(1, Math.floor(numSteps / 1000)) } = options;
  if (!(params instanceof Float32Array) || params.length === 0) {
    throw new ArgumentError("params", params, "a Float32Array of at least one parameter");
  }
  checkFinite("params", params);
  checkKey("key", key);
  checkInteger("numSteps", numSteps, { min: 1 });
  checkInteger("maxSkips", maxSkips, { min: 1 });
  checkInteger("recordEvery", recordEvery, { min: 1 });
  if (clipNorm !== undefined) checkPositive("clipNorm", clipNorm);
  if (evaluate !== undefined) checkInteger("evaluate.every", evaluate.every, { min: 1 });
  return {
    ...options,
    signals: [options.signal, cellSignal()].filter((signal) => signal !== undefined),
    program: programOf(options),
    ownsProgram: options.program === undefined,
    maxSkips,
    recordEvery,
    optimiser: options.optimiser ?? adam({ learningRate: 1e-3 }),
    earlyStop: earlyStop && withSource(checkEarlyStop(earlyStop), evaluate),
    evaluationKey: split(key, 1)[0],
  };
}

function programOf(options: LossOrProgram): StepProgram {
  const { program, loss, batch } = options;
  const given = LOSS.filter((name) => options[name] !== undefined);
  if (program === undefined) {
    if (loss === undefined) throw new ArgumentError("loss", loss, "a loss and its `batch`, or a `program`");
    if (batch === undefined) throw new ArgumentError("batch", batch, "its size and inputs");
    const entries = given.map((name) => [name, options[name]] as const);
    return lossProgram({ ...Object.fromEntries(entries), loss, batch });
  }
  if (typeof program.run !== "function") throw new ArgumentError("program", program, "an object with run()");
  if (given.length > 0) throw new ArgumentError(given[0], options[given[0]], "nothing beside a `program`");
  return program;
}

function withSource<T extends { readonly metric: string }>(earlyStop: T, evaluate: unknown): T {
  if (earlyStop.metric === "loss" || evaluate !== undefined) return earlyStop;
  throw new ArgumentError("earlyStop.metric", earlyStop.metric, '"loss", or `evaluate` to find it in');
}
