import { checkPoints, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { split, type Key } from "../../random/index.js";
import type { TimeScore } from "../../sde/index.js";
import {
  fit,
  lossProgram,
  values,
  type FitOptions,
  type FitResult,
  type LossOptions,
} from "../../train/index.js";
import { guarded } from "./guard.js";
import { LEVEL_WIDTH, levelRows, timeDraws, type TimesOptions } from "./noise-levels.js";
import { NET_OPTIONS, scoreNet, type ScoreNet, type ScoreNetOptions } from "./score-net.js";

/** How a run is optimised and watched: as in `train.fit`. */
type RunOptions = Pick<
  FitOptions,
  | "optimiser"
  | "clipNorm"
  | "average"
  | "evaluate"
  | "checkpoint"
  | "recordEvery"
  | "from"
  | "onProgress"
  | "signal"
  | "shards"
  | "pool"
>;

/** Options common to the losses that learn a score with a net. */
export interface LearnOptions extends ScoreNetOptions, RunOptions {
  readonly key: Key;
  /** Default 2000. */
  readonly numSteps?: number;
  /** Default 64. */
  readonly batchSize?: number;
  readonly times?: TimesOptions;
  /** Where to start; default the net's own start. */
  readonly params?: Float32Array;
  /** Training stops with a DivergenceError above this norm of the loss's gradient; default 1e6. */
  readonly maxGradientNorm?: number;
}

/** A learned score. */
export interface LearnedScore {
  /** ∇ log p_t of the noised data, of the running average of the parameters where there is one. */
  readonly score: TimeScore;
  /** What `score` is made of: `net.score(params)`. */
  readonly params: Float32Array;
  readonly net: ScoreNet;
  /** Raw and averaged parameters, loss history, state to go on from. */
  readonly training: FitResult;
}

const RUN_OPTIONS = [
  ["optimiser", "clipNorm", "average", "evaluate", "checkpoint", "recordEvery", "from", "onProgress"],
  ["signal", "shards", "pool"],
].flat() as (keyof RunOptions)[];

/** Names of the options. */
export const LEARN_OPTIONS: readonly string[] = [
  ...NET_OPTIONS,
  ...RUN_OPTIONS,
  ...["key", "numSteps", "batchSize", "times", "params", "maxGradientNorm"],
];

/** What a way of learning adds: its loss, the inputs of its batches, and a name for its checkpoints. */
export interface Objective {
  readonly name: unknown;
  readonly loss: LossOptions["loss"];
  readonly inputs: LossOptions["batch"]["inputs"];
}

/** Check the data and the options that all ways of learning have, and make the net. @throws ArgumentError */
export function prepare(data: Float64Array, options: LearnOptions): ScoreNet {
  const { dim, process, form, dataScale, hidden, activation, net, maxGradientNorm = 1e6, params } = options;
  const model = scoreNet({ dim, process, form, dataScale, hidden, activation, net });
  checkPoints("data", data, dim);
  checkPositive("maxGradientNorm", maxGradientNorm);
  if (params !== undefined && params.length !== model.count) {
    throw new ArgumentError("params", params, `${model.count} parameters of the net`);
  }
  return model;
}

/**
 * Train a net for a score. The rows of a batch have times of their own, whose noise levels are the input `level`.
 * @throws ArgumentError; DivergenceError
 */
export async function learn(
  net: ScoreNet,
  data: Float64Array,
  objective: Objective,
  options: LearnOptions,
): Promise<LearnedScore> {
  const { key, numSteps = 2000, batchSize = 64, times, maxGradientNorm = 1e6, checkpoint } = options;
  const [first, steps] = split(key);
  const draw = timeDraws(net.process, times);
  const level = values([LEVEL_WIDTH], (k) => levelRows(net.process, draw(k, batchSize), net.dataScale));
  const { shards, pool, ...run } = Object.fromEntries(
    RUN_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as RunOptions;
  const program = lossProgram({
    loss: objective.loss,
    batch: { size: batchSize, inputs: { ...objective.inputs, level } },
    ...(shards && { shards }),
    ...(pool && { pool }),
  });
  try {
    const training = await fit({
      ...run,
      program: guarded(program, { typicalLoss: net.dim, maxGradientNorm }),
      params: options.params ?? net.init(first),
      key: steps,
      numSteps,
      ...(checkpoint && { checkpoint: { ...checkpoint, tag: tag(net, data, objective, options) } }),
    });
    const params = training.average ?? training.params;
    return { score: net.score(params), params, net, training };
  } finally {
    await program.close?.();
  }
}

/** What a checkpoint's run depends on besides its start, key and optimiser. */
function tag(net: ScoreNet, data: Float64Array, { name }: Objective, options: LearnOptions): unknown {
  const { process, form, dataScale, spec } = net;
  const { batchSize = 64, times = {}, checkpoint } = options;
  const marginals = [0.01, 0.1, 0.5, 1].map((part) => process.marginal(part * process.horizon));
  const shapes = spec.map(({ name: of, shape }) => ({ name: of, shape: [...shape] }));
  const model = { form, dataScale, shapes, horizon: process.horizon, marginals };
  return { objective: name, data, batchSize, times, model, own: checkpoint?.tag };
}
