import { checkInteger, checkKeys } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Progress } from "../core/progress.js";
import { foldIn, type Key } from "../random/index.js";
import { checkMove } from "./divergence.js";

/** What a Langevin sampler needs to know of its target; a library target is one. */
export interface LangevinTarget {
  readonly dim: number;
  /** ∇ log p at n points, n·dim numbers; it may be learned. */
  score(x: Float64Array): Float64Array | Promise<Float64Array>;
  /** log p up to a constant, n numbers; needed where moves are accepted or rejected. */
  logDensity?(x: Float64Array): Float64Array | Promise<Float64Array>;
}

/** Where many chains are. */
export interface ChainState {
  /** n·dim numbers */
  readonly x: Float64Array;
}

/** A Markov kernel on n chains at once: state and diagnostics apart. */
export interface ChainKernel<State extends ChainState, Info> {
  readonly dim: number;
  /** The state at given points. @throws ArgumentError */
  init(x: Float64Array): Promise<State>;
  /** One move of every chain; the same key gives the same move. */
  step(key: Key, state: State): Promise<{ readonly state: State; readonly info: Info }>;
}

/** Options of `runChains`. */
export interface RunOptions<Info> {
  /** Moves after the burn-in. */
  readonly numSteps: number;
  /** Moves that are not kept (default 0). */
  readonly burnIn?: number;
  /** Keep the points after every `thin`-th move (default: the last one only). */
  readonly thin?: number;
  /** Called after every move with its number, from 0, and its diagnostics. */
  readonly onStep?: (step: number, info: Info) => void;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** What a run leaves. */
export interface Run<State> {
  /** Kept points one after the other: kept·n·dim numbers. */
  readonly samples: Float64Array;
  /** How many times the chains were kept. */
  readonly kept: number;
  readonly state: State;
}

const SHIFT = 20;

/**
 * Move many chains: move k takes the key's child k, so a run is a function of its key.
 *
 * @param start n·dim numbers
 * @throws ArgumentError; DivergenceError for a step size that lets them run away; the signal's reason
 */
export async function runChains<State extends ChainState, Info>(
  kernel: ChainKernel<State, Info>,
  key: Key,
  start: Float64Array,
  options: RunOptions<Info>,
): Promise<Run<State>> {
  checkKeys("options", options, ["numSteps", "burnIn", "thin", "onStep", "onProgress", "signal"]);
  const { numSteps, burnIn = 0, thin = numSteps, onStep, onProgress, signal } = options;
  checkInteger("numSteps", numSteps, { min: 1 });
  checkInteger("burnIn", burnIn, { min: 0 });
  checkInteger("thin", thin, { min: 1, max: numSteps });
  const kept = Math.floor(numSteps / thin);
  const samples = new Float64Array(kept * start.length);
  let state = await kernel.init(start);
  let turn = performance.now();
  for (let k = 0; k < burnIn + numSteps; k++) {
    signal?.throwIfAborted();
    const move = await kernel.step(foldIn(key, k), state);
    checkMove(k, state, move.state);
    state = move.state;
    onStep?.(k, move.info);
    const after = k + 1 - burnIn;
    if (after > 0 && after % thin === 0) samples.set(state.x, (after / thin - 1) * start.length);
    onProgress?.({ done: k + 1, total: burnIn + numSteps });
    if (performance.now() - turn > SHIFT) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }
  return { samples, kept, state };
}

/** A score of the length that points have. @throws ArgumentError that names the target */
export function checkScore(score: Float64Array, x: Float64Array): Float64Array {
  if (!(score instanceof Float64Array) || score.length !== x.length) {
    throw new ArgumentError("target.score(x)", score, `a Float64Array of length ${x.length}`);
  }
  return score;
}
