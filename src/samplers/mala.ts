import { checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { split, uniform } from "../random/index.js";
import { checkScore, type ChainKernel, type ChainState, type LangevinTarget } from "./chain.js";
import { propose, type LangevinOptions } from "./langevin.js";
import type { Preconditioner } from "./preconditioner.js";

/** Where Metropolis-adjusted chains are, with what is known there. */
export interface MalaState extends ChainState {
  readonly logDensity: Float64Array;
  readonly score: Float64Array;
}

/** Diagnostics of an adjusted move. */
export interface MalaInfo {
  /** Mean of min(1, acceptance ratio) over the chains. */
  readonly acceptanceRate: number;
  /** Which chains moved, n flags. */
  readonly accepted: Uint8Array;
}

/**
 * The Metropolis-adjusted Langevin algorithm: the move of `ula`, accepted with probability min(1, r),
 *
 *   log r = log p(x') - log p(x) - (1/4h) (|x - x' - h C s(x')|² - |x' - x - h C s(x)|²),  |v|² = vᵀ C^{-1} v
 *
 * It leaves p invariant for every h (G. O. Roberts and R. L. Tweedie, 1996).
 *
 * @throws ArgumentError for a target without log density, or a preconditioner without `solve`
 */
export function mala(target: LangevinTarget, options: LangevinOptions): ChainKernel<MalaState, MalaInfo> {
  checkKeys("options", options, ["stepSize", "preconditioner"]);
  const { stepSize, preconditioner } = options;
  checkPositive("stepSize", stepSize);
  if (target.logDensity === undefined) {
    throw new ArgumentError(
      "target.logDensity",
      undefined,
      "a function: moves are accepted by its differences",
    );
  }
  if (preconditioner !== undefined && preconditioner.solve === undefined) {
    throw new ArgumentError(
      "options.preconditioner.solve",
      undefined,
      "a function: moves are accepted by its norm",
    );
  }
  const { dim } = target;
  const look = async (x: Float64Array): Promise<MalaState> => ({
    x,
    logDensity: (await target.logDensity?.(x)) as Float64Array,
    score: checkScore(await target.score(x), x),
  });
  return {
    dim,
    init: (x) => {
      checkPoints("x", x, dim);
      return look(x.slice());
    },
    async step(key, state) {
      const [moves, coins] = split(key);
      const next = await look(propose(state.x, state.score, stepSize, moves, preconditioner));
      const there = misses(state, next, stepSize, dim, preconditioner);
      const back = misses(next, state, stepSize, dim, preconditioner);
      const u = uniform(coins, there.length);
      const accepted = new Uint8Array(there.length);
      let total = 0;
      for (let i = 0; i < accepted.length; i++) {
        const log = next.logDensity[i] - state.logDensity[i] - (back[i] - there[i]) / (4 * stepSize);
        const probability = Number.isNaN(log) ? 0 : Math.min(1, Math.exp(log));
        accepted[i] = u[i] < probability ? 1 : 0;
        total += probability;
      }
      return {
        state: merge(state, next, accepted, dim),
        info: { acceptanceRate: total / accepted.length, accepted },
      };
    },
  };
}

/** |x' - x - h C s(x)|² in the norm of C^{-1}, n numbers. */
function misses(
  from: MalaState,
  to: MalaState,
  stepSize: number,
  dim: number,
  preconditioner: Preconditioner | undefined,
): Float64Array {
  const drift = preconditioner === undefined ? from.score : preconditioner.apply(from.score);
  const miss = to.x.map((value, k) => value - from.x[k] - stepSize * drift[k]);
  const solved = preconditioner?.solve?.(miss) ?? miss;
  const out = new Float64Array(miss.length / dim);
  miss.forEach((value, k) => (out[Math.floor(k / dim)] += value * solved[k]));
  return out;
}

function merge(state: MalaState, next: MalaState, accepted: Uint8Array, dim: number): MalaState {
  const rows = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, k) => (accepted[Math.floor(k / dim)] === 1 ? b[k] : value));
  return {
    x: rows(state.x, next.x),
    score: rows(state.score, next.score),
    logDensity: state.logDensity.map((value, i) => (accepted[i] === 1 ? next.logDensity[i] : value)),
  };
}
