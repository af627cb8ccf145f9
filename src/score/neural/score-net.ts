import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkOneOf, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { mlp, type Activation, type Net, type Parametrised, type ParamTensors } from "../../nets/index.js";
import type { LinearDiffusion, TimeScore } from "../../sde/index.js";
import { evaluator } from "./evaluate.js";
import { checkProcess, LEVEL_WIDTH } from "./noise-levels.js";

/** What the net's output stands for: the score itself, or the noise in its input. */
export type ScoreForm = "plain" | "preconditioned";

/** A score as a net of points and noise levels. */
export interface ScoreNetOptions {
  readonly dim: number;
  /** The noising process. */
  readonly process: LinearDiffusion;
  /** Default "preconditioned". */
  readonly form?: ScoreForm;
  /** σ, a typical standard deviation of a coordinate of the data, for the scale of a preconditioned net's inputs; default 1. */
  readonly dataScale?: number;
  /** Widths of the hidden layers; default five of 64. */
  readonly hidden?: readonly number[];
  /** Default "gelu". */
  readonly activation?: Activation;
  /** A net of one's own from dim + 1 inputs to dim outputs, in place of `hidden` and `activation`. */
  readonly net?: Net;
}

/** A time-dependent score with parameters. */
export interface ScoreNet extends Parametrised {
  readonly dim: number;
  readonly process: LinearDiffusion;
  readonly form: ScoreForm;
  readonly dataScale: number;
  /** √v s(t, x) in tfjs ops: points [n, dim] and rows of `levelRows` [n, 4] to [n, dim]. */
  readonly scaled: (params: ParamTensors, x: Tensor, level: Tensor) => Tensor;
  /** The score with given parameters, computed in float32 on the threads of the pool. @throws ArgumentError */
  readonly score: (params: Float32Array) => TimeScore;
}

/** Names of the options, for those who pass them on. */
export const NET_OPTIONS = ["dim", "process", "form", "dataScale", "hidden", "activation", "net"] as const;

/**
 * A score as a net N of a point and the code τ = ¼ log(v/m²) of its noise level, m and v being the process's factor and variance:
 *
 *   plain           s(t, x) = N(x, τ)
 *   preconditioned  s(t, x) = -N(x/√(m² σ² + v), τ)/√v: N predicts the noise from inputs of unit size
 *
 * Sources: J. Ho et al. 2020 (noise prediction); T. Karras et al. 2022, table 1 (scaled inputs, ¼ log of the noise level).
 * @throws ArgumentError
 */
export function scoreNet(options: ScoreNetOptions): ScoreNet {
  checkKeys("options", options, NET_OPTIONS);
  const { dim, process, form = "preconditioned", dataScale = 1 } = options;
  checkInteger("dim", dim, { min: 1 });
  checkProcess(process);
  const plain = checkOneOf("form", form, ["plain", "preconditioned"]) === "plain";
  checkPositive("dataScale", dataScale);
  const body = bodyOf(options);
  const scaled: ScoreNet["scaled"] = (params, x, level) => {
    const [, std, scale, code] = level.split(LEVEL_WIDTH, 1);
    const out = body.apply(params, (plain ? x : x.mul(scale)).concat(code, 1));
    return plain ? out.mul(std) : out.neg();
  };
  const { spec, count, init } = body;
  const common = { spec, count, init, dim, process, form, dataScale, scaled };
  return { ...common, score: evaluator(common) };
}

function bodyOf({ dim, hidden, activation, net }: ScoreNetOptions): Net {
  if (net === undefined) {
    return mlp({ sizes: [dim + 1, ...(hidden ?? [64, 64, 64, 64, 64]), dim], activation });
  }
  if (hidden !== undefined || activation !== undefined) {
    throw new ArgumentError("net", net, "none beside `hidden` or `activation`");
  }
  return net;
}
