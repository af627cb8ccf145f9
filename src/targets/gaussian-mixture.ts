import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkNumber, checkPoints, checkPositive } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { tf } from "../engine/index.js";
import { categorical, foldIn, normal } from "../random/index.js";
import type { ExactTarget, TensorOps } from "./target.js";

/** Options of `gaussianMixture`. */
export interface GaussianMixtureOptions {
  /** Centres, each of dim numbers. */
  readonly means: readonly ArrayLike<number>[];
  /** One variance for all, or one for each component: a number, or dim numbers along the axes. */
  readonly variances: number | readonly (number | ArrayLike<number>)[];
  /** Non-negative weights, divided by their sum; equal by default. */
  readonly weights?: ArrayLike<number>;
}

/** A mixture of Gaussians with everything known. */
export interface GaussianMixture extends ExactTarget {
  readonly kind: "gaussian-mixture";
  /** Centres, row by row, numComponents·dim numbers. */
  readonly means: Float64Array;
  /** Variances along the axes, row by row, numComponents·dim numbers. */
  readonly variances: Float64Array;
  /** Weights that sum to one. */
  readonly weights: Float64Array;
}

interface Components {
  readonly dim: number;
  readonly count: number;
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly weights: Float64Array;
  /** log w_k - 1/2 Σ_j log(2π v_kj) */
  readonly heights: Float64Array;
}

/**
 * A normalised mixture of Gaussians with axes along the coordinates: ρ(x) = Σ_k w_k Π_j N(x_j; m_kj, v_kj), log Z = 0.
 *
 * @throws ArgumentError for no component, centres of different lengths, a variance that is not positive, or bad weights
 */
export function gaussianMixture(options: GaussianMixtureOptions): GaussianMixture {
  checkKeys("options", options, ["means", "variances", "weights"]);
  const parts = readComponents(options);
  const { dim, means, variances, weights } = parts;
  return {
    kind: "gaussian-mixture",
    dim,
    means,
    variances,
    weights,
    logNormConst: 0,
    logDensity: (x) => logDensity(parts, x),
    score: (x) => score(parts, x),
    ops: tensorOps(parts),
    mean: () => momentsOf(parts).mean,
    std: () => momentsOf(parts).std,
    sample(key, n) {
      checkInteger("n", n, { min: 1 });
      const component = categorical(foldIn(key, 0), weights, n);
      const noise = normal(foldIn(key, 1), n * dim);
      return noise.map((z, at) => {
        const of = component[Math.floor(at / dim)] * dim + (at % dim);
        return means[of] + Math.sqrt(variances[of]) * z;
      });
    },
  };
}

/** The nine-mode mixture of the sampling literature: centres {-5, 0, 5}², variance 0.3, equal weights. Source: Zhang and Chen 2022. */
export function nineModes(): GaussianMixture {
  const sides = [-5, 0, 5];
  return gaussianMixture({ means: sides.flatMap((a) => sides.map((b) => [a, b])), variances: 0.3 });
}

function readComponents(options: GaussianMixtureOptions): Components {
  const { means: centres, variances: given, weights: raw } = options;
  if (!Array.isArray(centres) || centres.length === 0) {
    throw new ArgumentError("means", centres, "at least one centre, a list of numbers each");
  }
  const count = centres.length;
  const dim = checkInteger("means[0].length", (centres[0] as ArrayLike<number>).length, { min: 1 });
  const means = rows("means", centres as readonly ArrayLike<number>[], dim);
  means.forEach((value, at) => checkNumber(`means[${Math.floor(at / dim)}][${at % dim}]`, value));
  const variances = readVariances(given, count, dim);
  const weights = readWeights(raw, count);
  const heights = weights.map((weight, k) => {
    const widths = variances.subarray(k * dim, (k + 1) * dim);
    return Math.log(weight) - widths.reduce((sum, v) => sum + Math.log(2 * Math.PI * v), 0) / 2;
  });
  return { dim, count, means, variances, weights, heights };
}

function rows(argument: string, lists: readonly ArrayLike<number>[], dim: number): Float64Array {
  const out = new Float64Array(lists.length * dim);
  lists.forEach((list, k) => {
    if (list.length !== dim) throw new ArgumentError(`${argument}[${k}]`, list, `${dim} numbers`);
    out.set(Array.from(list), k * dim);
  });
  return out;
}

function readVariances(given: GaussianMixtureOptions["variances"], count: number, dim: number): Float64Array {
  const list = typeof given === "number" ? new Array<number>(count).fill(given) : given;
  if (!Array.isArray(list) || list.length !== count) {
    throw new ArgumentError("variances", given, `one number, or one entry for each of the ${count} means`);
  }
  const axes = (list as readonly (number | ArrayLike<number>)[]).map((entry) =>
    typeof entry === "number" ? new Float64Array(dim).fill(entry) : entry,
  );
  const variances = rows("variances", axes, dim);
  variances.forEach((value, at) => checkPositive(`variances[${Math.floor(at / dim)}]`, value));
  return variances;
}

