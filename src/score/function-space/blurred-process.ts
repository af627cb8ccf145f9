import { checkNumber } from "../../core/checks.js";
import { frequencies } from "../../linalg/index.js";

/** Options of `blurredProcess`; the defaults are those of the MNIST runs. */
export interface BlurredProcessOptions {
  /** log(α²/σ²) at times 0 and 1; default 10 and -10. */
  readonly logSnr?: readonly [number, number];
  /** sb at time 0 and what it gains until time 1; default 0.05 and 0.2. */
  readonly blur?: readonly [number, number];
}

/** What is left of the data at a time, and how much noise there is. */
export interface BlurredMarginal {
  /** λ = log(α²/σ²) */
  readonly logSnr: number;
  readonly alpha: number;
  readonly sigma: number;
  /** sb, the blur's length times π. */
  readonly blur: number;
}

/** A variance-preserving process that blurs on its way to noise. */
export interface BlurredProcess {
  /** @param t from 0 to 1 @throws ArgumentError */
  marginal(t: number): BlurredMarginal;
  /** α(t) exp(-|k|² sb(t)²/2) for the cosine modes of a square of `size` points, size² numbers. @throws ArgumentError */
  factors(t: number, size: number): Float64Array;
}

/**
 * z_t = α(t) B_t u + σ(t) ζ on cosine modes:
 *
 *   λ(t) = -2 log tan(π/2 (t_0 + (t_1 - t_0) t)),  α² = 1/(1 + e^{-λ}),  σ² = 1/(1 + e^{λ}),
 *   B_t = exp(-|k|² sb²/2),  sb(t) = sb_0 + sb_1 sin²(πt/2)
 *
 * The blur is at work at time 0 already. Source: the authors' MNIST code; Rissanen et al. (2023) and Hoogeboom and Salimans (2023) for blurring.
 * @throws ArgumentError
 */
export function blurredProcess(options: BlurredProcessOptions = {}): BlurredProcess {
  const { logSnr: [high, low] = [10, -10], blur: [least, gain] = [0.05, 0.2] } = options;
  const [t0, t1] = [angle(high), angle(low)];
  const marginal = (t: number): BlurredMarginal => {
    checkNumber("t", t, { min: 0, max: 1 });
    const logSnr = -2 * Math.log(Math.tan((Math.PI / 2) * (t0 + (t1 - t0) * t)));
    return {
      logSnr,
      alpha: Math.sqrt(1 / (1 + Math.exp(-logSnr))),
      sigma: Math.sqrt(1 / (1 + Math.exp(logSnr))),
      blur: least + gain * Math.sin((Math.PI * t) / 2) ** 2,
    };
  };
  return {
    marginal,
    factors(t, size) {
      const { alpha, blur } = marginal(t);
      const axis = frequencies("cosine", size).map((k) => Math.exp((-k * k * blur * blur) / 2));
      const factors = new Float64Array(size * size);
      for (let i = 0, p = 0; i < size; i++)
        for (let j = 0; j < size; j++) factors[p++] = alpha * axis[i] * axis[j];
      return factors;
    },
  };
}

/** The t for which -2 log tan(πt/2) is given. */
function angle(logSnr: number): number {
  return (2 / Math.PI) * Math.atan(Math.exp(-logSnr / 2));
}
