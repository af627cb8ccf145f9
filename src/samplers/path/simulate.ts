import { checkInteger } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { foldIn, normal, type Key } from "../../random/index.js";
import type { Target } from "../../targets/target.js";
import { TRUNCATION, type Scheme } from "./schemes/scheme.js";

/** A control in score units: s at n points at the start of step k, n·dim numbers. */
export type ScoreControl = (k: number, x: Float64Array) => Float64Array;

/** Options of `simulate`. */
export interface SimulateOptions {
  readonly numPaths: number;
  readonly key: Key;
  /** A further drift e, in the units of the SDE's control, along which the paths are drawn but which is no part of the control. */
  readonly drift?: ScoreControl;
  /** First points in place of the scheme's own law, n·dim numbers. */
  readonly start?: Float64Array;
  /** Called with the points before every step k, and with the last ones at k = numSteps. */
  readonly onStep?: (k: number, x: Float64Array) => void;
}

/** Paths of a scheme, as far as they matter. */
export interface Paths {
  /** Last points, n·dim numbers. */
  readonly x: Float64Array;
  /** log dP_u/dP_v of every path, up to log Z. */
  readonly rnd: Float64Array;
  /** The stochastic integral in it, whose mean is zero on policy. */
  readonly ito: Float64Array;
}

/**
 * Simulate a scheme in float64 with a control given as a function: the reference of the compiled simulation, and all that oracle
 * controls need. Step k draws from `foldIn(key, 1 + k)`, the start from `foldIn(key, 0)`.
 *
 * @throws ArgumentError for a control of the wrong length
 */
export function simulate(
  scheme: Scheme,
  target: Target,
  control: ScoreControl,
  options: SimulateOptions,
): Paths {
  const { numPaths, key, drift } = options;
  const { numSteps, steps } = scheme;
  checkInteger("numPaths", numPaths, { min: 1 });
  let x = options.start?.slice() ?? firstPoints(scheme, foldIn(key, 0), numPaths);
  const rnd = new Float64Array(numPaths).fill(scheme.constant);
  const ito = new Float64Array(numPaths);
  if (scheme.reference === "first") addGaussian(rnd, x, scheme);
  for (let k = 0; k < numSteps; k++) {
    options.onStep?.(k, x);
    const s = checkLength("control", control(k, x), x);
    const e = drift && checkLength("drift", drift(k, x), x);
    const xi = normal(foldIn(key, 1 + k), x.length);
    if (e !== undefined) for (let i = 0; i < xi.length; i++) xi[i] += steps.clock[k] * e[i];
    weigh(scheme, k, { s, xi, rnd, ito });
    x = x.map((value, i) => steps.keep[k] * value + steps.gain[k] * s[i] + steps.noise[k] * xi[i]);
  }
  options.onStep?.(numSteps, x);
  if (scheme.reference === "last") addGaussian(rnd, x, scheme);
  const density = checkLength("target.logDensity(x)", target.logDensity(x), rnd);
  for (let i = 0; i < numPaths; i++) rnd[i] += ito[i] - density[i];
  return { x, rnd, ito };
}

interface Moved {
  readonly s: Float64Array;
  readonly xi: Float64Array;
  readonly rnd: Float64Array;
  readonly ito: Float64Array;
}

function weigh({ dim, steps }: Scheme, k: number, { s, xi, rnd, ito }: Moved): void {
  const [square, cross, free] = [steps.square[k], steps.cross[k], steps.free[k]];
  for (let i = 0; i < s.length; i++) {
    const path = Math.floor(i / dim);
    rnd[path] += square * s[i] * s[i] - free * xi[i] * xi[i];
    ito[path] += cross * s[i] * xi[i];
  }
}

function addGaussian(to: Float64Array, x: Float64Array, { dim, variance }: Scheme): void {
  const constant = (dim / 2) * Math.log(2 * Math.PI * variance);
  for (let p = 0; p < to.length; p++) {
    let sum = 0;
    for (let i = p * dim; i < (p + 1) * dim; i++) sum += x[i] * x[i];
    to[p] -= sum / (2 * variance) + constant;
  }
}

/** First points of paths in the scheme's law. A truncated coordinate is redrawn where it falls outside. */
export function firstPoints({ start, dim, variance }: Scheme, key: Key, numPaths: number): Float64Array {
  const count = numPaths * dim;
  if (start === "origin") return new Float64Array(count);
  const scale = Math.sqrt(variance);
  const first = normal(foldIn(key, 0), count);
  if (start === "normal") return first.map((z) => scale * z);
  const second = normal(foldIn(key, 1), count);
  return first.map((z, i) => {
    if (Math.abs(z) <= TRUNCATION) return scale * z;
    return Math.abs(second[i]) <= TRUNCATION ? scale * second[i] : 0;
  });
}

function checkLength(argument: string, given: Float64Array, like: Float64Array): Float64Array {
  if (given instanceof Float64Array && given.length === like.length) return given;
  throw new ArgumentError(argument, given, `a Float64Array of length ${like.length}`);
}
