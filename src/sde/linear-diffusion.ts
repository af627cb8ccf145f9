import { checkKeys, checkNumber, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { System, TimeScore } from "./system.js";

/**
 * A noising process that is linear in its state, dX = a(t) X dt + g(t) dW, the same in every coordinate:
 *
 *   X_t | X_0 = x  ~  N(factor(t) x, variance(t) I)
 */
export interface LinearDiffusion {
  /** T, the time of pure noise. */
  readonly horizon: number;
  /** a(t) */
  rate(t: number): number;
  /** g(t) */
  diffusion(t: number): number;
  /** The law of X_t given X_0. @throws ArgumentError for a time outside of [0, T] */
  marginal(t: number): { readonly factor: number; readonly variance: number };
}

/** Options of `varianceExploding`. */
export interface VarianceExplodingOptions {
  /** σ, default 1. */
  readonly scale?: number;
  /** p; 1 is the heat flow of σ W_t, 2 makes time a standard deviation. Default 1. */
  readonly power?: number;
  readonly horizon: number;
}

/**
 * The variance-exploding process dX = σ sqrt(p t^{p-1}) dW with Var[X_t | X_0] = σ² t^p.
 *
 * @throws ArgumentError for a power below 1, scales or horizons that are not positive
 */
export function varianceExploding(options: VarianceExplodingOptions): LinearDiffusion {
  checkKeys("options", options, ["scale", "power", "horizon"]);
  const { scale = 1, power = 1, horizon } = options;
  checkPositive("scale", scale);
  checkNumber("power", power, { min: 1 });
  checkPositive("horizon", horizon);
  return {
    horizon,
    rate: () => 0,
    diffusion: (t) => scale * Math.sqrt(power * t ** (power - 1)),
    marginal: (t) => ({ factor: 1, variance: scale ** 2 * checkTime(t, horizon) ** power }),
  };
}

/** Options of `variancePreserving`. */
export interface VariancePreservingOptions {
  /** β(0), default 0.1. */
  readonly betaMin?: number;
  /** β(T), default 20. */
  readonly betaMax?: number;
  /** Default 1. */
  readonly horizon?: number;
}

/**
 * The variance-preserving process dX = -½ β(t) X dt + sqrt(β(t)) dW with β linear from `betaMin` to `betaMax` (Song et al. 2021).
 *
 *   factor = exp(-½ ∫_0^t β),  variance = 1 - factor²
 *
 * @throws ArgumentError for rates or horizons that are not positive
 */
export function variancePreserving(options: VariancePreservingOptions = {}): LinearDiffusion {
  checkKeys("options", options, ["betaMin", "betaMax", "horizon"]);
  const { betaMin = 0.1, betaMax = 20, horizon = 1 } = options;
  checkPositive("betaMin", betaMin);
  checkPositive("betaMax", betaMax);
  checkPositive("horizon", horizon);
  const beta = (t: number): number => betaMin + ((betaMax - betaMin) * t) / horizon;
  return {
    horizon,
    rate: (t) => -beta(t) / 2,
    diffusion: (t) => Math.sqrt(beta(t)),
    marginal(t) {
      const integral = (checkTime(t, horizon) * (betaMin + beta(t))) / 2;
      return { factor: Math.exp(-integral / 2), variance: -Math.expm1(-integral) };
    },
  };
}

/** Options of `meanReverting`. */
export interface MeanRevertingOptions {
  /** b; 0 gives the heat flow. */
  readonly rate: number;
  /** σ, default 1. */
  readonly sigma?: number;
  readonly horizon: number;
}

/**
 * The Ornstein–Uhlenbeck process dX = -(b/2) X dt + σ dW: factor e^{-bt/2}, variance (σ²/b) (1 - e^{-bt}); b → 0 is the heat flow.
 *
 * @throws ArgumentError for a negative rate, σ or a horizon that is not positive
 */
export function meanReverting(options: MeanRevertingOptions): LinearDiffusion {
  checkKeys("options", options, ["rate", "sigma", "horizon"]);
  const { rate, sigma = 1, horizon } = options;
  checkNumber("rate", rate, { min: 0 });
  checkPositive("sigma", sigma);
  checkPositive("horizon", horizon);
  return {
    horizon,
    rate: () => -rate / 2,
    diffusion: () => sigma,
    marginal(t) {
      checkTime(t, horizon);
      const time = rate === 0 ? t : -Math.expm1(-rate * t) / rate;
      return { factor: Math.exp((-rate * t) / 2), variance: sigma ** 2 * time };
    },
  };
}

/**
 * The time reversal of a linear diffusion given the score of its law, for times that run from T to 0 (Anderson 1982):
 *
 *   dY = [-a(t) Y + g(t)² s(t, Y)] |dt| + g(t) dW
 */
export function reverseDiffusion(process: LinearDiffusion, score: TimeScore): System {
  return backward(process, score, 1, (t) => process.diffusion(t));
}

/**
 * The probability flow of a linear diffusion, which has its marginals without noise, for times that run from T to 0:
 *
 *   dY = [-a(t) Y + ½ g(t)² s(t, Y)] |dt|
 */
export function diffusionFlow(process: LinearDiffusion, score: TimeScore): System {
  return backward(process, score, 0.5, 0);
}

function backward(
  process: LinearDiffusion,
  score: TimeScore,
  share: number,
  diffusion: System["diffusion"],
): System {
  return {
    async drift(t, y, out) {
      const s = await score(t, y);
      const [a, g2] = [process.rate(t), share * process.diffusion(t) ** 2];
      for (let k = 0; k < y.length; k++) out[k] = g2 * s[k] - a * y[k];
    },
    diffusion,
  };
}

function checkTime(t: number, horizon: number): number {
  if (!(t >= 0 && t <= horizon * (1 + 1e-12))) {
    throw new ArgumentError("t", t, `a time from 0 to the horizon ${horizon}`);
  }
  return t;
}
