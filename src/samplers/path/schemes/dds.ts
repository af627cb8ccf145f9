import { checkInteger, checkKeys, checkPositive } from "../../../core/checks.js";
import { beta, diffusionTimes, noising, signalTimes } from "./diffusion-times.js";
import { checkDis, type DisOptions } from "./dis.js";
import { column, type Column, type Scheme, type StepTable } from "./scheme.js";

/** Options of `dds`. */
export interface DdsOptions {
  readonly dim: number;
  /** Default 256. */
  readonly numSteps?: number;
  /** Sum of the nominal steps dt_i; default 12.8. */
  readonly horizon?: number;
  /** Default 1: the reference law is N(0, σ² I). */
  readonly sigma?: number;
  /** α in β_i = min(1, α sqrt(dt_i)); default 1. */
  readonly alpha?: number;
}

/**
 * The denoising diffusion sampler with its exponential integrator: a chain that keeps N(0, σ² I), and an excess drift u,
 *
 *   x' = sqrt(1 - β²) x + β² σ² u + σ β ξ,   RND += ½ β² σ² |u|² + σ β u·ξ,   at the end + log N(x; 0, σ²) - log ρ(x)
 *
 * with dt_i proportional to cos⁴(½ π (i/n + 0.008)/1.008), i = 0..n; the last of them is 0 and left out. RND is an exact ratio of
 * discrete path densities. u* is about ∇ log (p_k / N(0, σ² I)). Source: Vargas, Grathwohl and Doucet 2023.
 * @throws ArgumentError
 */
export function dds(options: DdsOptions): Scheme {
  checkKeys("options", options, ["dim", "numSteps", "horizon", "sigma", "alpha"]);
  const { dim, numSteps = 256, horizon = 12.8, sigma = 1, alpha = 1 } = options;
  checkInteger("dim", dim, { min: 1 });
  checkInteger("numSteps", numSteps, { min: 1 });
  checkPositive("horizon", horizon);
  checkPositive("sigma", sigma);
  checkPositive("alpha", alpha);
  const dt = cosineSteps(numSteps, horizon);
  const betas = dt.map((step) => Math.min(1, alpha * Math.sqrt(step)));
  const chain = excess(betas.map((b) => Math.sqrt(1 - b * b)), betas.map((b) => sigma * b), dt.map(Math.sqrt)); // prettier-ignore
  return {
    method: "dds",
    dim,
    numSteps,
    steps: { ...chain, back: chain.keep, spread: chain.noise },
    times: {
      time: before(dt),
      progress: before(dt).map((t) => t / horizon),
      sigma: column(numSteps, () => sigma),
      ...signalTimes(remaining(betas)),
    },
    start: "normal",
    variance: sigma ** 2,
    reference: "last",
    pull: false,
    constant: 0,
    exact: true,
  };
}

/**
 * DDS with Euler–Maruyama steps of the variance-preserving process: dX = (-½ β X + β e) dt + sqrt(β) dW with the excess score
 * e = ∇ log p_t + x, RND = ∫ ½ β |e|² + ∫ sqrt(β) e·dW + log N(X_T; 0, I) - log ρ(X_T). Source: as `dds`, in continuous time.
 * @throws ArgumentError
 */
export function ddsEuler(options: DisOptions): Scheme {
  const { dim, numSteps, process, start } = checkDis(options);
  const h = process.horizon / numSteps;
  const times = diffusionTimes(process, numSteps);
  const step = times.time.map((t) => beta(process, t) * h);
  const clock = column(numSteps, () => Math.sqrt(h));
  const shape = { start, variance: 1, reference: "last", pull: false, constant: 0, exact: false } as const;
  const chain = excess(step.map((b) => 1 - b / 2), step.map(Math.sqrt), clock); // prettier-ignore
  const steps = { ...chain, ...noising(process, numSteps) };
  return { method: "dds-euler", dim, numSteps, steps, times, ...shape };
}

/** Steps of a chain with an excess drift noise² u: RND += ½ noise² |u|² + noise u·ξ. */
function excess(keep: Column, noise: Column, clock: Column): Omit<StepTable, "back" | "spread"> {
  const gain = noise.map((s) => s * s);
  const free = new Float64Array(keep.length);
  return { keep, gain, noise, square: gain.map((g) => g / 2), cross: noise, free, slope: noise, clock };
}

function cosineSteps(n: number, horizon: number): Column {
  const weights = column(n, (i) => Math.cos(((Math.PI / 2) * (i / n + 0.008)) / 1.008) ** 4);
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => (horizon * w) / sum);
}

/** Sums of what comes before every step. */
function before(dt: Column): Column {
  let sum = 0;
  return dt.map((step) => (sum += step) - step);
}

/** Π_{j >= k} (1 - β_j²): the share of the data in the variance at step k, were the chain run from the data backwards. */
function remaining(betas: Column): Column {
  const out = new Float64Array(betas.length);
  let product = 1;
  for (let k = betas.length - 1; k >= 0; k--) out[k] = product *= 1 - betas[k] ** 2;
  // A step with β = 1 forgets everything: a share of nothing has no logarithm.
  return out.map((share) => Math.max(share, 1e-12));
}