function readWeights(given: ArrayLike<number> | undefined, count: number): Float64Array {
  const weights = given === undefined ? new Float64Array(count).fill(1) : Float64Array.from(given);
  if (weights.length !== count) throw new ArgumentError("weights", given, `${count} numbers, one a mean`);
  weights.forEach((value, k) => checkNumber(`weights[${k}]`, value, { min: 0 }));
  const total = weights.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) throw new ArgumentError("weights", given, "a positive sum");
  return weights.map((value) => value / total);
}

/** Fills `logs` with the log weights of the components at a row of x and returns their greatest. */
function logTerms(
  { dim, count, means, variances, heights }: Components,
  x: Float64Array,
  row: number,
  logs: Float64Array,
): number {
  let greatest = -Infinity;
  for (let k = 0; k < count; k++) {
    let sum = 0;
    for (let j = 0; j < dim; j++) sum += (x[row + j] - means[k * dim + j]) ** 2 / variances[k * dim + j];
    logs[k] = heights[k] - sum / 2;
    if (logs[k] > greatest) greatest = logs[k];
  }
  return greatest;
}

/** Turns log weights into responsibilities that sum to one; the log of their sum. */
function normalise(logs: Float64Array, greatest: number): number {
  let sum = 0;
  for (let k = 0; k < logs.length; k++) sum += logs[k] = Math.exp(logs[k] - greatest);
  for (let k = 0; k < logs.length; k++) logs[k] /= sum;
  return greatest + Math.log(sum);
}

function logDensity(parts: Components, x: Float64Array): Float64Array {
  const n = checkPoints("x", x, parts.dim);
  const logs = new Float64Array(parts.count);
  return Float64Array.from({ length: n }, (_, s) => {
    return normalise(logs, logTerms(parts, x, s * parts.dim, logs));
  });
}

function score(parts: Components, x: Float64Array): Float64Array {
  const { dim, count, means, variances } = parts;
  const n = checkPoints("x", x, dim);
  const out = new Float64Array(x.length);
  const shares = new Float64Array(count);
  for (let row = 0; row < n * dim; row += dim) {
    normalise(shares, logTerms(parts, x, row, shares));
    for (let k = 0; k < count; k++) {
      for (let j = 0; j < dim; j++) {
        out[row + j] += (shares[k] * (means[k * dim + j] - x[row + j])) / variances[k * dim + j];
      }
    }
  }
  return out;
}

/** Matrices instead of broadcasts: x copied beside every mean by a product with ones and zeros, which is exact. */
function tensorOps({ dim, count, means, variances, heights }: Components): TensorOps {
  const copies = new Float32Array(dim * count * dim);
  const widths = new Float32Array(count * dim * count);
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < dim; j++) {
      copies[j * count * dim + k * dim + j] = 1;
      widths[(k * dim + j) * count + k] = -1 / (2 * variances[k * dim + j]);
    }
  }
  const logits = (x: Tensor): Tensor => {
    const module = tf();
    const shifted = x
      .matMul(module.tensor2d(copies, [dim, count * dim]))
      .add(module.tensor1d(Float32Array.from(means, (mean) => -mean))); // products take a sum along
    return shifted
      .square()
      .matMul(module.tensor2d(widths, [count * dim, count]))
      .add(module.tensor1d(Float32Array.from(heights)));
  };
  const pulls = Float32Array.from(means, (mean, at) => mean / variances[at]);
  const stiffness = Float32Array.from(variances, (variance) => 1 / variance);
  const alike = stiffness.every((value, at) => value === stiffness[at % dim]);
  return {
    logDensity: (x) => logits(x).logSumExp(1),
    score(x) {
      const shares = logits(x).softmax();
      const towards = shares.matMul(tf().tensor2d(pulls, [count, dim]));
      const pull = alike
        ? tf().tensor1d(stiffness.subarray(0, dim))
        : shares.matMul(tf().tensor2d(stiffness, [count, dim]));
      return towards.sub(x.mul(pull));
    },
  };
}

/** Mean and standard deviations by the laws of total expectation and variance. */
function momentsOf({ dim, count, means, variances, weights }: Components): {
  mean: Float64Array;
  std: Float64Array;
} {
  const mean = new Float64Array(dim);
  const variance = new Float64Array(dim);
  for (let at = 0; at < count * dim; at++) mean[at % dim] += weights[Math.floor(at / dim)] * means[at];
  for (let at = 0; at < count * dim; at++) {
    const spread = variances[at] + (means[at] - mean[at % dim]) ** 2;
    variance[at % dim] += weights[Math.floor(at / dim)] * spread;
  }
  return { mean, std: variance.map(Math.sqrt) };
}
