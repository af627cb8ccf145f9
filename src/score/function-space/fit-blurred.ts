import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { leadingModes } from "../../linalg/index.js";
import { filmMlp, oneHot, type FilmMlpOptions } from "../../nets/index.js";
import { uniform, type Key } from "../../random/index.js";
import { checkTraceClass, gridOf, type FieldCovariance } from "../../targets/fields/index.js";
import { normals, rows, values, type FitInfo, type FitOptions } from "../../train/index.js";
import {
  blurredLoss,
  blurredPrediction,
  LEVEL_COLUMNS,
  type BlurredModel,
  type BlurredPrediction,
} from "./blurred-net.js";
import type { BlurredProcess } from "./blurred-process.js";
import { modeSpectrum } from "./mode-spectrum.js";
import { checkRows } from "./rows.js";
import { trainDenoiser } from "./train-denoiser.js";

/** The data and the form of a model. */
export interface BlurredModelOptions {
  readonly process: BlurredProcess;
  /** Covariance of the noise, on cosine modes of a square. */
  readonly noise: FieldCovariance;
  /** Points an axis of the training grid. */
  readonly size: number;
  /** Modes an axis that the net sees; a power of two, default 16 or the grid's. */
  readonly block?: number;
  /** Of the fields, if draws are to be asked for by class. */
  readonly labels?: ArrayLike<number>;
  readonly net?: Pick<FilmMlpOptions, "width" | "blocks" | "embedding" | "activation">;
}

/** Options of `fitBlurred`. */
export interface BlurredFitOptions extends BlurredModelOptions {
  readonly key: Key;
  readonly numSteps: number;
  /** Default 128. */
  readonly batchSize?: number;
  /** Of Adam, falling by a cosine; default 3e-3. */
  readonly learningRate?: number;
  readonly checkpoint?: FitOptions["checkpoint"];
  readonly onProgress?: FitOptions["onProgress"];
  readonly signal?: AbortSignal;
}

/** A learned denoiser of the blurred process. */
export interface LearnedBlurred {
  /** On a grid of any size from the block's on, for fields of the classes given. */
  prediction(size: number, classOf?: ArrayLike<number>): BlurredPrediction;
  readonly params: Float32Array;
  readonly model: BlurredModel;
  readonly info: FitInfo;
}

const MODEL_OPTIONS = ["process", "noise", "size", "block", "labels", "net"];

/**
 * Learn to tell noise from data in the blurred process by denoising, with times stratified over a batch: the least of
 * E‖û_θ(z_t, t) - u‖² in H¹ relative to the linear guess's, on the leading cosine modes.
 *
 * @param modes n·size² coefficients of the training fields
 * @throws ArgumentError; NotTraceClassError for noise without a finite trace
 */
export async function fitBlurred(modes: Float64Array, options: BlurredFitOptions): Promise<LearnedBlurred> {
  checkKeys("options", options, [
    ...MODEL_OPTIONS,
    "key",
    "numSteps",
    "batchSize",
    "learningRate",
    "checkpoint",
    "onProgress",
    "signal",
  ]);
  const { process, size, labels, key, numSteps, batchSize = 128, learningRate = 3e-3 } = options;
  const { checkpoint, onProgress, signal } = options;
  const model = blurredModel(modes, options);
  const { block, classes } = model;
  const loss = blurredLoss(model);
  const leading = Float32Array.from(leadingModes(modes, { size, dim: 2 }, block));
  const { params, info } = await trainDenoiser({
    net: model.net,
    loss: (p: Tensor, { u, noise, level, label }: Readonly<Record<string, Tensor>>) =>
      loss(p, { u, noise, level, ...(classes > 0 && { label }) }),
    batch: {
      size: batchSize,
      inputs: {
        u: rows(leading, block * block),
        noise: normals(block * block),
        level: values([4], (stepKey) => levels(process, stepKey, batchSize)),
        ...(labels && { label: rows(oneHot(labels).rows, classes) }),
      },
    },
    ...{ key, numSteps, learningRate, checkpoint, onProgress, signal },
  });
  return {
    prediction: (grid, classOf) => blurredPrediction(model, params, grid, classOf),
    params,
    model,
    info,
  };
}

/** A model from its training data, without its parameters. @throws ArgumentError; NotTraceClassError */
export function blurredModel(
  modes: Float64Array,
  { process, noise, size, block = Math.min(16, size), labels, net }: BlurredModelOptions,
): BlurredModel {
  checkTraceClass("noise", noise);
  if (noise.basis !== "cosine" || noise.dim !== 2) {
    throw new ArgumentError("noise", noise, "a covariance on cosine modes of a square");
  }
  const count = checkRows("modes", modes, size * size);
  checkInteger("block", block, { min: 1, max: size });
  if (labels !== undefined && labels.length !== count) {
    throw new ArgumentError("labels", labels, `${count} classes, one a field`);
  }
  const classes =
    labels === undefined ? 0 : 1 + Array.from(labels).reduce((most, each) => Math.max(most, each), 0);
  return {
    process,
    noise,
    spectrum: modeSpectrum(modes, gridOf(noise, size)),
    block,
    classes,
    net: filmMlp({ ...net, inputs: block * block, conditions: LEVEL_COLUMNS + classes }),
  };
}

/** log-SNR, α, σ and sb at times one in each of `count` equal parts of [0, 1]. */
function levels(process: BlurredProcess, key: Key, count: number): Float32Array {
  const out = new Float32Array(4 * count);
  uniform(key, count).forEach((u, i) => {
    const { logSnr, alpha, sigma, blur } = process.marginal((i + u) / count);
    out.set([logSnr, alpha, sigma, blur], 4 * i);
  });
  return out;
}
