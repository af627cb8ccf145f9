import type { Tensor } from "@tensorflow/tfjs";
import { checkFinite, checkInteger, checkOneOf, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { normal } from "./initialisers.js";
import type { Net } from "./linear.js";
import { parametrised, unflatten } from "./params.js";

/** Sines and cosines of time. */
export interface FourierFeaturesOptions {
  /** Angular frequencies c_j; default 64 of them, equally spaced from 0.1 to 100. */
  readonly frequencies?: readonly number[] | Float64Array;
  /** Phases φ_j: "learned" (N(0, 1) at the start), "none", or fixed numbers; default "learned". */
  readonly phases?: "learned" | "none" | readonly number[];
}

/** A map of time without any or with few parameters. */
export interface TimeFeatures extends Net {
  /** Columns of the result. */
  readonly outputs: number;
}

/**
 * Fourier features of time: t [n, 1] to [n, 2m], columns sin(c_j t + φ_j) then cos(c_j t + φ_j), j = 1..m.
 *
 * Parameters: `phases` [m] where they are learned, else none.
 * @throws ArgumentError
 */
export function fourierFeatures(options: FourierFeaturesOptions = {}): TimeFeatures {
  const { frequencies = spaced(0.1, 100, 64), phases = "learned" } = options;
  const c = checkFinite("frequencies", Float64Array.from(frequencies));
  const m = checkInteger("frequencies.length", c.length, { min: 1 });
  const learned = phases === "learned";
  const fixed = fixedPhases(phases);
  if (fixed !== undefined && fixed.length !== m) throw new ArgumentError("phases", phases, `${m} numbers`);
  const base = parametrised(learned ? [{ name: "phases", shape: [m], init: normal() }] : []);
  return {
    ...base,
    outputs: 2 * m,
    apply(params, t) {
      checkTimes(t);
      const waves = t.mul(row(c));
      const shift = learned ? unflatten(base.spec, params).phases : fixed && row(fixed);
      const angles = shift === undefined ? waves : waves.add(shift);
      return angles.sin().concat(angles.cos(), 1);
    },
  };
}

/** The position code of transformers. */
export interface SinusoidalOptions {
  /** Columns of the result, an even number. */
  readonly size: number;
  /** Longest period over 2π; default 10,000. */
  readonly maxPeriod?: number;
}

/**
 * Sinusoidal features: t [n, 1] to [n, size], sin(ω_i t) then cos(ω_i t) with ω_i = maxPeriod^(-2i/size), i = 0..size/2 - 1.
 *
 * No parameters. Source: Vaswani et al. 2017, section 3.5.
 * @throws ArgumentError
 */
export function sinusoidal(options: SinusoidalOptions): TimeFeatures {
  const { size, maxPeriod = 10_000 } = options;
  checkInteger("size", size, { min: 2 });
  if (size % 2 !== 0) throw new ArgumentError("size", size, "an even number");
  checkPositive("maxPeriod", maxPeriod);
  const frequencies = Array.from({ length: size / 2 }, (_, i) => maxPeriod ** ((-2 * i) / size));
  return fourierFeatures({ frequencies, phases: "none" });
}

function fixedPhases(phases: "learned" | "none" | readonly number[]): Float64Array | undefined {
  if (typeof phases !== "string") return checkFinite("phases", Float64Array.from(phases));
  checkOneOf("phases", phases, ["learned", "none"]);
  return undefined;
}

/** `count` numbers from `first` to `last`, equally spaced. */
function spaced(first: number, last: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));
}

function row(values: Float64Array): number[][] {
  return [[...values]];
}

function checkTimes(t: Tensor): void {
  if (t.rank !== 2 || t.shape[1] !== 1) {
    throw new ArgumentError("t", `a tensor of shape [${t.shape.join(", ")}]`, "times of shape [n, 1]");
  }
}
