import { checkInteger, checkKeys, checkNumber, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { normal, uniform } from "../random/index.js";
import { countCoordinates, spread, type PerCoordinate } from "./coordinates.js";
import type { Process, Transition } from "./process.js";

/** Options of `periodicBrownian`. */
export interface PeriodicBrownianOptions {
  /** Number of coordinates; by default the length of `halfWidth`, else 1. */
  readonly dim?: number;
  /** Lb: coordinates live on [-Lb, Lb) with the ends joined. */
  readonly halfWidth: PerCoordinate;
  /** Inverse temperature β, 1 by default. */
  readonly beta?: number;
}

/** Brownian motion on a torus with its exact transition. */
export interface PeriodicBrownian extends Process {
  /** Lb, dim numbers */
  readonly halfWidth: Float64Array;
  transition(t: number): Transition;
  /** Wrap points onto the torus, in place. */
  project(x: Float64Array): void;
}

/**
 * Brownian motion on the torus [-Lb, Lb)^dim, the process of V = 0: dX = sqrt(2/β) dW, wrapped.
 *
 *   X_t | X_0 = x  ~  wrapped N(x, 2t/β),   stationary law uniform
 *
 * @throws ArgumentError for half-widths or β that are not positive
 */
export function periodicBrownian(options: PeriodicBrownianOptions): PeriodicBrownian {
  checkKeys("options", options, ["dim", "halfWidth", "beta"]);
  const { halfWidth, beta = 1 } = options;
  checkPositive("beta", beta);
  const dim = countCoordinates(options.dim, { halfWidth });
  const half = spread("halfWidth", halfWidth, dim, checkPositive);
  const logDensity = half.reduce((sum, width) => sum - Math.log(2 * width), 0);
  const project = (x: Float64Array): void => wrapPoints(x, half);
  const transition = (t: number): Transition => wrappedTransition(half, beta, t, project);
  return {
    dim,
    beta,
    diffusion: Math.sqrt(2 / beta),
    halfWidth: half,
    drift: (x, out = new Float64Array(x.length)) => out.fill(0),
    logStationary: (x) => new Float64Array(checkPoints("x", x, dim)).fill(logDensity),
    stationarySample(key, n) {
      checkInteger("n", n, { min: 1 });
      return uniform(key, n * dim).map((u, at) => half[at % dim] * (2 * u - 1));
    },
    transition,
    simulate: (key, x, t) => Promise.resolve(transition(t).sample(key, x)),
    project,
  };
}

function wrapPoints(x: Float64Array, half: Float64Array): void {
  const dim = half.length;
  for (let at = 0; at < x.length; at++) {
    const width = half[at % dim];
    if (x[at] < -width || x[at] >= width) x[at] -= 2 * width * Math.floor((x[at] + width) / (2 * width));
  }
}

function wrappedTransition(
  half: Float64Array,
  beta: number,
  t: number,
  project: (x: Float64Array) => void,
): Transition {
  checkNumber("t", t, { min: 0 });
  const dim = half.length;
  const sigma = Math.sqrt((2 * t) / beta);
  const mean = (x: Float64Array): Float64Array => {
    checkPoints("x", x, dim);
    const out = x.slice();
    project(out);
    return out;
  };
  return {
    factor: new Float64Array(dim).fill(1),
    std: new Float64Array(dim).fill(sigma),
    mean,
    sample(key, x) {
      checkPoints("x", x, dim);
      const noise = normal(key, x.length);
      const out = x.map((value, at) => value + sigma * noise[at]);
      project(out);
      return out;
    },
    logDensity(x, y) {
      checkPositive("t", t);
      const out = new Float64Array(checkPoints("x", x, dim));
      if (y.length !== x.length) throw new ArgumentError("y", y, `as many numbers as x, ${x.length}`);
      for (let at = 0; at < x.length; at++) {
        out[Math.floor(at / dim)] += Math.log(wrappedNormal(y[at] - x[at], sigma, half[at % dim]));
      }
      return out;
    },
  };
}

/** Density of N(0, sigma²) wrapped to period 2·half: by images while it is narrow, by its Fourier series once it is wide. */
function wrappedNormal(deviation: number, sigma: number, half: number): number {
  const period = 2 * half;
  if (sigma < half) {
    const near = deviation - period * Math.round(deviation / period);
    let sum = 0;
    for (let k = -6; k <= 6; k++) sum += Math.exp(-(((near + k * period) / sigma) ** 2) / 2);
    return sum / (sigma * Math.sqrt(2 * Math.PI));
  }
  let sum = 0.5;
  for (let j = 1; j <= 4; j++) {
    const frequency = (Math.PI * j) / half;
    sum += Math.exp(-((frequency * sigma) ** 2) / 2) * Math.cos(frequency * deviation);
  }
  return sum / half;
}
