import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkOneOf, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { tf, vjp } from "../../engine/index.js";
import { combine } from "../../nets/index.js";
import type { Control } from "./control/control.js";
import { checkedTarget, type CompilableTarget, type Limits, type PathModel, type Place } from "./model.js";
import { dis } from "./schemes/dis.js";
import { pis } from "./schemes/pis.js";
import type { Scheme } from "./schemes/scheme.js";

/** Options of `bridge`. */
export interface BridgeOptions {
  readonly numSteps: number;
  /** The control of the generative process, in score units. */
  readonly forward: Control;
  /** The control of the inference process, in score units; it sees no score. */
  readonly backward: Control;
  /**
   * The uncontrolled process: "constant" (default), Brownian motion of the given σ and horizon, or "vp", the variance-preserving
   * one of DIS; without a backward control a bridge of the latter is DIS.
   */
  readonly schedule?: "constant" | "vp";
  /** Of the constant schedule, default 1. */
  readonly sigma?: number;
  /** T of the constant schedule, default 1. */
  readonly horizon?: number;
  /** Of the backward control: "exact" (default), at dim derivatives, or "hutchinson", at one and with noise. */
  readonly divergence?: "exact" | "hutchinson";
}

/**
 * A bridge between N(0, I) and the target, both of whose directions are learned: dX = (μ + σ u) dt + σ dW from the prior, and backwards
 * in time dY = (-μ + σ v) ds + σ dW from the target, with μ = 0 or that of DIS,
 *
 *   RND = ∫ ½|u + v|² dt + ∫ (σ div v - div μ) dt + ∫ (u + v)·dW + log N(X_0; 0, I) - log ρ(X_T)
 *
 * At the optimum u + v = σ ∇ log p_t (Nelson's identity); the pair is not unique. With the paths held, ∇ RND is dW for u, and
 * (u + v) dt + dW, with σ dt for the divergence, for v. Hutchinson's directions are the signs of the step's own noise, which is
 * independent of the point (of paths with additional drifts only up to the step's length). Source: Richter and Berner 2024, equation 14 and section 3.
 * @throws ArgumentError
 */
export function bridge(given: CompilableTarget, options: BridgeOptions): PathModel {
  const known = ["numSteps", "forward", "backward", "schedule", "sigma", "horizon", "divergence"];
  checkKeys("options", options, known);
  const { numSteps, forward, backward, divergence = "exact" } = options;
  checkOneOf("divergence", divergence, ["exact", "hutchinson"]);
  const target = checkedTarget(given);
  const { steps, times, dim, constant } = bridgeScheme(target.dim, options);
  const parts = combine({ forward, backward });
  const { spec, count, init } = parts;
  const keep: PathModel["keep"] = (x, at, limits) => [forward.guide(target.ops.score(x), x, at, limits)];
  const controls = (params: Parameters<PathModel["step"]>[0], place: Place, limits: Limits) => {
    const of = parts.split(params);
    const { x, kept, codes, at } = place;
    const v = (z: Tensor): Tensor => {
      const guide = backward.guide(tf().zerosLike(z), z, at, limits);
      return backward.apply(of.backward, { x: z, guide, code: codes[1], at }, limits).mul(at.sigma);
    };
    const u = forward.apply(of.forward, { x, guide: kept[0], code: codes[0], at }, limits).mul(at.sigma);
    return {
      u,
      v: v(x),
      slopes: divergenceTerms(v, x, divergence === "exact" ? undefined : place.noise.sign()),
    };
  };
  return {
    ...{ spec, count, init, dim, numSteps, target, variance: 1, constant, exact: false },
    start: "truncated",
    reference: "first",
    columns: { ...steps, ...times },
    encode(params, at, limits) {
      const of = parts.split(params);
      return [forward.encode(of.forward, at, limits), backward.encode(of.backward, at, limits)];
    },
    keep,
    step(params, { x, noise, at, codes }, limits) {
      const kept = keep(x, at, limits);
      const { u, v, slopes } = controls(params, { x, noise, at, codes, kept }, limits);
      const [sum, h] = [u.add(v), at.clock.square()];
      return {
        x: x.mul(at.keep).add(u.mul(at.sigma).mul(h)).add(noise),
        running: sum.square().mul(0.5).add(slopes.mul(at.sigma)).mul(h),
        ito: sum.mul(noise).div(at.sigma),
        kept,
      };
    },
    surrogate(params, place, weights, limits) {
      const { u, v, slopes } = controls(params, place, limits);
      const { noise, at } = place;
      const running = detached(u).mul(v).add(v.square().mul(0.5)).add(slopes.mul(at.sigma));
      const integral = u.add(v).mul(noise).div(at.sigma);
      return running.mul(at.clock.square()).add(integral).mul(weights).sum();
    },
  };
}

/** The time grid of the uncontrolled process, from a normal start. @throws ArgumentError, also for a σ or horizon of the vp schedule */
export function bridgeScheme(
  dim: number,
  options: Pick<BridgeOptions, "numSteps" | "schedule" | "sigma" | "horizon">,
): Scheme {
  const { numSteps, schedule = "constant", sigma = 1, horizon = 1 } = options;
  checkInteger("numSteps", numSteps, { min: 1 });
  checkOneOf("schedule", schedule, ["constant", "vp"]);
  if (schedule === "vp") {
    for (const name of ["sigma", "horizon"] as const) {
      if (options[name] !== undefined)
        throw new ArgumentError(name, options[name], "nothing: the vp schedule has its own");
    }
    return { ...dis({ dim, numSteps }), method: "bridge" };
  }
  checkPositive("sigma", sigma);
  checkPositive("horizon", horizon);
  return { ...pis({ dim, numSteps, sigma, horizon }), method: "bridge", start: "truncated", variance: 1 };
}

/** ∂v_i/∂x_i, coordinate by coordinate, or Hutchinson's ε_i (J ε)_i for directions ε: their sums over i are the divergence. */
function divergenceTerms(v: (x: Tensor) => Tensor, x: Tensor, directions: Tensor | undefined): Tensor {
  if (directions !== undefined) return vjp(v, x, directions).gradient.mul(directions);
  const dim = x.shape[x.rank - 1];
  const terms = Array.from({ length: dim }, (_, i) => {
    const unit = Float32Array.from({ length: dim }, (_, j) => (i === j ? 1 : 0));
    const direction = tf().broadcastTo(tf().tensor1d(unit), x.shape);
    return vjp(v, x, direction).gradient.mul(direction);
  });
  return terms.reduce((sum, term) => sum.add(term));
}

/** The value alone: no derivative flows through. */
function detached(x: Tensor): Tensor {
  return tf().customGrad((value) => {
    const y = (value as Tensor).clone();
    return { value: y, gradFunc: (dy: Tensor) => tf().zerosLike(dy) };
  })(x);
}
