import { checkInteger, checkKeys, checkOneOf } from "../../../core/checks.js";
import { gelu } from "../../../engine/index.js";
import { combine, fourierMlp, timeNet } from "../../../nets/index.js";
import { unflatten } from "../../../nets/index.js";
import type { Control } from "./control.js";
import { clip, firstLayer } from "./layers.js";

const WIDTH = 64;

/** Options of `publishedControl`. */
export interface PublishedOptions {
  readonly dim: number;
  /** "score": NN + s(t) ∇ log ρ, in the SDE's units; "lerp": NN + σ s(t) ((1-τ) ∇ log prior + τ ∇ log ρ); "none": NN alone. */
  readonly form: "score" | "lerp" | "target" | "prior" | "none";
  /** s(t) at the start; default 0.01 for "score", else 1. */
  readonly coefficient?: number;
}

/**
 * The control of the published samplers, in score units u/σ, every part of it cut to [-c, c]: a `fourierMlp` of width 64 and a
 * coefficient net s(t),
 *
 *   score: u = NN(x, t) + s(t) ∇ log ρ(x);   lerp: u = NN(x, t) + σ(t) s(t) ((1 - τ) ∇ log N(x; 0, I) + τ ∇ log ρ(x))
 *
 * with 129 dim + 37,569 parameters. "target" and "prior" are the two halves of lerp, for the pair of controls of a bridge.
 * Source: Berner, Richter and Ullrich 2024 (sde_sampler); Zhang and Chen 2022.
 * @throws ArgumentError
 */
export function publishedControl(options: PublishedOptions): Control {
  checkKeys("options", options, ["dim", "form", "coefficient"]);
  const { dim, form, coefficient = form === "score" ? 0.01 : 1 } = options;
  checkInteger("dim", dim, { min: 1 });
  checkOneOf("form", form, ["score", "lerp", "target", "prior", "none"]);
  const net = fourierMlp({ dim });
  const gate = timeNet({ initial: coefficient });
  const model = combine({ net, gate });
  const { spec, count, init } = model;
  return {
    ...{ spec, count, init },
    encode(params, { time, sigma }, { clip: limit }) {
      const of = model.split(params);
      const t = time.reshape([-1, 1]);
      const code = net.embed(of.net, t).add(unflatten(net.spec, of.net)["input.bias"]);
      const share = clip(gate.apply(of.gate, t), limit);
      const scaled = form === "score" ? share.div(sigma.reshape([-1, 1])) : share;
      return code.concat(scaled, 1).expandDims(1);
    },
    guide(score, x, { progress }, { clip: limit }) {
      if (form === "score") return clip(score, limit);
      if (form === "lerp") return clip(score.add(x).mul(progress).sub(x), limit);
      return clip(form === "prior" ? x.mul(progress.sub(1)) : score.mul(progress), limit);
    },
    apply(params, { x, guide, code, at }, { clip: limit }) {
      const named = model.split(params).net;
      const [embedded, share] = code.split([WIDTH, 1], code.rank - 1);
      let z = firstLayer(x, named["input.weight"], embedded);
      for (let l = 0; l < 3; l++) {
        z = gelu(z).matMul(named[`body.layers.${l}.weight`]).add(named[`body.layers.${l}.bias`]);
      }
      const free = clip(z.reshape(x.shape), limit).div(at.sigma);
      return form === "none" ? free : free.add(guide.mul(share));
    },
  };
}
