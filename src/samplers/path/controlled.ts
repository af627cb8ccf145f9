import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../../engine/index.js";
import type { ParamTensors } from "../../nets/index.js";
import type { Control } from "./control/control.js";
import { checkedTarget, type CompilableTarget, type Limits, type PathModel, type StepTo } from "./model.js";
import type { Scheme, StepTable } from "./schemes/scheme.js";

/** Options of `controlled`. */
export interface ControlledOptions {
  /** Treat the score as a constant where losses differentiate through paths; default false. */
  readonly detachScore?: boolean;
}

/**
 * A scheme with one learned control: with z = noise ξ,
 *
 *   x' = keep x + gain s(x) + z,   RND += square |s|² + (cross/noise) s·z - free |ξ|²,   ∇ RND = (slope/noise) z·∇s with the path held
 *
 * @throws ArgumentError for a target without tensor operations or of another dimension
 */
export function controlled(
  scheme: Scheme,
  control: Control,
  given: CompilableTarget,
  options: ControlledOptions = {},
): PathModel {
  const target = checkedTarget(given);
  const { steps, times, dim, numSteps, start, variance, reference, constant, exact } = scheme;
  const { spec, count, init } = control;
  const plain = steps.cross.every((value, k) => value === steps.noise[k]);
  const score = options.detachScore === true ? detached(target.ops.score) : target.ops.score;
  const keep: PathModel["keep"] = (x, at, limits) => [control.guide(score(x), x, at, limits)];
  /** Where a step leads without noise, and what it costs given the noise. */
  const moved = (params: ParamTensors, { x, at, codes }: Omit<StepTo, "next">, limits: Limits) => {
    const kept = keep(x, at, limits);
    const s = control.apply(params, { x, guide: kept[0], code: codes[0], at }, limits);
    const costs = (noise: Tensor) => {
      return { running: s.mul(s.mul(at.square)), ito: s.mul(plain ? noise : noise.mul(at.cross)), kept };
    };
    return { mean: x.mul(at.keep).add(s.mul(at.gain)), costs };
  };
  return {
    ...{ spec, count, init, dim, numSteps, target, start, variance, reference, constant, exact },
    columns: columnsOf(steps, times),
    encode: (params, at, limits) => [control.encode(params, at, limits)],
    keep,
    step(params, { noise, ...place }, limits) {
      const { mean, costs } = moved(params, place, limits);
      return { x: mean.add(noise), ...costs(noise) };
    },
    stepTo(params, { next, ...place }, limits) {
      const { mean, costs } = moved(params, place, limits);
      const noise = next.sub(mean);
      return { x: next, noise, ...costs(noise) };
    },
    ofNoise: steps.free.every((value) => value === 0)
      ? undefined
      : (noise, at) => noise.square().mul(at.free).sum([0, 2]).neg(),
    surrogate(params, { x, kept, noise, at, codes }, weights, limits) {
      const s = control.apply(params, { x, guide: kept[0], code: codes[0], at }, limits);
      return s.mul(noise.mul(weights).mul(at.slope)).sum();
    },
  };
}

/** The same function with derivative zero. */
function detached(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return tf().customGrad((x) => {
    const value = f(x as Tensor);
    return { value, gradFunc: (dy: Tensor) => tf().zerosLike(dy) };
  });
}

/** All columns, those that multiply ξ as factors of z = noise ξ. */
function columnsOf(steps: StepTable, times: Scheme["times"]): PathModel["columns"] {
  const over = (column: Float64Array, power: number): Float64Array =>
    column.map((value, k) => value / steps.noise[k] ** power);
  return {
    ...steps,
    ...times,
    cross: over(steps.cross, 1),
    slope: over(steps.slope, 1),
    free: over(steps.free, 2),
  };
}
