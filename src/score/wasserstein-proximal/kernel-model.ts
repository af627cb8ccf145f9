import { checkInteger, checkKeys, checkPoints } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { symmetricEigen } from "../../linalg/index.js";
import { inOrder } from "../../linalg/in-order.js";
import { shared } from "../../linalg/shared.js";
import { pool } from "../../onnx/index.js";
import type { Key } from "../../random/index.js";
import { evaluate, type Evaluated, type Evaluation } from "./evaluate-task.js";
import { sampleKernels, type SampleOptions } from "./sample.js";

const TASK = new URL("./evaluate-task.js", import.meta.url).href;
/** Pairs of points and kernels below which the calling thread does the work, and pairs in one task. */
const SMALL = 5e4;
const PAIRS = 2e6;

/** A mixture of Gaussian kernels, each with its own precision. */
export interface KernelModel {
  readonly dim: number;
  /** N, the number of kernels. */
  readonly count: number;
  /** Z, N·d numbers */
  readonly centres: Float64Array;
  /** Γ, N·d² numbers */
  readonly precision: Float64Array;
  /** Variances along the axes, N·d numbers, ascending for each kernel. */
  readonly variances: Float64Array;
  /** Axes, N·d² numbers: column j of a kernel's block is the unit axis of its variance j. */
  readonly axes: Float64Array;
  /** log p(x), n numbers. @throws ArgumentError */
  logDensity(x: Float64Array, options?: EvaluateOptions): Promise<Float64Array>;
  /** ∇ log p(x) = -Σ_i w_i Γ_i (x - Z_i), n·d numbers. @throws ArgumentError */
  score(x: Float64Array, options?: EvaluateOptions): Promise<Float64Array>;
  /** |s|² + 2 div s, n numbers; its mean over fresh data is at least minus the Fisher information. @throws ArgumentError */
  implicitLoss(x: Float64Array, options?: EvaluateOptions): Promise<Float64Array>;
  /** All three at once, for the price of one. @throws ArgumentError */
  evaluate(x: Float64Array, options?: EvaluateOptions): Promise<Evaluated>;
  /** n draws of the mixture, n·d numbers. @throws ArgumentError */
  sample(key: Key, n: number, options?: SampleOptions): Float64Array;
  /** Γ^{-1}, N·d² numbers */
  covariance(): Float64Array;
  /** The law of factor·X + sqrt(variance) ξ: centres factor·Z, covariances factor² Γ^{-1} + variance I. @throws ArgumentError */
  evolve(law: { readonly factor: number; readonly variance: number }): KernelModel;
  /** The law of some coordinates: sub-blocks of the covariances. @throws ArgumentError */
  marginal(coordinates: readonly number[]): KernelModel;
}

/** Options of a model's density, score and loss. */
export interface EvaluateOptions {
  /** For each point the number of a kernel that it does not see, or -1; all others then have weight 1/(N-1). */
  readonly exclude?: Int32Array;
}

/**
 * p(x) = (1/N) Σ_i N(x; Z_i, Γ_i^{-1}), with its score and implicit loss in closed form:
 *
 *   l_i = ½ log det Γ_i - ½ (x - Z_i)ᵀ Γ_i (x - Z_i),  w = softmax(l),  s = -Σ w_i a_i,  a_i = Γ_i (x - Z_i)
 *   |s|² + 2 div s = 2 Σ w_i (|a_i|² - tr Γ_i) - |s|²
 *
 * A Gaussian convolution of p is such a mixture again, so the score at every noise level follows exactly from the one at level
 * zero (B. Zhang, S. Liu, W. Li, M. A. Katsoulakis and S. Osher, 2024).
 *
 * @param centres Z, N·d numbers
 * @param precision Γ, N·d² numbers: symmetric positive definite
 * @throws ArgumentError
 */
export function kernelModel(dim: number, centres: Float64Array, precision: Float64Array): KernelModel {
  checkInteger("dim", dim, { min: 1 });
  const count = checkPoints("centres", centres, dim);
  if (!(precision instanceof Float64Array) || precision.length !== count * dim * dim) {
    throw new ArgumentError("precision", precision, `a Float64Array of length ${count * dim * dim}`);
  }
  const variances = new Float64Array(count * dim);
  const axes = new Float64Array(count * dim * dim);
  const square = dim * dim;
  for (let i = 0; i < count; i++) {
    const { values, vectors } = symmetricEigen(precision.slice(i * square, (i + 1) * square), dim);
    if (!(values[0] > 0)) {
      throw new ArgumentError(
        `precision[${i}]`,
        values[0],
        "a positive definite matrix, least eigenvalue > 0",
      );
    }
    for (let j = 0; j < dim; j++) {
      variances[i * dim + j] = 1 / values[dim - 1 - j];
      for (let k = 0; k < dim; k++) axes[i * square + k * dim + j] = vectors[k * dim + dim - 1 - j];
    }
  }
  return fromAxes(dim, centres, variances, axes, precision);
}

