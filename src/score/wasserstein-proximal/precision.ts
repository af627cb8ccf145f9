/**
 * Local precisions Γ_i = L_i L_iᵀ + ε I and what the loss needs of them; all matrices are row-major, kernel after kernel.
 */
export interface Precisions {
  /** n·d numbers */
  readonly centres: Float64Array;
  /** n·d² numbers each */
  readonly lower: Float64Array;
  readonly gamma: Float64Array;
  readonly inverse: Float64Array;
  /** n·(1+d+d²) numbers each, as the pair model takes them. */
  readonly lambda: Float64Array;
  readonly kappa: Float64Array;
}

/** Moments of a batch over its samples, as the pair model gives them, summed over the batch. */
export interface Moments {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly third: Float64Array;
}

/** Numbers that a network gives for each kernel: the lower triangle row by row, d(d+1)/2. */
export function triangleSize(dim: number): number {
  return (dim * (dim + 1)) / 2;
}

/** Fill the precisions of kernels from..to-1 from rows of lower triangles, the first of which is kernel `from`'s. */
export function fillPrecisions(
  out: Precisions,
  triangles: ArrayLike<number>,
  from: number,
  to: number,
  dim: number,
  epsilon: number,
): void {
  const size = triangleSize(dim);
  const factor = new Float64Array(dim * dim);
  for (let i = from; i < to; i++) {
    const at = i * dim * dim;
    let next = (i - from) * size;
    for (let j = 0; j < dim; j++) {
      for (let k = 0; k <= j; k++) out.lower[at + j * dim + k] = triangles[next++];
    }
    const { gamma, lower } = out;
    for (let j = 0; j < dim; j++) {
      for (let k = 0; k <= j; k++) {
        let sum = j === k ? epsilon : 0;
        for (let l = 0; l <= k; l++) sum += lower[at + j * dim + l] * lower[at + k * dim + l];
        gamma[at + j * dim + k] = gamma[at + k * dim + j] = sum;
      }
    }
    const logDet = invert(gamma, out.inverse, at, dim, factor);
    fillFeatures(out, i, dim, logDet);
  }
}

/** The inverse of a positive definite matrix by its Cholesky factor; returns the log determinant. */
function invert(
  gamma: Float64Array,
  inverse: Float64Array,
  at: number,
  dim: number,
  factor: Float64Array,
): number {
  let logDet = 0;
  for (let j = 0; j < dim; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = gamma[at + j * dim + k];
      for (let l = 0; l < k; l++) sum -= factor[j * dim + l] * factor[k * dim + l];
      factor[j * dim + k] = j === k ? Math.sqrt(sum) : sum / factor[k * dim + k];
    }
    logDet += 2 * Math.log(factor[j * dim + j]);
  }
  for (let c = 0; c < dim; c++) {
    for (let j = 0; j < dim; j++) {
      let sum = j === c ? 1 : 0;
      for (let l = c; l < j; l++) sum -= factor[j * dim + l] * inverse[at + l * dim + c];
      inverse[at + j * dim + c] = j < c ? 0 : sum / factor[j * dim + j];
    }
    for (let j = dim - 1; j >= 0; j--) {
      let sum = inverse[at + j * dim + c];
      for (let l = j + 1; l < dim; l++) sum -= factor[l * dim + j] * inverse[at + l * dim + c];
      inverse[at + j * dim + c] = sum / factor[j * dim + j];
    }
  }
  return logDet;
}

/** λ = (½ log det Γ - ½ zᵀΓz, Γz, -½ vec Γ) and κ = (|Γz|² - tr Γ, -2 Γ²z, vec Γ²). */
function fillFeatures(out: Precisions, i: number, dim: number, logDet: number): void {
  const { centres, gamma, lambda, kappa } = out;
  const width = 1 + dim + dim * dim;
  const [at, row] = [i * dim * dim, i * width];
  let [quadratic, square, trace] = [0, 0, 0];
  for (let j = 0; j < dim; j++) {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += gamma[at + j * dim + k] * centres[i * dim + k];
    lambda[row + 1 + j] = sum;
    quadratic += sum * centres[i * dim + j];
    square += sum * sum;
    trace += gamma[at + j * dim + j];
  }
  lambda[row] = 0.5 * logDet - 0.5 * quadratic;
  kappa[row] = square - trace;
  for (let j = 0; j < dim; j++) {
    let sum = 0;
    for (let k = 0; k < dim; k++) {
      sum += gamma[at + j * dim + k] * lambda[row + 1 + k];
      lambda[row + 1 + dim + j * dim + k] = -0.5 * gamma[at + j * dim + k];
      let product = 0;
      for (let l = 0; l < dim; l++) product += gamma[at + j * dim + l] * gamma[at + l * dim + k];
      kappa[row + 1 + dim + j * dim + k] = product;
    }
    kappa[row + 1 + j] = -2 * sum;
  }
}

