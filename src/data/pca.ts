import { checkFinite, checkInteger, checkKeys } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { gram, matmul, symmetricEigen } from "../linalg/index.js";
import { key, normal } from "../random/index.js";
import type { RowSource } from "./row-source.js";

/** Options of `pca`. */
export interface PcaOptions {
  /** Number k of components. */
  readonly components: number;
}

/** The leading principal components of a data set of points in dim dimensions. */
export interface Pca {
  readonly dim: number;
  readonly components: number;
  /** Mean of the data, dim numbers. */
  readonly mean: Float64Array;
  /** Unit vectors, components·dim numbers, by falling variance; the entry of largest magnitude is positive. */
  readonly directions: Float64Array;
  /** Variance of the data along each direction (divided by n), components numbers. */
  readonly variances: Float64Array;
  /** The part of the data's variance along the directions together, 0 to 1. */
  readonly explained: number;
  /** Whitened scores z = W (x - mean) / sqrt(variances): n·components numbers of variance 1 on the data. */
  encode(points: RowSource): Promise<Float64Array>;
  /** x = mean + Wᵀ (sqrt(variances) z): n·dim numbers. @throws ArgumentError for scores of another length */
  decode(scores: Float64Array): Promise<Float64Array>;
}

/** Rows handled at once: 25 MB of MNIST. */
const BLOCK = 4096;
const SWEEPS = 500;

/**
 * Principal component analysis: the leading eigenvectors of the covariance C = E[(x - mean)(x - mean)ᵀ], by subspace
 * iteration with Rayleigh–Ritz (Halko, Martinsson and Tropp 2011), to residuals |C w - v w| below 1e-10 of the largest variance.
 * @throws ArgumentError for no points, values that are not finite, or more components than the data's rank
 */
export async function pca(points: RowSource, options: PcaOptions): Promise<Pca> {
  checkKeys("options", options, ["components"]);
  const { count, dim } = points;
  checkInteger("points.count", count, { min: 2 });
  const components = checkInteger("components", options.components, {
    min: 1,
    max: Math.min(dim, count - 1),
  });
  const mean = await meanOf(points);
  const covariance = await covarianceOf(points, mean);
  const { values, vectors } = await leading(covariance, dim, components);
  const total = trace(covariance, dim);
  if (!(values[components - 1] > 1e-12 * total)) {
    const rank = values.findIndex((value) => !(value > 1e-12 * total));
    throw new ArgumentError("components", components, `at most ${rank}, the rank of the data`);
  }
  const scale = values.map(Math.sqrt);
  return {
    dim,
    components,
    mean,
    directions: vectors,
    variances: values,
    explained: values.reduce((sum, value) => sum + value, 0) / total,
    encode: (rows) => encode(rows, { dim, components, mean, vectors, scale }),
    decode: (scores) => decode(scores, { dim, components, mean, vectors, scale }),
  };
}

interface Axes {
  readonly dim: number;
  readonly components: number;
  readonly mean: Float64Array;
  readonly vectors: Float64Array;
  readonly scale: Float64Array;
}

async function encode(
  points: RowSource,
  { dim, components, mean, vectors, scale }: Axes,
): Promise<Float64Array> {
  if (points.dim !== dim)
    throw new ArgumentError("points.dim", points.dim, `${dim}, as in the data of the analysis`);
  const scores = new Float64Array(points.count * components);
  for (let from = 0; from < points.count; from += BLOCK) {
    const centred = centre(points, from, mean);
    const m = centred.length / dim;
    const part = await matmul(centred, vectors, { m, n: components, k: dim, transposeB: true });
    scores.set(part, from * components);
  }
  for (let i = 0; i < scores.length; i++) scores[i] /= scale[i % components];
  return scores;
}

async function decode(
  scores: Float64Array,
  { dim, components, mean, vectors, scale }: Axes,
): Promise<Float64Array> {
  if (scores.length === 0 || scores.length % components !== 0) {
    throw new ArgumentError("scores", scores, `a length that is a positive multiple of ${components}`);
  }
  const scaled = scores.map((score, i) => score * scale[i % components]);
  const points = await matmul(scaled, vectors, { m: scores.length / components, n: dim, k: components });
  for (let i = 0; i < points.length; i++) points[i] += mean[i % dim];
  return points;
}

