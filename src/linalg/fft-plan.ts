import FFT from "fft.js";
import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** Complex transforms of one length with room to work in. */
export interface FftPlan {
  readonly size: number;
  /** Interleaved input, 2·size numbers. */
  readonly input: Float64Array;
  /** Interleaved output, 2·size numbers. */
  readonly output: Float64Array;
  /** output[k] = Σ_j input[j] e^{-2πi jk/size}; with input[-j] for input[j] the unscaled inverse. */
  run(): void;
}

const plans = new Map<number, FftPlan>();

/** The plan of a length, made once a thread. @throws ArgumentError unless the length is a power of two, at least 2 */
export function fftPlan(argument: string, size: number): FftPlan {
  const known = plans.get(size);
  if (known !== undefined) return known;
  checkGridSize(argument, size);
  const fft = new FFT(size);
  const [input, output] = [new Float64Array(2 * size), new Float64Array(2 * size)];
  const plan: FftPlan = { size, input, output, run: () => fft.transform(output, input) };
  plans.set(size, plan);
  return plan;
}

/** A power of two, at least 2. @throws ArgumentError with the nearest sizes that are */
export function checkGridSize(argument: string, size: number): number {
  checkInteger(argument, size, { min: 2 });
  const power = Math.log2(size);
  if (Number.isInteger(power)) return size;
  const below = 2 ** Math.floor(power);
  throw new ArgumentError(argument, size, `a power of two; the nearest are ${below} and ${2 * below}`);
}

/** Rows of `size` numbers. @throws ArgumentError @returns how many */
export function checkRows(argument: string, values: Float64Array, size: number): number {
  if (!(values instanceof Float64Array) || values.length === 0 || values.length % size !== 0) {
    throw new ArgumentError(argument, values, `a Float64Array of a positive multiple of ${size} numbers`);
  }
  return values.length / size;
}
