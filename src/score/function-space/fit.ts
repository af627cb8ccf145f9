import type { Tensor } from "@tensorflow/tfjs";
import { checkKeys, checkOneOf, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { fno, type FnoOptions } from "../../nets/index.js";
import type { Key } from "../../random/index.js";
import { checkTraceClass, gridOf, type FieldCovariance } from "../../targets/fields/index.js";
import { normals, rows, uniforms, type FitInfo, type FitOptions } from "../../train/index.js";
import { fieldLoss, learnedResidual, type FieldModel, type FieldNorm } from "./field-net.js";
import { modeSpectrum, type ModeSpectrum } from "./mode-spectrum.js";
import type { Residual } from "./residual.js";
import { checkRows } from "./rows.js";
import { trainDenoiser } from "./train-denoiser.js";

/** Options of `fit`. */
export interface FieldFitOptions {
  /** C of the noise, on the data's domain and basis. */
  readonly noise: FieldCovariance;
  /** Points an axis of the training grid. */
  readonly size: number;
  readonly key: Key;
  readonly numSteps: number;
  /** Fields a step, each with a noise and its opposite; default 64. */
  readonly batchSize?: number;
  /** The net; its `dim` is the noise's. */
  readonly net?: Omit<FnoOptions, "dim">;
  /** Largest and smallest σ, drawn log-uniformly between; default 1 and 0.01. */
  readonly levels?: readonly [number, number];
  /** What weighs: the largest waves, or all alike (`fieldLoss`); default "energy". */
  readonly norm?: FieldNorm;
  /** Of Adam, falling by a cosine; default 1e-3. */
  readonly learningRate?: number;
  /** Take an operator that is not of trace class, for a control; default false. */
  readonly allowWhite?: boolean;
  readonly checkpoint?: FitOptions["checkpoint"];
  readonly onProgress?: FitOptions["onProgress"];
  readonly signal?: AbortSignal;
}

/** A learned residual score in function space. */
export interface LearnedFields {
  /** On a grid of any size that carries the net's waves; points are modes. */
  residual(size: number): Residual;
  readonly params: Float32Array;
  readonly model: FieldModel;
  readonly info: FitInfo;
}

/**
 * Learn the residual score of fields by denoising in function space: the least of E‖ξ + F(u + ξ)‖²_H over levels, ξ ~ N(0, σ²C), with
 * a Fourier neural operator whose weights serve every grid. Every field is noised by ξ and by -ξ (`fieldLoss`).
 *
 * @param modes n·size^dim coefficients of the training fields
 * @throws ArgumentError; NotTraceClassError for noise without a finite trace
 */
export async function fit(modes: Float64Array, options: FieldFitOptions): Promise<LearnedFields> {
  checkKeys("options", options, [
    "noise",
    "size",
    "key",
    "numSteps",
    "batchSize",
    "net",
    "levels",
    "norm",
    "learningRate",
    "allowWhite",
    "checkpoint",
    "onProgress",
    "signal",
  ]);
  const { noise, size, key, numSteps, batchSize = 64, levels = [1, 0.01], learningRate = 1e-3 } = options;
  const { norm = "energy", allowWhite = false, checkpoint, onProgress, signal } = options;
  if (!allowWhite) checkTraceClass("noise", noise);
  const cells = size ** noise.dim;
  checkOneOf("norm", norm, ["energy", "whitened"]);
  checkRows("modes", modes, cells);
  const [most, least] = levels.map((sigma, l) => checkPositive(`levels[${l}]`, sigma));
  if (least >= most) throw new ArgumentError("levels", levels, "a largest and a smallest level");
  const model = modelOf(modes, options);
  const loss = fieldLoss(model, size, norm);
  const { params, info } = await trainDenoiser({
    net: model.net,
    loss: (p: Tensor, { u, xi, draw }: Readonly<Record<string, Tensor>>) =>
      loss(p, { u, noise: xi, level: draw.mul(Math.log(least / most)).add(Math.log(most)) }),
    batch: { size: batchSize, inputs: { u: rows(modes, cells), xi: normals(cells), draw: uniforms(1) } },
    ...{ key, numSteps, learningRate, checkpoint, onProgress, signal },
  });
  return { residual: (grid) => learnedResidual(model, params, grid), params, model, info };
}

/** A model from its training data, without its parameters. */
export function modelOf(
  modes: Float64Array,
  options: Pick<FieldFitOptions, "noise" | "size" | "net">,
): FieldModel {
  return modelWith(modeSpectrum(modes, gridOf(options.noise, options.size)), options);
}

/** A model from the second moments of its training data. */
export function modelWith(
  spectrum: ModeSpectrum,
  { noise, size, net }: Pick<FieldFitOptions, "noise" | "size" | "net">,
): FieldModel {
  const { mean, variances } = spectrum.at(size);
  const energy = variances.reduce((sum, lambda, k) => sum + lambda + mean[k] ** 2, 0);
  const volume = noise.length ** noise.dim;
  return { net: fno({ ...net, dim: noise.dim }), spectrum, noise, dataScale: Math.sqrt(energy / volume) };
}
