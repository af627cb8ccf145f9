import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { compile } from "../../engine/index.js";
import { tf } from "../../engine/tfjs.js";
import { inRows } from "../../linalg/in-rows.js";
import { sinusoidal, type FilmMlp } from "../../nets/index.js";
import { reached, type FieldCovariance } from "../../targets/fields/index.js";
import type { BlurredProcess } from "./blurred-process.js";
import type { ModeSpectrum } from "./mode-spectrum.js";

/** Rows in one call of the net. */
const CALL_ROWS = 128;

/** Columns that a log-SNR becomes. */
export const LEVEL_COLUMNS = 32;

/** What a denoiser of the blurred process is made of. */
export interface BlurredModel {
  readonly process: BlurredProcess;
  /** Covariance of the noise, on cosine modes of a square. */
  readonly noise: FieldCovariance;
  readonly spectrum: ModeSpectrum;
  /** The net sees and moves the modes below `block` of both axes; the others are left to their Gaussian law. */
  readonly block: number;
  /** Classes that draws may be asked for; 0 for none. */
  readonly classes: number;
  readonly net: FilmMlp;
}

/** The noise in z_t by the best linear guess or a learned one: coefficients of the modes of a grid, n·size² numbers in and out. */
export type BlurredPrediction = (t: number, z: Float64Array) => Promise<Float64Array>;

/** λ of the data and c of the noise, on a grid. */
interface Law {
  readonly variances: Float64Array;
  readonly eigenvalues: Float64Array;
}

/** What is known of a mode at a time without a net, mode by mode. */
interface Guess {
  /** α B */
  readonly factor: Float64Array;
  /** aλ/(a²λ + σ²c) */
  readonly skip: Float64Array;
  /** sqrt(λσ²c/(a²λ + σ²c)), the standard deviation that is left. */
  readonly out: Float64Array;
  /** 1/sqrt(a²λ + σ²c) */
  readonly scale: Float64Array;
}

function guessAt(process: BlurredProcess, t: number, size: number, law: Law): Guess {
  const { variances, eigenvalues } = law;
  const factor = process.factors(t, size);
  const variance = process.marginal(t).sigma ** 2;
  const noised = eigenvalues.map((c) => variance * c);
  const total = variances.map((lambda, k) => factor[k] ** 2 * lambda + noised[k]);
  const over = (value: number, k: number): number => (total[k] > 0 ? value / total[k] : 0);
  return {
    factor,
    skip: variances.map((lambda, k) => over(factor[k] * lambda, k)),
    out: variances.map((lambda, k) => Math.sqrt(over(lambda * noised[k], k))),
    scale: total.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0)),
  };
}

/**
 * The noise in z_t = a u + σζ on a grid, ε̂ = (z - a û)/σ with
 *
 *   û = m + aλ/(a²λ + σ²c) (z - a m) + sqrt(λσ²c/(a²λ + σ²c)) N_θ((z - a m)/sqrt(a²λ + σ²c), log-SNR, class)
 *
 * The best linear guess comes first and serves every mode; the net adds to the modes of its block what a Gaussian law does not have.
 * As it acts on coefficients of functions, and not on values at points, it is one map on every grid. Modes that the noise does not
 * reach are given none. (Karras et al. 2022, mode by mode.)
 *
 * @param params undefined for the linear guess alone
 * @param classOf the class of each field, where the model has classes
 * @throws ArgumentError
 */
export function blurredPrediction(
  model: BlurredModel,
  params: Float32Array | undefined,
  size: number,
  classOf?: ArrayLike<number>,
): BlurredPrediction {
  const { process, spectrum, noise, block } = model;
  checkInteger("size", size, { min: block });
  const learned = params === undefined ? undefined : netOnBlock(model, params, classOf);
  const { mean, variances } = spectrum.at(size);
  const law = { variances, eigenvalues: noise.eigenvalues(size) };
  const cells = size * size;
  const live = reached(law.eigenvalues);
  return async (t, z) => {
    const { sigma, logSnr } = process.marginal(t);
    const { factor, skip, out, scale } = guessAt(process, t, size, law);
    const guess = new Float64Array(z.length);
    for (let at = 0; at < z.length; at += cells)
      for (const k of live) guess[at + k] = mean[k] + skip[k] * (z[at + k] - factor[k] * mean[k]);
    if (learned !== undefined) {
      const places = blockPlaces(z.length / cells, block, size);
      const seen = Float32Array.from(places, (p) => {
        const k = p % cells;
        return scale[k] * (z[p] - factor[k] * mean[k]);
      });
      const added = await learned(seen, logSnr);
      places.forEach((p, i) => (guess[p] += out[p % cells] * added[i]));
    }
    for (let at = 0; at < z.length; at += cells)
      for (const k of live) guess[at + k] = (z[at + k] - factor[k] * guess[at + k]) / sigma;
    return guess;
  };
}