async function meanOf(points: RowSource): Promise<Float64Array> {
  const { count, dim } = points;
  const sum = new Float64Array(dim);
  for (let from = 0; from < count; from += BLOCK) {
    const rows = checkFinite("points", points.rows(from, Math.min(count, from + BLOCK)));
    for (let at = 0; at < rows.length; at += dim) for (let j = 0; j < dim; j++) sum[j] += rows[at + j];
    await turn();
  }
  return sum.map((value) => value / count);
}

async function covarianceOf(points: RowSource, mean: Float64Array): Promise<Float64Array> {
  const { count, dim } = points;
  const total = new Float64Array(dim * dim);
  for (let from = 0; from < count; from += BLOCK) {
    const centred = centre(points, from, mean);
    const part = await gram(centred, centred.length / dim, dim);
    for (let i = 0; i < total.length; i++) total[i] += part[i] / count;
  }
  return total;
}

function centre(points: RowSource, from: number, mean: Float64Array): Float64Array {
  const rows = points.rows(from, Math.min(points.count, from + BLOCK)).slice();
  for (let at = 0; at < rows.length; at += mean.length)
    for (let j = 0; j < mean.length; j++) rows[at + j] -= mean[j];
  return rows;
}

/** The `count` leading eigenpairs of a positive semi-definite matrix; vectors in rows. */
async function leading(
  matrix: Float64Array,
  dim: number,
  count: number,
): Promise<{ values: Float64Array; vectors: Float64Array }> {
  const width = Math.min(dim, 2 * count + 10);
  let basis = orthonormalRows(normal(key(0), width * dim), width, dim);
  for (let sweep = 0; ; sweep++) {
    const image = await matmul(basis, matrix, { m: width, n: dim, k: dim });
    const projected = await matmul(image, basis, { m: width, n: width, k: dim, transposeB: true });
    symmetrise(projected, width);
    const { values, vectors } = symmetricEigen(projected, width);
    const turned = { m: width, n: dim, k: width, transposeA: true };
    const ritz = await matmul(vectors, basis, turned);
    const images = await matmul(vectors, image, turned);
    // eigenvalues ascend: the wanted ones are the last rows
    if (sweep === SWEEPS || residual(ritz, images, { values, dim, count }) < 1e-10 * values[width - 1]) {
      return { values: values.slice(width - count).reverse(), vectors: signed(ritz, { width, dim, count }) };
    }
    basis = orthonormalRows(images, width, dim);
  }
}

function residual(
  ritz: Float64Array,
  images: Float64Array,
  { values, dim, count }: { values: Float64Array; dim: number; count: number },
): number {
  const width = values.length;
  let largest = 0;
  for (let r = width - count; r < width; r++) {
    let sum = 0;
    for (let i = r * dim; i < (r + 1) * dim; i++) sum += (images[i] - values[r] * ritz[i]) ** 2;
    largest = Math.max(largest, Math.sqrt(sum));
  }
  return largest;
}

function signed(
  ritz: Float64Array,
  { width, dim, count }: { width: number; dim: number; count: number },
): Float64Array {
  const rows = new Float64Array(count * dim);
  for (let r = 0; r < count; r++) {
    const row = ritz.subarray((width - 1 - r) * dim, (width - r) * dim);
    const largest = row.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    for (let i = 0; i < dim; i++) rows[r * dim + i] = largest < 0 ? -row[i] : row[i];
  }
  return rows;
}

/** Gram–Schmidt, twice, in the order from last to first; a row of zeros stays. */
function orthonormalRows(rows: Float64Array, count: number, dim: number): Float64Array {
  const row = (i: number) => rows.subarray(i * dim, (i + 1) * dim);
  for (let r = count - 1; r >= 0; r--) {
    const own = row(r);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = count - 1; other > r; other--) subtract(own, row(other), dot(own, row(other)));
    }
    const length = Math.sqrt(dot(own, own));
    if (length > 0) for (let i = 0; i < dim; i++) own[i] /= length;
  }
  return rows;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function subtract(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] -= factor * b[i];
}

function symmetrise(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i] = (a[i * n + j] + a[j * n + i]) / 2;
  }
}

function trace(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i * n + i];
  return sum;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
