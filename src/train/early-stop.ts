import { checkInteger, checkNumber, checkOneOf } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** When to stop before the last step. */
export interface EarlyStopOptions {
  /** What is watched: a name that `evaluate` returns, or "loss", the mean training loss of a stretch of the history. Default "loss". */
  readonly metric?: string;
  /** Whether small or large values are good; default "min". */
  readonly mode?: "min" | "max";
  /** Values without improvement after which training stops. */
  readonly patience: number;
  /** What counts as an improvement; default 0. */
  readonly minDelta?: number;
}

/** The best parameters so far. */
export interface Best {
  /** Steps done when they were found. */
  readonly step: number;
  readonly value: number;
  readonly params: Float32Array;
}

/** What early stopping remembers. */
export interface Watch {
  best: Best | undefined;
  /** Values since the best one. */
  since: number;
}

/** The options with their defaults. @throws ArgumentError */
export function checkEarlyStop(options: EarlyStopOptions): Required<EarlyStopOptions> {
  const { metric = "loss", mode = "min", patience, minDelta = 0 } = options;
  checkInteger("earlyStop.patience", patience, { min: 1 });
  checkNumber("earlyStop.minDelta", minDelta, { min: 0 });
  return { metric, mode: checkOneOf("earlyStop.mode", mode, ["min", "max"]), patience, minDelta };
}

/**
 * Take in a value; a value that is not a number is no improvement.
 * @returns whether patience has run out
 */
export function watch(
  state: Watch,
  { step, value, params }: Best,
  { mode, patience, minDelta }: Required<EarlyStopOptions>,
): boolean {
  const gain = state.best === undefined ? Infinity : (state.best.value - value) * (mode === "min" ? 1 : -1);
  if (gain > minDelta && !Number.isNaN(value)) {
    state.best = { step, value, params: params.slice() };
    state.since = 0;
  } else {
    state.since++;
  }
  return state.since >= patience;
}

/** The watched number among an evaluation's. @throws ArgumentError where it is not there */
export function watched(metrics: Readonly<Record<string, number>>, metric: string): number {
  if (!(metric in metrics)) {
    throw new ArgumentError("earlyStop.metric", metric, `one of ${Object.keys(metrics).join(", ")}`);
  }
  return metrics[metric];
}
