import type { Tensor } from "@tensorflow/tfjs";
import { ArgumentError } from "../../core/errors.js";
import { compile, type CompiledFunction } from "../../engine/index.js";
import { tf } from "../../engine/tfjs.js";
import { fromModes, toModes, type GridOptions } from "../../linalg/index.js";
import { inRows } from "../../linalg/in-rows.js";
import type { Fno } from "../../nets/index.js";
import { gridOf, type FieldCovariance } from "../../targets/fields/index.js";
import type { ModeSpectrum } from "./mode-spectrum.js";
import type { Residual } from "./residual.js";

/** Grid points in one call of the net, about. */
const CALL_POINTS = 2 ** 14;

/** What a denoiser of fields is made of. */
export interface FieldModel {
  readonly net: Fno;
  readonly spectrum: ModeSpectrum;
  readonly noise: FieldCovariance;
  /** Pointwise standard deviation of the data: what the net's input is measured in. */
  readonly dataScale: number;
}

/** How a denoiser weighs its two parts at a level, mode by mode: E[u | w] ≈ m + skip (w - m) + out N. */
export interface Weights {
  readonly mean: Float64Array;
  /** λ/(λ + σ²c) */
  readonly skip: Float64Array;
  /** κ sqrt(λ), κ = σ²c/(λ + σ²c) */
  readonly out: Float64Array;
  /** sqrt(λ + σ²c) */
  readonly spread: Float64Array;
}

/** The weights of a level on a grid. */
export function weightsAt(
  { spectrum, noise }: Pick<FieldModel, "spectrum" | "noise">,
  sigma: number,
  size: number,
): Weights {
  const { mean, variances } = spectrum.at(size);
  const c = noise.eigenvalues(size).map((value) => sigma * sigma * value);
  const skip = variances.map((lambda, k) => (c[k] === 0 ? 0 : lambda / (lambda + c[k])));
  const out = variances.map((lambda, k) => (c[k] === 0 ? 0 : (Math.sqrt(lambda) * c[k]) / (lambda + c[k])));
  return { mean, skip, out, spread: variances.map((lambda, k) => Math.sqrt(lambda + c[k])) };
}

/**
 * The learned residual on a grid, in modes: F(σ, w) = S(w) - w with
 *
 *   S = ŵ + κ sqrt(λ) N_θ(ŵ, log σ),   ŵ = m + (1 - κ)(w - m),   κ = σ²c/(λ + σ²c)
 *
 * The best linear denoiser ŵ comes first; the net sees it, a smooth field on every grid, and adds what a Gaussian law does not
 * have. S - ŵ is σ²C times a difference of scores, which in units of 1/sqrt(λ) has a limit as σ falls: so N is of order one at every
 * level, where κ sqrt(λ) is the smaller of sqrt(λ) and σ²c/sqrt(λ). (Karras et al. 2022 weigh by the root of κλ, whose net has to
 * learn that it vanishes with σ.)
 *
 * @throws ArgumentError for a length that is not the net's
 */
export function learnedResidual(model: FieldModel, params: Float32Array, size: number): Residual {
  const { net, noise } = model;
  if (!(params instanceof Float32Array) || params.length !== net.count) {
    throw new ArgumentError("params", params, `a Float32Array of ${net.count} parameters`);
  }
  const grid = gridOf(noise, size);
  const cells = size ** noise.dim;
  const call = netOnGrid(net, cells, params);
  const values = (size / noise.length) ** (noise.dim / 2);
  let at: { readonly sigma: number; readonly weights: Weights } | undefined;
  return async (sigma, w) => {
    if (at?.sigma !== sigma) at = { sigma, weights: weightsAt(model, sigma, size) };
    const { mean, skip, out } = at.weights;
    const guess = w.map((value, i) => mean[i % cells] + skip[i % cells] * (value - mean[i % cells]));
    const seen = fromModes(guess, grid).map((value) => (values / model.dataScale) * value);
    const learned = toModes(await call(seen, Math.log(sigma)), grid);
    return w.map((value, i) => guess[i] - value + (out[i % cells] * learned[i]) / values);
  };
}

interface NetInputs {
  readonly params: Tensor;
  readonly x: Tensor;
  readonly level: Tensor;
}

