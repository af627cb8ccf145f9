import { checkInteger, checkKeys, checkNumber, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { normal } from "../random/index.js";
import { countCoordinates, spread, type PerCoordinate } from "./coordinates.js";
import type { Process, Transition } from "./process.js";

/** Options of `ornsteinUhlenbeck`. */
export interface OrnsteinUhlenbeckOptions {
  /** Number of coordinates; by default the length of `mean` or `variance`, else 1. */
  readonly dim?: number;
  /** Centre m of the potential, 0 by default. */
  readonly mean?: PerCoordinate;
  /** Width s² of the potential, 1 by default. */
  readonly variance?: PerCoordinate;
  /** Inverse temperature β, 1 by default. */
  readonly beta?: number;
}

/** An Ornstein–Uhlenbeck process with its exact transition. */
export interface OrnsteinUhlenbeck extends Process {
  /** m, dim numbers */
  readonly mean: Float64Array;
  /** s², dim numbers; the stationary variance is s²/β. */
  readonly variance: Float64Array;
  transition(t: number): Transition;
}

/**
 * The Ornstein–Uhlenbeck process dX = -(X - m)/s² dt + sqrt(2/β) dW, the process of V = (x - m)²/(2 s²).
 *
 *   X_t | X_0 = x  ~  N(m + e^{-t/s²} (x - m), (s²/β) (1 - e^{-2t/s²})),   stationary law N(m, s²/β)
 *
 * @throws ArgumentError for lists of different lengths, variances or β that are not positive
 */
export function ornsteinUhlenbeck(options: OrnsteinUhlenbeckOptions = {}): OrnsteinUhlenbeck {
  checkKeys("options", options, ["dim", "mean", "variance", "beta"]);
  const { mean = 0, variance = 1, beta = 1 } = options;
  checkPositive("beta", beta);
  const dim = countCoordinates(options.dim, { mean, variance });
  const centre = spread("mean", mean, dim, checkNumber);
  const width = spread("variance", variance, dim, checkPositive);
  const transition = (t: number): Transition => gaussianTransition(centre, width, beta, t);
  const stationary = Float64Array.from(width, (s2) => Math.sqrt(s2 / beta));
  return {
    dim,
    beta,
    diffusion: Math.sqrt(2 / beta),
    mean: centre,
    variance: width,
    drift(x, out = new Float64Array(x.length)) {
      for (let at = 0; at < x.length; at += dim) {
        for (let i = 0; i < dim; i++) out[at + i] = (centre[i] - x[at + i]) / width[i];
      }
      return out;
    },
    logStationary(x) {
      checkPoints("x", x, dim);
      return gaussianLogDensity(dim, stationary, (at) => x[at] - centre[at % dim], x.length);
    },
    stationarySample(key, n) {
      checkInteger("n", n, { min: 1 });
      return normal(key, n * dim).map((z, at) => centre[at % dim] + stationary[at % dim] * z);
    },
    transition,
    simulate: (key, x, t) => Promise.resolve(transition(t).sample(key, x)),
  };
}

function gaussianTransition(centre: Float64Array, width: Float64Array, beta: number, t: number): Transition {
  checkNumber("t", t, { min: 0 });
  const dim = centre.length;
  const factor = width.map((s2) => Math.exp(-t / s2));
  const std = width.map((s2) => Math.sqrt((-s2 / beta) * Math.expm1((-2 * t) / s2)));
  const mean = (x: Float64Array): Float64Array => {
    checkPoints("x", x, dim);
    return x.map((value, at) => centre[at % dim] + factor[at % dim] * (value - centre[at % dim]));
  };
  return {
    factor,
    std,
    mean,
    sample(key, x) {
      const out = mean(x);
      const noise = normal(key, x.length);
      for (let at = 0; at < out.length; at++) out[at] += std[at % dim] * noise[at];
      return out;
    },
    logDensity(x, y) {
      checkPositive("t", t);
      const means = mean(x);
      if (y.length !== x.length) throw new ArgumentError("y", y, `as many numbers as x, ${x.length}`);
      return gaussianLogDensity(dim, std, (at) => y[at] - means[at], x.length);
    },
  };
}

function gaussianLogDensity(
  dim: number,
  std: Float64Array,
  deviation: (at: number) => number,
  length: number,
): Float64Array {
  const out = new Float64Array(length / dim);
  for (let at = 0; at < length; at++) {
    const sigma = std[at % dim];
    const z = deviation(at) / sigma;
    out[Math.floor(at / dim)] -= (z * z) / 2 + Math.log(sigma) + Math.log(2 * Math.PI) / 2;
  }
  return out;
}
