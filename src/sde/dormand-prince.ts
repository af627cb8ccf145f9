import { checkFinite, checkInteger, checkKeys, checkNumber, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { diffusionAt, type System } from "./system.js";

/** Options of `dormandPrince`. */
export interface DormandPrinceOptions {
  /** Tolerated error of a step relative to the state, 1e-6 by default. */
  readonly relativeTolerance?: number;
  /** Tolerated absolute error of a step, 1e-9 by default. */
  readonly absoluteTolerance?: number;
  /** First step; a hundredth of the interval by default. */
  readonly firstStep?: number;
  /** Steps, accepted or not, after which it gives up; 100,000 by default. */
  readonly maxSteps?: number;
  readonly signal?: AbortSignal;
}

/** Where an adaptive integration arrived, and at what cost. */
export interface DormandPrinceResult {
  readonly y: Float64Array;
  readonly accepted: number;
  readonly rejected: number;
  readonly evaluations: number;
}

const OPTIONS = ["relativeTolerance", "absoluteTolerance", "firstStep", "maxSteps", "signal"];
const NODES = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const STAGES = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const LARGEST_GROWTH = 5;
/** Fifth-order weights minus the fourth-order ones. */
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

/**
 * Integrate a system without noise from one time to another with adaptive steps: the explicit Runge–Kutta pair of orders 5 and 4
 * of Dormand and Prince (1980), seven stages, the last shared with the next step; the step follows the root mean square of the
 * scaled error over all points.
 *
 * @throws ArgumentError for a system with noise, or equal times; Error after `maxSteps` steps or where the step vanishes
 */
export async function dormandPrince(
  system: System,
  start: Float64Array,
  from: number,
  to: number,
  options: DormandPrinceOptions = {},
): Promise<DormandPrinceResult> {
  checkArguments(system, start, from, to, options);
  const { relativeTolerance = 1e-6, absoluteTolerance = 1e-9, maxSteps = 100_000, signal } = options;
  const direction = Math.sign(to - from);
  let h = Math.min(Math.abs(to - from), options.firstStep ?? Math.abs(to - from) / 100);
  let t = from;
  let y = start.slice();
  const slopes = Array.from({ length: 7 }, () => new Float64Array(y.length));
  let candidate = new Float64Array(y.length);
  await system.drift(t, y, slopes[0]);
  let [accepted, rejected] = [0, 0];
  let before = 1;
  while (t !== to) {
    signal?.throwIfAborted();
    if (accepted + rejected >= maxSteps) throw new Error(`no end after ${maxSteps} steps, at t = ${t}`);
    const last = h >= Math.abs(to - t) * (1 - 1e-12);
    if (last) h = Math.abs(to - t);
    if (t + direction * h === t) throw new Error(`the step vanishes at t = ${t}`);
    const taken = h;
    await takeStages(system, y, t, direction, h, slopes, candidate);
    const error = scaledError(y, candidate, slopes, h, relativeTolerance, absoluteTolerance);
    const limit = error <= 1 ? LARGEST_GROWTH : 1;
    h *= Math.min(limit, Math.max(1 / LARGEST_GROWTH, stepFactor(error, before)));
    if (error > 1 || Number.isNaN(error)) {
      rejected++;
      continue;
    }
    t = last ? to : t + direction * taken;
    system.project?.(candidate);
    [y, candidate] = [candidate, y];
    [slopes[0], slopes[6]] = [slopes[6], slopes[0]];
    before = Math.max(error, 1e-4);
    accepted++;
  }
  return { y, accepted, rejected, evaluations: 1 + 6 * (accepted + rejected) };
}

/** Proportional and integral control (Hairer and Wanner 1996, section IV.2); a state that is not finite shrinks the step. */
function stepFactor(error: number, before: number): number {
  return Number.isFinite(error) ? 0.9 * Math.max(error, 1e-10) ** -0.14 * before ** 0.08 : 0;
}

async function takeStages(
  system: System,
  y: Float64Array,
  t: number,
  direction: number,
  h: number,
  slopes: readonly Float64Array[],
  candidate: Float64Array,
): Promise<void> {
  for (let stage = 1; stage < 7; stage++) {
    candidate.set(y);
    STAGES[stage].forEach((weight, j) => {
      const slope = slopes[j];
      if (weight !== 0) for (let at = 0; at < y.length; at++) candidate[at] += h * weight * slope[at];
    });
    await system.drift(t + direction * NODES[stage] * h, candidate, slopes[stage]);
  }
}

function scaledError(
  y: Float64Array,
  candidate: Float64Array,
  slopes: readonly Float64Array[],
  h: number,
  relative: number,
  absolute: number,
): number {
  let sum = 0;
  for (let at = 0; at < y.length; at++) {
    let error = 0;
    for (let j = 0; j < 7; j++) error += ERROR[j] * slopes[j][at];
    const scale = absolute + relative * Math.max(Math.abs(y[at]), Math.abs(candidate[at]));
    sum += ((h * error) / scale) ** 2;
  }
  return Math.sqrt(sum / y.length);
}

function checkArguments(
  system: System,
  start: Float64Array,
  from: number,
  to: number,
  options: DormandPrinceOptions,
): void {
  checkKeys("options", options, OPTIONS);
  checkFinite("start", start);
  checkNumber("from", from);
  checkNumber("to", to);
  if (from === to) throw new ArgumentError("to", to, `a time other than from = ${from}`);
  if (diffusionAt(system, from) !== 0) throw new ArgumentError("system", system, "a system without noise");
  checkPositive("options.relativeTolerance", options.relativeTolerance ?? 1);
  checkPositive("options.absoluteTolerance", options.absoluteTolerance ?? 1);
  checkPositive("options.firstStep", options.firstStep ?? 1);
  checkInteger("options.maxSteps", options.maxSteps ?? 1, { min: 1 });
}
