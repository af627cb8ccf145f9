import { checkInteger, checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** What an optimiser remembers between steps. */
export interface OptimiserState {
  /** Updates made so far. */
  count: number;
  /** One number a parameter each. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/**
 * A rule that moves parameters. It works in place: parameters and state are as long as the run, and new arrays every step
 * would cost more than the arithmetic.
 */
export interface Optimiser {
  readonly name: string;
  /** The settings that are numbers, for checkpoints and tables. */
  readonly settings: Readonly<Record<string, number | boolean>>;
  /** The learning rate of a training step. */
  readonly rate: (step: number) => number;
  /** The state before the first update of `count` parameters. */
  readonly init: (count: number) => OptimiserState;
  /**
   * Move `params` by the gradient at training step `step`, which the schedule sees; the state counts updates by itself.
   * @throws ArgumentError where lengths differ
   */
  readonly update: (
    params: Float32Array,
    gradient: Float32Array,
    state: OptimiserState,
    step: number,
  ) => void;
}

/** Parameters that learn at a rate of their own, such as one part of `nets.combine`. */
export interface RateGroup {
  readonly start: number;
  /** One after the last. */
  readonly end: number;
  /** Multiplies the learning rate; 0 freezes. */
  readonly scale: number;
}

/** What every optimiser takes. */
export interface GroupOptions {
  /** Ranges with rates of their own, in order and disjoint; the rest has scale 1. */
  readonly groups?: readonly RateGroup[];
}

/**
 * The whole of `count` parameters as ranges with their scales.
 * @throws ArgumentError for ranges that overlap, go backwards or leave the vector
 */
export function ranges(count: number, groups: readonly RateGroup[] = []): RateGroup[] {
  const all: RateGroup[] = [];
  let end = 0;
  groups.forEach((group, g) => {
    checkInteger(`groups[${g}].start`, group.start, { min: end, max: count });
    checkInteger(`groups[${g}].end`, group.end, { min: group.start, max: count });
    checkNumber(`groups[${g}].scale`, group.scale, { min: 0 });
    if (group.start > end) all.push({ start: end, end: group.start, scale: 1 });
    all.push(group);
    end = group.end;
  });
  if (end < count) all.push({ start: end, end: count, scale: 1 });
  return all;
}

/** Arrays that belong together. @throws ArgumentError */
export function checkLengths(params: Float32Array, gradient: Float32Array, state: OptimiserState): void {
  if (gradient.length !== params.length) {
    throw new ArgumentError("gradient", gradient, `${params.length} numbers, one a parameter`);
  }
  for (const [name, array] of Object.entries(state.arrays)) {
    if (array.length !== params.length) {
      throw new ArgumentError(`state.arrays.${name}`, array, `${params.length} numbers, one a parameter`);
    }
  }
}
