import { checkFinite, checkInteger, checkKeys, checkPoints } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { shared } from "../../linalg/shared.js";
import type { LinearDiffusion, TimeScore } from "../../sde/index.js";
import { attention, squaredNorms, type Attention } from "../../transport/index.js";

/** Options of `empirical`. */
export interface EmpiricalOptions {
  readonly dim: number;
  /** The noising process. */
  readonly process: LinearDiffusion;
}

/** The law of noised data points, with everything about it exact. */
export interface Empirical {
  readonly dim: number;
  /** N, the number of data points. */
  readonly count: number;
  /** ∇ log p_t(x), n·dim numbers. @throws ArgumentError at time 0, where the law has no density */
  readonly score: TimeScore;
  /** log p_t(x), n numbers. @throws ArgumentError */
  logDensity(t: number, x: Float64Array): Promise<Float64Array>;
  /** E[X_0 | X_t = x], n·dim numbers: a weighted mean of the data. @throws ArgumentError */
  denoise(t: number, x: Float64Array): Promise<Float64Array>;
  /** Mean weight of every data point over the starts x at time t, N numbers with sum 1. @throws ArgumentError */
  shares(t: number, x: Float64Array): Promise<Float64Array>;
}

/**
 * The exact score of a smoothed empirical measure, p_t = (1/N) Σ_i N(m Z_i, v I) with m, v the process's factor and variance:
 *
 *   w_i = softmax_i(-|x - m Z_i|²/2v),  s(t, x) = (m Σ_i w_i Z_i - x)/v
 *
 * It memorises: the reverse dynamics end in Σ_i p_i δ(Z_i) with p_i = E_{x ~ start}[w_i(T, x)], which is `shares`. Data stream past
 * in blocks on the threads of the pool, so 50,000 points of 784 numbers need no table of pairs.
 *
 * @param data Z, N·dim numbers
 * @throws ArgumentError
 */
export function empirical(data: Float64Array, options: EmpiricalOptions): Empirical {
  checkKeys("options", options, ["dim", "process"]);
  const { dim, process } = options;
  checkInteger("dim", dim, { min: 1 });
  const count = checkPoints("data", data, dim);
  const points = shared(data);
  const squares = squaredNorms(points, dim);
  const look = async (t: number, x: Float64Array, means: boolean): Promise<Attention & Level> => {
    checkFinite("x", x);
    const level = levelAt(process, t);
    const { factor, variance } = level;
    const found = await attention(
      x.map((value) => value / factor),
      points,
      { dim, variance: variance / factor ** 2, squares, means },
    );
    return { ...found, ...level };
  };
  return {
    dim,
    count,
    async score(t, x) {
      const { mean, factor, variance } = await look(t, x, true);
      return mean.map((value, k) => (factor * value - x[k]) / variance);
    },
    async logDensity(t, x) {
      const { logSum, variance } = await look(t, x, false);
      const constant = -Math.log(count) - (dim / 2) * Math.log(2 * Math.PI * variance);
      return logSum.map((value) => value + constant);
    },
    denoise: async (t, x) => (await look(t, x, true)).mean,
    async shares(t, x) {
      const { logSum, factor, variance } = await look(t, x, false);
      // p_i = (1/n) Σ_k exp(-|x_k - m Z_i|²/2v) / Σ_j ..., the same sums with the points' parts exchanged
      const n = x.length / dim;
      const exchanged = await attention(
        points,
        x.map((value) => value / factor),
        {
          dim,
          variance: variance / factor ** 2,
          bias: logSum.map((value) => -value - Math.log(n)),
          means: false,
        },
      );
      return exchanged.logSum.map(Math.exp);
    },
  };
}

interface Level {
  readonly factor: number;
  readonly variance: number;
}

function levelAt(process: LinearDiffusion, t: number): Level {
  const level = process.marginal(t);
  if (level.variance > 0) return level;
  throw new ArgumentError("t", t, "a time after 0: without noise the data have no density");
}
