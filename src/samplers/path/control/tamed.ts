import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkNumber, checkOneOf, checkPositive } from "../../../core/checks.js";
import { tf } from "../../../engine/index.js";
import { activation, combine, linear, mlp, zeros, type Activation } from "../../../nets/index.js";
import type { Scheme } from "../schemes/scheme.js";
import type { Control } from "./control.js";
import { clip, firstLayer, tame } from "./layers.js";

/** Options of `tamedControl`. */
export interface TamedOptions {
  /** R: a step's implied end point is shifted by no more than about this; the size of the target's domain. Default 2. */
  readonly radius?: number;
  /** Damp the additive channel by this multiple of the score's typical size; 0 leaves it free. Default 0. */
  readonly damping?: number;
  /** Width of the layers; default 64. */
  readonly width?: number;
  /** Hidden layers; default 3. */
  readonly depth?: number;
  /** Default "silu". */
  readonly activation?: Activation;
  /** What the coefficient of the score is before training, as a function of progress; default the progress itself. */
  readonly base?: "progress" | "zero";
  /** Parts left out, to see what each is worth. */
  readonly without?: readonly TamedPart[];
}

/**
 * A part of the tamed control: "coefficient" is w(x, t), without which the score's coefficient depends on time alone; "slow code" the
 * low frequencies, without which the code of time has 64 of them up to 100; "taming" the bounds on b, a and w; "score input" b as an
 * input of the perceptron.
 */
export type TamedPart = (typeof PARTS)[number];
const PARTS = ["coefficient", "slow code", "taming", "score input"] as const;

const TIME_WIDTH = 64;
/** Largest additive output, largest change of the score's coefficient, largest raw score. */
const LIMITS = { additive: 20, coefficient: 2, score: 250 } as const;

/**
 * A control made of the target's score, tamed: with b the score relative to the reference N(0, V I), bounded so that the end
 * point that it implies moves by no more than about R,
 *
 *   s(x, t) = a(x, t) o(t) + (τ + s_d(t) + w(x, t)) b  [- x/V],   b = b₀ / sqrt(1 + (b₀ / (R reach(t)))²),  b₀ = clip(∇ log ρ) + x/V
 *
 * a and w are outputs of one perceptron a coordinate each, s_d of a net of time; all start at zero. Inputs are x, b and a code of
 * low-frequency functions of time, so that what is learned on a coarse time grid holds on a fine one.
 * @throws ArgumentError
 */
export function tamedControl(scheme: Scheme, options: TamedOptions = {}): Control {
  const { dim, pull, variance } = scheme;
  const { radius, damping, width, depth, act, base, without } = checked(options);
  const has = (part: TamedPart): boolean => !without.includes(part);
  const bound = has("taming") ? clip : (x: Tensor): Tensor => x;
  const last = { weight: zeros(), bias: zeros() };
  const timeCode = has("slow code") ? slowFeatures : fastFeatures;
  const features = has("slow code") ? NUM_SLOW : 2 * NUM_FAST;
  const time = mlp({ sizes: [features, TIME_WIDTH, width], activation: act });
  const gate = mlp({ sizes: [features, TIME_WIDTH, TIME_WIDTH, dim], activation: act, output: last });
  const input = linear({ inputs: has("score input") ? 2 * dim : dim, outputs: width });
  const body = mlp({ sizes: [...Array<number>(depth).fill(width), 2 * dim], activation: act, output: last });
  const model = combine({ time, gate, input, body });
  const nonlinear = activation(act);
  const { spec, count, init } = model;
  return {
    ...{ spec, count, init },
    encode(params, at) {
      const of = model.split(params);
      const code = timeCode(at);
      const coefficient = gate.apply(of.gate, code);
      const begun = base === "zero" ? coefficient : coefficient.add(at.progress.reshape([-1, 1]));
      const all = time.apply(of.time, code).add(of.input.bias).concat(begun, 1);
      return all.expandDims(1);
    },
    guide(score, x, { reach }) {
      const relative = bound(score, LIMITS.score).add(x.div(variance));
      return has("taming") ? tame(relative, reach.mul(radius)) : relative;
    },
    apply(params, { x, guide, code, at }) {
      const of = model.split(params);
      const [embedded, coefficient] = code.split([width, dim], code.rank - 1);
      const place = clip(x, 4 * radius);
      const seen = has("score input") ? place.concat(tame(guide, 8).mul(0.25), x.rank - 1) : place;
      let z = firstLayer(seen, of.input.weight, embedded);
      for (let l = 0; l < depth; l++) {
        z = nonlinear(z).matMul(of.body[`layers.${l}.weight`]).add(of.body[`layers.${l}.bias`]);
      }
      const [a, w] = tf()
        .split(z, 2, 1)
        .map((part) => part.reshape(x.shape));
      const free = bound(a, LIMITS.additive);
      const additive = damping === 0 ? free : free.mul(at.size.mul(damping));
      const share = has("coefficient") ? bound(w, LIMITS.coefficient).add(coefficient) : coefficient;
      const s = additive.add(share.mul(guide));
      return pull ? s.sub(x.div(variance)) : s;
    },
  };
}

const PERIODS = [1, 2, 3, 4, 6, 8];
const WAVES = [0.5, 1, 1.5];
const NUM_SLOW = 3 + 2 * (PERIODS.length + WAVES.length);

/** Low-frequency functions of progress and of the log of the variance to come: [N, NUM_SLOW]. */
function slowFeatures({ progress, logVariance }: Readonly<Record<string, Tensor>>): Tensor {
  const [tau, lv] = [progress, logVariance].map((column) => column.reshape([-1, 1]));
  const waves = (z: Tensor, ks: number[]): Tensor[] => ks.flatMap((k) => [z.mul(k).sin(), z.mul(k).cos()]);
  const plain = [tau, lv.div(4), lv.exp().neg().exp()];
  return tf().concat([...plain, ...waves(tau.mul(Math.PI), PERIODS), ...waves(lv, WAVES)], 1);
}

const NUM_FAST = 64;

/** Waves in time of frequencies from 0.1 to 100, those of the published code: [N, 2 NUM_FAST]. */
function fastFeatures({ time }: Readonly<Record<string, Tensor>>): Tensor {
  const angles = time.reshape([-1, 1]).mul(tf().linspace(0.1, 100, NUM_FAST));
  return angles.sin().concat(angles.cos(), 1);
}

function checked(options: TamedOptions) {
  checkKeys("options", options, ["radius", "damping", "width", "depth", "activation", "base", "without"]);
  const {
    radius = 2,
    damping = 0,
    width = 64,
    depth = 3,
    activation: act = "silu",
    base = "progress",
    without = [],
  } = options;
  checkPositive("radius", radius);
  checkNumber("damping", damping, { min: 0 });
  checkInteger("width", width, { min: 1 });
  checkInteger("depth", depth, { min: 1 });
  without.forEach((part, i) => checkOneOf(`without[${i}]`, part, PARTS));
  return { radius, damping, width, depth, act, base, without };
}
