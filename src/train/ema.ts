import { checkInteger, checkNumber } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** Share of the average that a step keeps, as a function of the steps since averaging began. */
export type DecaySchedule = (stepsSinceStart: number) => number;

/** Steps after which a decay schedule is named by its value. */
const TYPICAL = 1000;

/** Settings of `ema`. */
export interface EmaOptions {
  /** Share a of the average that is kept at an update, below 1. */
  readonly decay: number | DecaySchedule;
  /** Step from which on it averages; until then it copies the parameters. Default 0. */
  readonly start?: number;
  /** Update only at multiples of so many steps; default 1. */
  readonly every?: number;
}

/** A running average of parameters. */
export interface Ema {
  readonly settings: Readonly<Record<string, number>>;
  /** The average before the first step: a copy. */
  readonly init: (params: Float32Array) => Float32Array;
  /** Take the parameters after training step `step` into the average, in place. @throws ArgumentError where lengths differ */
  readonly update: (average: Float32Array, params: Float32Array, step: number) => void;
}

/**
 * Exponential moving average of parameters: s <- a s + (1 - a) p.
 *
 * The shorter the memory 1 / (1 - a) and the later the start, the less of the start of training it holds.
 * Source: Polyak and Juditsky 1992 (averaging); Song et al. 2021, appendix (its use for scores).
 * @throws ArgumentError
 */
export function ema(options: EmaOptions): Ema {
  const { decay, start = 0, every = 1 } = options;
  checkInteger("start", start, { min: 0 });
  checkInteger("every", every, { min: 1 });
  if (typeof decay === "number") checkDecay(decay);
  const at = typeof decay === "number" ? (): number => decay : decay;
  return {
    settings: { start, every, decay: at(TYPICAL) },
    init: (params) => params.slice(),
    update(average, params, step) {
      if (average.length !== params.length) {
        throw new ArgumentError("average", average, `${params.length} numbers, one a parameter`);
      }
      if (step % every !== 0) return;
      if (step < start) average.set(params);
      else blend(average, params, 1 - checkDecay(at(step - start)));
    },
  };
}

/**
 * A memory that grows with the average: a = min(max, 1 - k^-power) after k steps, 0 at first.
 *
 * Early parameters are forgotten without choosing a decay. @throws ArgumentError
 */
export function powerDecay(options: { readonly power?: number; readonly max?: number } = {}): DecaySchedule {
  const { power = 0.9, max = 0.9999 } = options;
  checkNumber("power", power, { min: 0, max: 1 });
  checkDecay(max);
  return (k) => (k <= 1 ? 0 : Math.min(max, 1 - k ** -power));
}

function blend(average: Float32Array, params: Float32Array, share: number): void {
  for (let i = 0; i < average.length; i++) average[i] += share * (params[i] - average[i]);
}

function checkDecay(decay: number): number {
  checkNumber("decay", decay, { min: 0 });
  if (decay >= 1) throw new ArgumentError("decay", decay, "a number below 1");
  return decay;
}
