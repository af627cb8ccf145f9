import { checkKeys, checkPoints, checkPositive } from "../core/checks.js";
import { normal, type Key } from "../random/index.js";
import { checkScore, type ChainKernel, type ChainState, type LangevinTarget } from "./chain.js";
import type { Preconditioner } from "./preconditioner.js";

/** Options of `ula`. */
export interface LangevinOptions {
  /** h, the time of a step. */
  readonly stepSize: number;
  /** C, the identity by default. */
  readonly preconditioner?: Preconditioner;
}

/** Diagnostics of an unadjusted move. */
export interface UlaInfo {
  /** Root mean square of the score over points and coordinates. */
  readonly scoreNorm: number;
}

/**
 * The unadjusted Langevin algorithm, x ← x + h C ∇log p(x) + sqrt(2h) C^{1/2} ξ.
 *
 * On a Gaussian of precision λ its stationary variance is 1/(λ (1 - hλ/2)): a bias of first order in h (G. Parisi, 1981).
 *
 * @throws ArgumentError
 */
export function ula(target: LangevinTarget, options: LangevinOptions): ChainKernel<ChainState, UlaInfo> {
  checkKeys("options", options, ["stepSize", "preconditioner"]);
  const { stepSize, preconditioner } = options;
  checkPositive("stepSize", stepSize);
  return {
    dim: target.dim,
    init: (x) => {
      checkPoints("x", x, target.dim);
      return Promise.resolve({ x: x.slice() });
    },
    async step(key, { x }) {
      const score = checkScore(await target.score(x), x);
      const next = propose(x, score, stepSize, key, preconditioner);
      const square = score.reduce((sum, s) => sum + s * s, 0);
      return { state: { x: next }, info: { scoreNorm: Math.sqrt(square / score.length) } };
    },
  };
}

/** x + h C s + sqrt(2h) C^{1/2} ξ */
export function propose(
  x: Float64Array,
  score: Float64Array,
  stepSize: number,
  key: Key,
  preconditioner: Preconditioner | undefined,
): Float64Array {
  const xi = normal(key, x.length);
  const drift = preconditioner === undefined ? score : preconditioner.apply(score);
  const noise = preconditioner === undefined ? xi : preconditioner.noise(xi);
  const root = Math.sqrt(2 * stepSize);
  return x.map((value, k) => value + stepSize * drift[k] + root * noise[k]);
}
