import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkNumber, checkOneOf, checkPositive } from "../../../core/checks.js";
import { tf } from "../../../engine/index.js";
import { activation, combine, linear, mlp, zeros, type Activation } from "../../../nets/index.js";
import type { Scheme } from "../schemes/scheme.js";
import type { Columns } from "../model.js";
import type { Control } from "./control.js";
import { clip, firstLayer, signedLog, tame, untame } from "./layers.js";

/** Options of `tamedControl`. */
export interface TamedOptions {
  /** R: a step's implied end point is shifted by no more than about this; the size of the target's domain. Default 2. */
  readonly radius?: number;
  /**
   * "one" (default): all coordinates are of one size, about R. "many": sizes differ by orders of magnitude, as a funnel's do. Then the
   * end point may move by |x| beside R, inputs are on a logarithmic scale, and x has a coefficient m(x, t) of its own.
   */
  readonly scales?: "one" | "many";
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
 * With many scales the bound on b is R reach(t) + |x|/V, and m(x, t) (1 + size(t)²) x is added to s.
 *
 * a, w and m are outputs of one perceptron a coordinate each, s_d of a net of time; all start at zero. Inputs are x, b and a code of
 * low-frequency functions of time, so that what is learned on a coarse time grid holds on a fine one.
 * @throws ArgumentError
 */
export function tamedControl(scheme: Scheme, options: TamedOptions = {}): Control {
  const { dim, pull, variance } = scheme;
  const { radius, scales, damping, width, depth, act, base, without } = checked(options);
  const many = scales === "many";
  const has = (part: TamedPart): boolean => !without.includes(part);
  const bound = has("taming") ? clip : (x: Tensor): Tensor => x;
  const last = { weight: zeros(), bias: zeros() };
  const timeCode = has("slow code") ? slowFeatures : fastFeatures;
  const features = has("slow code") ? NUM_SLOW : 2 * NUM_FAST;
  const time = mlp({ sizes: [features, TIME_WIDTH, width], activation: act });
  const gate = mlp({ sizes: [features, TIME_WIDTH, TIME_WIDTH, dim], activation: act, output: last });
  const input = linear({ inputs: dim * ((many ? 2 : 1) + (has("score input") ? 1 : 0)), outputs: width });
  const outputs = many ? 3 : 2;
  const hidden = Array<number>(depth).fill(width);
  const body = mlp({ sizes: [...hidden, outputs * dim], activation: act, output: last });
  const model = combine({ time, gate, input, body });
  const nonlinear = activation(act);
  const { spec, count, init } = model;
  /** The bound on b. */
  const size = (x: Tensor, { reach }: Columns): Tensor =>
    many ? reach.mul(radius).add(x.abs().div(variance)) : reach.mul(radius);
  const seenOf = (x: Tensor, guide: Tensor, at: Columns): Tensor => {
    if (!has("score input")) return inputs(x, undefined, radius, many);
    return inputs(x, many && has("taming") ? untame(guide, size(x, at)) : guide, radius, many);
  };
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
    guide(score, x, at) {
      const relative = bound(score, LIMITS.score).add(x.div(variance));
      return has("taming") ? tame(relative, size(x, at)) : relative;
    },
    apply(params, { x, guide, code, at }) {
      const of = model.split(params);
      const [embedded, coefficient] = code.split([width, dim], code.rank - 1);
      const seen = seenOf(x, guide, at);
      let z = firstLayer(seen, of.input.weight, embedded);
      for (let l = 0; l < depth; l++) {
        z = nonlinear(z).matMul(of.body[`layers.${l}.weight`]).add(of.body[`layers.${l}.bias`]);
      }
      const [a, w, m] = tf()
        .split(z, outputs, 1)
        .map((part) => part.reshape(x.shape));
      const free = bound(a, LIMITS.additive);
      const additive = damping === 0 ? free : free.mul(at.size.mul(damping));
      const share = has("coefficient") ? bound(w, LIMITS.coefficient).add(coefficient) : coefficient;
      const own = many ? bound(m, LIMITS.coefficient).mul(x).mul(at.size.square().add(1)) : undefined;
      const main = additive.add(share.mul(guide));
      const s = own === undefined ? main : main.add(own);
      return pull ? s.sub(x.div(variance)) : s;
    },
  };
}

/** What the perceptron sees of a point, and of the score unless it is left out. */
function inputs(x: Tensor, guide: Tensor | undefined, radius: number, many: boolean): Tensor {
  const place = many ? [tame(x, radius), signedLog(x.mul(10)).div(2)] : [clip(x, 4 * radius)];
  if (guide === undefined) return tf().concat(place, x.rank - 1);
  return tf().concat([...place, many ? signedLog(guide).div(2) : tame(guide, 8).mul(0.25)], x.rank - 1);
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
  checkKeys("options", options, [
    "radius",
    "scales",
    "damping",
    "width",
    "depth",
    "activation",
    "base",
    "without",
  ]);
  const {
    radius = 2,
    scales = "one",
    damping = 0,
    width = 64,
    depth = 3,
    activation: act = "silu",
    base = "progress",
    without = [],
  } = options;
  checkPositive("radius", radius);
  checkOneOf("scales", scales, ["one", "many"]);
  checkNumber("damping", damping, { min: 0 });
  checkInteger("width", width, { min: 1 });
  checkInteger("depth", depth, { min: 1 });
  without.forEach((part, i) => checkOneOf(`without[${i}]`, part, PARTS));
  return { radius, scales, damping, width, depth, act, base, without };
}