/** Where the modes of the block of each field lie. */
function blockPlaces(count: number, block: number, size: number): Uint32Array {
  return Uint32Array.from({ length: count * block * block }, (_, i) => {
    const [field, mode] = [Math.floor(i / block ** 2), i % block ** 2];
    return field * size * size + Math.floor(mode / block) * size + (mode % block);
  });
}

/** The net on blocks, in calls of a fixed number of rows on the pool. */
function netOnBlock(
  { net, block, classes }: BlurredModel,
  params: Float32Array,
  classOf: ArrayLike<number> | undefined,
): (seen: Float32Array, logSnr: number) => Promise<Float32Array> {
  if (!(params instanceof Float32Array) || params.length !== net.count) {
    throw new ArgumentError("params", params, `a Float32Array of ${net.count} parameters`);
  }
  if (classes > 0 !== (classOf !== undefined)) {
    throw new ArgumentError("classOf", classOf, classes > 0 ? "a class for each field" : "undefined");
  }
  const cells = block * block;
  const shapes = {
    params: { shape: [net.count] },
    x: { shape: [CALL_ROWS, cells] },
    level: { shape: [CALL_ROWS, 1] },
    label: { shape: [CALL_ROWS, Math.max(1, classes)] },
  };
  const program = compile(
    ({ params: p, x, level, label }: Readonly<Record<string, Tensor>>) =>
      net.apply(p, x, conditionOf(level, classes > 0 ? label : undefined)),
    shapes,
  );
  return (seen, logSnr) => {
    const level = new Float32Array(CALL_ROWS).fill(logSnr);
    const rows = seen.length / cells;
    const call = (x: Float32Array, first: number) => {
      const label = new Float32Array(CALL_ROWS * Math.max(1, classes));
      for (let r = 0; classOf !== undefined && r < Math.min(CALL_ROWS, rows - first); r++)
        label[r * classes + classOf[first + r]] = 1;
      return program({ params, x, level, label }) as unknown as Promise<Float32Array>;
    };
    return inRows(seen, { width: cells, rows: CALL_ROWS }, call, new Float32Array(seen.length));
  };
}

/** What the net is conditioned on: features of the log-SNR, and the class if there are classes. */
function conditionOf(level: Tensor, label: Tensor | undefined): Tensor {
  const features = sinusoidal({ size: LEVEL_COLUMNS, maxPeriod: 100 }).apply([] as never, level.mul(2));
  return label === undefined ? features : features.concat(label, 1);
}

/** What the loss is made of, as tensors: modes of the block, row by row. */
export interface BlurredParts {
  readonly u: Tensor;
  /** Standard normal. */
  readonly noise: Tensor;
  /** log-SNR, α, σ and sb of each row. */
  readonly level: Tensor;
  /** One-hot, where there are classes. */
  readonly label?: Tensor;
}

/**
 * The denoising loss on the block in H¹, E Σ_k (1 + |k|²)|û_k - u_k|² / Σ_k (1 + |k|²) out_k²: what the net leaves of the error over
 * what the linear guess of a Gaussian law leaves. Its least is E[u | z] in any norm; this one makes up its mind about outlines sooner.
 */
export function blurredLoss(model: BlurredModel): (params: Tensor, parts: BlurredParts) => Tensor {
  const { net, spectrum, noise: covariance, block } = model;
  const { mean, variances } = spectrum.at(block);
  const row = (values: ArrayLike<number>): Tensor =>
    tf().tensor2d(Float32Array.from(values), [1, values.length]);
  const square = mean.map((_, p) => Math.floor(p / block) ** 2 + (p % block) ** 2);
  return (params, { u, noise, level, label }) => {
    const [m, lambda, c, waves] = [mean, variances, covariance.eigenvalues(block), square].map(row);
    const [logSnr, alpha, sigma, blur] = level.split(4, 1);
    const a = waves.mul(blur.square()).mul(-0.5).exp().mul(alpha);
    const noised = c.mul(sigma.square());
    // modes without variance are left to themselves
    const total = a.square().mul(lambda).add(noised).add(1e-20);
    const centred = u.sub(m);
    const z = a.mul(centred).add(noised.sqrt().mul(noise));
    const out = lambda.mul(noised).div(total).sqrt();
    const wanted = centred.sub(a.mul(lambda).div(total).mul(z));
    const learned = net.apply(params, z.div(total.sqrt()), conditionOf(logSnr, label));
    const energy = (error: Tensor): Tensor => error.square().mul(waves.add(1)).sum(1);
    return energy(out.mul(learned).sub(wanted)).div(energy(out)).mean();
  };
}