/** The net on fields of so many points, in calls of a fixed number of fields on the pool. */
function netOnGrid(
  net: Fno,
  cells: number,
  params: Float32Array,
): (x: Float64Array, logSigma: number) => Promise<Float64Array> {
  const programs = new Map<number, CompiledFunction<NetInputs, Tensor>>();
  const programFor = (rows: number): CompiledFunction<NetInputs, Tensor> => {
    const known = programs.get(rows);
    if (known !== undefined) return known;
    const shapes = {
      params: { shape: [net.count] },
      x: { shape: [rows, cells] },
      level: { shape: [rows, 1] },
    };
    const made = compile(({ params, x, level }: NetInputs) => net.apply(params, x, level), shapes);
    programs.set(rows, made);
    return made;
  };
  return async (x, logSigma) => {
    const count = x.length / cells;
    const most = Math.max(1, Math.floor(CALL_POINTS / cells));
    const rows = Math.min(most, 2 ** Math.ceil(Math.log2(count)));
    const program = programFor(rows);
    const level = new Float32Array(rows).fill(logSigma);
    const call = (part: Float32Array) => program({ params, x: part, level }) as Promise<Float32Array>;
    return inRows(x, { width: cells, rows }, call, new Float64Array(x.length));
  };
}

/** What the loss is made of on the training grid, as tensors. */
export interface LossParts {
  readonly u: Tensor;
  readonly noise: Tensor;
  /** log σ, a row each. */
  readonly level: Tensor;
}

/** How the modes of a loss weigh. */
export type FieldNorm = "energy" | "whitened";

/**
 * The denoising loss on the training grid, less what no net can change: with wanted = u - ŵ, for ξ and -ξ,
 *
 *   E Σ_k a_k [(out N_k)² - 2 out N_k wanted_k]  over  Σ_k a_k out²,
 *
 * which is 0 for the linear denoiser and least where the residual objective E‖ξ + F(u + ξ)‖² of every level is, in whatever norm. The
 * "energy" norm has a = 1, and what counts are the largest waves. "whitened" has a = (1 - κ)/λ = 1/(λ + σ²c): then N_k weighs as in the flow
 * dy = N dr, where dr/d log σ = -κ sqrt(1 - κ), and all waves alike, each at the levels at which it is formed.
 *
 * The noise in `wanted` is 1/κ times what there is to learn; in the mean of a pair N(u + ξ) ξ - N(u - ξ) ξ all but a share κ of its
 * variance cancels, so that all levels may weigh the same.
 */
export function fieldLoss(
  model: FieldModel,
  size: number,
  norm: FieldNorm = "energy",
): (params: Tensor, parts: LossParts) => Tensor {
  const { net, spectrum, noise } = model;
  const { mean, variances } = spectrum.at(size);
  const row = (values: Float64Array): Tensor => tf().tensor2d(Float32Array.from(values), [1, values.length]);
  const grid = gridOf(noise, size);
  const values = (size / noise.length) ** (noise.dim / 2);
  return (params, parts) => {
    const [m, lambda, c] = [row(mean), row(variances), row(noise.eigenvalues(size))];
    const u = parts.u.concat(parts.u, 0);
    const xi = parts.noise.concat(parts.noise.neg(), 0);
    const level = parts.level.concat(parts.level, 0);
    const sigma = level.exp();
    const noised = c.mul(sigma.square());
    // modes without noise or variance are left to themselves
    const total = lambda.add(noised).add(1e-20);
    const kappa = noised.div(total);
    const out = kappa.mul(lambda.sqrt());
    const ahead = u.sub(m);
    const behind = xi.mul(c.sqrt()).mul(sigma);
    const guess = ahead.add(behind).mul(kappa.neg().add(1));
    const seen = fieldsIn(guess.add(m), grid).mul(values / model.dataScale);
    const learned = modesOf(net.apply(params, seen, level), grid)
      .div(values)
      .mul(out);
    const gain = learned.mul(learned.sub(ahead.sub(guess).mul(2)));
    const weigh = (x: Tensor): Tensor => (norm === "energy" ? x : x.div(total)).sum(1);
    return weigh(gain).div(weigh(out.square())).mean();
  };
}

/** `toModes` and `fromModes` as products with the basis, in tfjs ops. */
function modesOf(fields: Tensor, grid: GridOptions): Tensor {
  return alongAxes(fields, grid, (rows, basis) => rows.matMul(basis, false, true));
}

function fieldsIn(modes: Tensor, grid: GridOptions): Tensor {
  return alongAxes(modes, grid, (rows, basis) => rows.matMul(basis));
}

function alongAxes(
  x: Tensor,
  { size, dim, basis }: GridOptions,
  product: (rows: Tensor, basis: Tensor) => Tensor,
): Tensor {
  const identity = new Float64Array(size * size);
  for (let i = 0; i < size; i++) identity[i * (size + 1)] = 1;
  const waves = Float32Array.from(fromModes(identity, { basis, size, dim: 1 }));
  const matrix = tf().tensor2d(waves, [size, size]);
  const [batch] = x.shape;
  if (dim === 1) return product(x, matrix);
  const once = product(x.reshape([batch * size, size]), matrix)
    .reshape([batch, size, size])
    .transpose([0, 2, 1]);
  const twice = product(once.reshape([batch * size, size]), matrix).reshape([batch, size, size]);
  return twice.transpose([0, 2, 1]).reshape([batch, size * size]);
}