function fromAxes(
  dim: number,
  centres: Float64Array,
  variances: Float64Array,
  axes: Float64Array,
  given?: Float64Array,
): KernelModel {
  const count = centres.length / dim;
  const inverses = variances.map((v) => 1 / v);
  const precision = given ?? composed(inverses, axes, dim);
  const halfLogDet = new Float64Array(count);
  variances.forEach((v, k) => (halfLogDet[Math.floor(k / dim)] -= 0.5 * Math.log(v)));
  const tables = {
    centres: shared(centres),
    precision: shared(precision),
    halfLogDet: shared(halfLogDet),
    dim,
  };
  const at = async (x: Float64Array, options: EvaluateOptions = {}): Promise<Evaluated> => {
    checkKeys("options", options, ["exclude"]);
    const n = checkPoints("x", x, dim);
    checkExclude(options.exclude, n, count);
    return evaluateAll({ ...tables, x, exclude: options.exclude }, n, count);
  };
  return {
    dim,
    count,
    centres,
    precision,
    variances,
    axes,
    logDensity: async (x, options) => (await at(x, options)).logDensity,
    score: async (x, options) => (await at(x, options)).score,
    implicitLoss: async (x, options) => (await at(x, options)).loss,
    evaluate: at,
    sample: (key, n, options) => sampleKernels({ dim, centres, variances, axes }, key, n, options),
    covariance: () => composed(variances, axes, dim),
    evolve({ factor, variance }) {
      checkLaw(factor, variance);
      return fromAxes(
        dim,
        centres.map((z) => factor * z),
        variances.map((v) => factor * factor * v + variance),
        axes,
      );
    },
    marginal: (coordinates) => marginalOf(dim, centres, composed(variances, axes, dim), coordinates),
  };
}

function checkLaw(factor: number, variance: number): void {
  if (!(variance >= 0 && variance < Infinity)) {
    throw new ArgumentError("law.variance", variance, "a finite number of at least 0");
  }
  if (!Number.isFinite(factor) || (factor === 0 && variance === 0)) {
    throw new ArgumentError("law.factor", factor, "a finite number, not 0 where the variance is 0");
  }
}

function checkExclude(exclude: Int32Array | undefined, n: number, count: number): void {
  if (exclude === undefined) return;
  if (!(exclude instanceof Int32Array) || exclude.length !== n || count < 2) {
    throw new ArgumentError(
      "options.exclude",
      exclude,
      `an Int32Array of length ${n}, for at least two kernels`,
    );
  }
  exclude.forEach((i, k) => checkInteger(`options.exclude[${k}]`, i, { min: -1, max: count - 1 }));
}

/** Matrices with these eigenvalues along the axes. */
function composed(values: Float64Array, axes: Float64Array, dim: number): Float64Array {
  const out = new Float64Array(axes.length);
  for (let i = 0; i < values.length / dim; i++) {
    const at = i * dim * dim;
    for (let j = 0; j < dim; j++) {
      for (let k = 0; k <= j; k++) {
        let sum = 0;
        for (let l = 0; l < dim; l++)
          sum += values[i * dim + l] * axes[at + j * dim + l] * axes[at + k * dim + l];
        out[at + j * dim + k] = out[at + k * dim + j] = sum;
      }
    }
  }
  return out;
}

async function evaluateAll(all: Evaluation, n: number, count: number): Promise<Evaluated> {
  if (n * count <= SMALL) return evaluate(all);
  const { x, dim, exclude } = all;
  const size = Math.max(1, Math.floor(PAIRS / count));
  const out = {
    logDensity: new Float64Array(n),
    score: new Float64Array(n * dim),
    loss: new Float64Array(n),
  };
  await inOrder(
    Math.ceil(n / size),
    2 * pool().size,
    (i) => {
      const [from, to] = [i * size, (i + 1) * size];
      const args: Evaluation = {
        ...all,
        x: x.slice(from * dim, to * dim),
        exclude: exclude?.slice(from, to),
      };
      return pool().run<Evaluated>({ module: TASK, name: "evaluate", args });
    },
    (part, i) => {
      out.logDensity.set(part.logDensity, i * size);
      out.score.set(part.score, i * size * dim);
      out.loss.set(part.loss, i * size);
    },
  );
  return out;
}

function marginalOf(
  dim: number,
  centres: Float64Array,
  covariance: Float64Array,
  coordinates: readonly number[],
): KernelModel {
  if (coordinates.length === 0 || new Set(coordinates).size !== coordinates.length) {
    throw new ArgumentError("coordinates", coordinates, "at least one coordinate, none twice");
  }
  coordinates.forEach((c, k) => checkInteger(`coordinates[${k}]`, c, { min: 0, max: dim - 1 }));
  const size = coordinates.length;
  const count = centres.length / dim;
  const some = Float64Array.from({ length: count * size }, (_, k) => {
    return centres[Math.floor(k / size) * dim + coordinates[k % size]];
  });
  const variances = new Float64Array(count * size);
  const axes = new Float64Array(count * size * size);
  for (let i = 0; i < count; i++) {
    const block = Float64Array.from({ length: size * size }, (_, k) => {
      const [row, column] = [coordinates[Math.floor(k / size)], coordinates[k % size]];
      return covariance[i * dim * dim + row * dim + column];
    });
    const { values, vectors } = symmetricEigen(block, size);
    variances.set(values, i * size);
    axes.set(vectors, i * size * size);
  }
  return fromAxes(size, some, variances, axes);
}
