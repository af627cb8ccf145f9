import { ArgumentError } from "../core/errors.js";
import type { Watch } from "./early-stop.js";
import type { Ema } from "./ema.js";
import { recorder, type Recorder } from "./history.js";
import type { Optimiser, OptimiserState } from "./optimiser.js";

/** Everything that the next step of a run depends on. */
export interface FitState {
  /** Steps done. */
  step: number;
  readonly params: Float32Array;
  readonly optimiser: OptimiserState;
  readonly average: Float32Array | undefined;
  /** The program's memory. */
  readonly memory: readonly Float32Array[];
  readonly recorder: Recorder;
  readonly watch: Watch;
  /** Steps whose loss or gradient was not finite. */
  skipped: number;
  /** Such steps one after the other up to now. */
  skippedInARow: number;
  /** Events that steps have counted. */
  readonly counts: Record<string, number>;
  /** Whether early stopping has ended the run. */
  ended: boolean;
}

/** What a state is made for. */
export interface StateOptions {
  readonly params: Float32Array;
  readonly optimiser: Optimiser;
  readonly average: Ema | undefined;
  readonly memory: readonly Float32Array[] | undefined;
  readonly recordEvery: number;
}

/** The state before the first step. */
export function freshState({ params, optimiser, average, memory = [], recordEvery }: StateOptions): FitState {
  return {
    step: 0,
    params: params.slice(),
    optimiser: optimiser.init(params.length),
    average: average?.init(params),
    memory: memory.map(({ length }) => new Float32Array(length)),
    recorder: recorder(recordEvery),
    watch: { best: undefined, since: 0 },
    skipped: 0,
    skippedInARow: 0,
    counts: {},
    ended: false,
  };
}

/** A state as a caller hands it back: copied, so that two runs can go on from it. @throws ArgumentError for one of another run */
export function continued(from: FitState, options: StateOptions): FitState {
  const wanted = freshState(options);
  const names = (state: FitState): string => Object.keys(state.optimiser.arrays).sort().join(", ");
  if (from.params.length !== wanted.params.length) {
    throw new ArgumentError("from.params", from.params, `${wanted.params.length} parameters`);
  }
  if (names(from) !== names(wanted)) {
    throw new ArgumentError("from.optimiser", names(from), `the arrays of ${options.optimiser.name}`);
  }
  if ((from.average === undefined) !== (wanted.average === undefined)) {
    throw new ArgumentError("from.average", from.average, "an average exactly where the run keeps one");
  }
  const lengths = (state: FitState): string => state.memory.map(({ length }) => length).join(", ");
  if (lengths(from) !== lengths(wanted)) {
    throw new ArgumentError(
      "from.memory",
      lengths(from),
      `the program's memory, of lengths ${lengths(wanted)}`,
    );
  }
  return { ...structuredClone(from), params: from.params.slice() };
}