/**
 * The gradient of the summed loss with respect to the triangles of kernels from..to-1: dL = tril(2 dΓ L) with
 *
 *   dΓ = 2 (ΓA + AΓ) + D + Dᵀ - 2 Σw I + ½ Σgl Γ^{-1} - ½ B,   A = Σ w r rᵀ, B = Σ gl r rᵀ, D = Σ w s rᵀ, r = x - z
 *
 * @param moments of kernels from..to-1 only
 * @returns (to - from)·d(d+1)/2 numbers
 */
export function triangleGradient(
  precisions: Precisions,
  moments: Moments,
  from: number,
  to: number,
  dim: number,
): Float64Array {
  const { lower } = precisions;
  const size = triangleSize(dim);
  const out = new Float64Array((to - from) * size);
  const square = dim * dim;
  const room = { a: new Float64Array(square), product: new Float64Array(square) };
  const dGamma = new Float64Array(square);
  for (let i = from; i < to; i++) {
    gammaGradient(dGamma, room, precisions, moments, i, i - from, dim);
    let next = (i - from) * size;
    for (let j = 0; j < dim; j++) {
      for (let k = 0; k <= j; k++) {
        let sum = 0;
        for (let l = k; l < dim; l++) sum += dGamma[j * dim + l] * lower[i * square + l * dim + k];
        out[next++] = 2 * sum;
      }
    }
  }
  return out;
}

/** dΓ of kernel i, whose moments are in row `at`; `product` takes 2ΓA + D, so that dΓ holds it and its transpose. */
function gammaGradient(
  out: Float64Array,
  { a, product }: { readonly a: Float64Array; readonly product: Float64Array },
  { centres, gamma, inverse }: Precisions,
  { first, second, third }: Moments,
  i: number,
  at: number,
  dim: number,
): void {
  const [square, z] = [dim * dim, i * dim];
  const [matrix, row, third0] = [i * square, at * (1 + dim + square), at * (dim + square)];
  centred(a, first, row, centres, z, dim);
  centred(out, second, row, centres, z, dim);
  for (let j = 0; j < dim; j++) {
    for (let k = 0; k < dim; k++) {
      let sum = 0;
      for (let l = 0; l < dim; l++) sum += gamma[matrix + j * dim + l] * a[l * dim + k];
      product[j * dim + k] = 2 * sum + third[third0 + dim + j * dim + k] - third[third0 + j] * centres[z + k];
    }
  }
  for (let j = 0; j < dim; j++) {
    for (let k = 0; k <= j; k++) {
      const [jk, kj] = [j * dim + k, k * dim + j];
      const both = product[jk] + product[kj] - (j === k ? 2 * first[row] : 0);
      out[jk] = out[kj] = both + 0.5 * second[row] * inverse[matrix + jk] - 0.5 * out[jk];
    }
  }
}

/** Σ w r rᵀ from Σ w (1, x, x xᵀ): the moments about z. */
function centred(
  out: Float64Array,
  moments: Float64Array,
  row: number,
  centres: Float64Array,
  z: number,
  dim: number,
): void {
  for (let j = 0; j < dim; j++) {
    for (let k = 0; k <= j; k++) {
      out[j * dim + k] = out[k * dim + j] =
        moments[row + 1 + dim + j * dim + k] -
        moments[row + 1 + j] * centres[z + k] -
        centres[z + j] * moments[row + 1 + k] +
        moments[row] * centres[z + j] * centres[z + k];
    }
  }
}
