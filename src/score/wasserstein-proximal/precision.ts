/**
 * Local precisions Γ_i = L_i L_iᵀ + ε I and what the loss needs of them, kernel after kernel. Symmetric matrices are kept as lower
 * triangles, row by row, of t = d(d+1)/2 numbers; f = 1 + d + t.
 */
export interface Precisions {
  /** n·d numbers */
  readonly centres: Float64Array;
  /** L, n·t numbers */
  readonly lower: Float64Array;
  /** Γ and its inverse, n·t numbers each */
  readonly gamma: Float64Array;
  readonly inverse: Float64Array;
  /** n·f and n·(2f+1) numbers, as the pair model takes them. */
  readonly lambda: Float64Array;
  readonly table: Float64Array;
}

/** Moments of parts of a batch over their samples, as the pair model gives them, one part after the other. */
export interface Moments {
  readonly weighted: Float64Array;
  readonly tilted: Float64Array;
}

/** Numbers that a network gives for each kernel: the lower triangle row by row, d(d+1)/2. */
export function triangleSize(dim: number): number {
  return (dim * (dim + 1)) / 2;
}

/** Room for the precisions of kernels at `centres`, by `allocate` from a length. */
export function roomForPrecisions(
  centres: Float64Array,
  dim: number,
  allocate: (length: number) => Float64Array,
): Precisions {
  const n = centres.length / dim;
  const size = triangleSize(dim);
  const f = 1 + dim + size;
  const triangles = (): Float64Array => allocate(n * size);
  const [lower, gamma, inverse] = [triangles(), triangles(), triangles()];
  return { centres, lower, gamma, inverse, lambda: allocate(n * f), table: allocate(n * (2 * f + 1)) };
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
  const matrix = (): Float64Array => new Float64Array(dim * dim);
  const [lower, gamma, factor] = [matrix(), matrix(), matrix()];
  for (let i = from; i < to; i++) {
    const at = i * size;
    for (let k = 0; k < size; k++) out.lower[at + k] = triangles[at - from * size + k];
    unfold(lower, out.lower, at, dim);
    for (let j = 0, next = at; j < dim; j++) {
      for (let k = 0; k <= j; k++) {
        let sum = j === k ? epsilon : 0;
        for (let l = 0; l <= k; l++) sum += lower[j * dim + l] * lower[k * dim + l];
        out.gamma[next++] = gamma[j * dim + k] = gamma[k * dim + j] = sum;
      }
    }
    const logDet = invert(gamma, factor, out.inverse, at, dim);
    fillFeatures(out, i, gamma, dim, logDet);
  }
}

/** The symmetric matrix of a triangle; for a lower triangular one its upper part is to be passed over. */
function unfold(out: Float64Array, triangles: Float64Array, at: number, dim: number): void {
  for (let j = 0, next = at; j < dim; j++) {
    for (let k = 0; k <= j; k++) out[j * dim + k] = out[k * dim + j] = triangles[next++];
  }
}

/** The inverse of a positive definite matrix by that of its Cholesky factor C, C⁻ᵀ C⁻¹; returns the log determinant. */
function invert(
  gamma: Float64Array,
  factor: Float64Array,
  inverse: Float64Array,
  at: number,
  dim: number,
): number {
  let logDet = 0;
  for (let j = 0; j < dim; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = gamma[j * dim + k];
      for (let l = 0; l < k; l++) sum -= factor[j * dim + l] * factor[k * dim + l];
      factor[j * dim + k] = j === k ? Math.sqrt(sum) : sum / factor[k * dim + k];
    }
    logDet += 2 * Math.log(factor[j * dim + j]);
  }
  // column by column, C⁻¹ takes the place of the upper triangle, where C⁻¹_jc is at row c; its diagonal is 1/C_jj
  for (let c = 0; c < dim; c++) {
    for (let j = c + 1; j < dim; j++) {
      let sum = factor[j * dim + c] / factor[c * dim + c];
      for (let l = c + 1; l < j; l++) sum += factor[j * dim + l] * factor[c * dim + l];
      factor[c * dim + j] = -sum / factor[j * dim + j];
    }
  }
  for (let j = 0, next = at; j < dim; j++) {
    const own = 1 / factor[j * dim + j];
    for (let k = 0; k <= j; k++) {
      let sum = own * (j === k ? own : factor[k * dim + j]);
      for (let l = j + 1; l < dim; l++) sum += factor[j * dim + l] * factor[k * dim + l];
      inverse[next++] = sum;
    }
  }
  return logDet;
}

/** λ = (½ log det Γ - ½ zᵀΓz, Γz, -½ tri' Γ), κ = (|Γz|² - tr Γ, -2 Γ²z, tri' Γ²), and the table's row (κ, λ, 1). */
function fillFeatures(out: Precisions, i: number, gamma: Float64Array, dim: number, logDet: number): void {
  const { centres, lambda, table } = out;
  const f = 1 + dim + triangleSize(dim);
  const [own, row, z] = [i * f, i * (2 * f + 1), i * dim];
  let [quadratic, square, trace] = [0, 0, 0];
  for (let j = 0; j < dim; j++) {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += gamma[j * dim + k] * centres[z + k];
    lambda[own + 1 + j] = sum;
    quadratic += sum * centres[z + j];
    square += sum * sum;
    trace += gamma[j * dim + j];
  }
  lambda[own] = 0.5 * logDet - 0.5 * quadratic;
  table[row] = square - trace;
  for (let j = 0, next = 1 + dim; j < dim; j++) {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += gamma[j * dim + k] * lambda[own + 1 + k];
    table[row + 1 + j] = -2 * sum;
    for (let k = 0; k <= j; k++, next++) {
      let product = 0;
      for (let l = 0; l < dim; l++) product += gamma[j * dim + l] * gamma[k * dim + l];
      table[row + next] = j === k ? product : 2 * product;
      lambda[own + next] = j === k ? -0.5 * gamma[j * dim + k] : -gamma[j * dim + k];
    }
  }
  for (let k = 0; k < f; k++) table[row + f + k] = lambda[own + k];
  table[row + 2 * f] = 1;
}

/**
 * Fill (to - from)·t numbers with the gradient of the summed loss with respect to the triangles of kernels from..to-1: dL = tril(2 dΓ L) with
 *
 *   dΓ = 2 (ΓA + AΓ) + D + Dᵀ - 2 Σw I + ½ Σgl Γ^{-1} - ½ B,   A = Σ w r rᵀ, B = Σ gl r rᵀ, D = Σ w s rᵀ, r = x - z
 *
 * @param scale a factor of all of it
 */
export function triangleGradient(
  out: Float32Array | Float64Array,
  precisions: Precisions,
  moments: Moments,
  from: number,
  to: number,
  dim: number,
  scale: number,
): void {
  const size = triangleSize(dim);
  const f = 1 + dim + size;
  const matrix = (): Float64Array => new Float64Array(dim * dim);
  const room = {
    weighted: new Float64Array(2 * f),
    tilted: new Float64Array(f),
    a: matrix(),
    gamma: matrix(),
  };
  const [dGamma, lower] = [matrix(), matrix()];
  for (let i = from; i < to; i++) {
    sumParts(room.weighted, moments.weighted, i, precisions.centres.length / dim);
    sumParts(room.tilted, moments.tilted, i, precisions.centres.length / dim);
    gammaGradient(dGamma, room, precisions, i, dim);
    unfold(lower, precisions.lower, i * size, dim);
    for (let j = 0, next = (i - from) * size; j < dim; j++) {
      for (let k = 0; k <= j; k++) {
        let sum = 0;
        for (let l = k; l < dim; l++) sum += dGamma[j * dim + l] * lower[l * dim + k];
        out[next++] = 2 * scale * sum;
      }
    }
  }
}

/** Kernel i's row, summed over the parts of the batch in order. */
function sumParts(out: Float64Array, all: Float64Array, i: number, numKernels: number): void {
  const width = out.length;
  for (let c = 0; c < width; c++) out[c] = all[i * width + c];
  for (let at = (numKernels + i) * width; at < all.length; at += numKernels * width) {
    for (let c = 0; c < width; c++) out[c] += all[at + c];
  }
}

/** What `gammaGradient` works with: a kernel's moments, and room. */
interface Room {
  readonly weighted: Float64Array;
  readonly tilted: Float64Array;
  readonly a: Float64Array;
  readonly gamma: Float64Array;
}

/** dΓ of kernel i. */
function gammaGradient(
  out: Float64Array,
  { weighted, tilted, a, gamma }: Room,
  precisions: Precisions,
  i: number,
  dim: number,
): void {
  const { centres, inverse } = precisions;
  const [f, z] = [tilted.length, i * dim];
  let at = i * triangleSize(dim);
  unfold(gamma, precisions.gamma, at, dim);
  for (let j = 0, next = 1 + dim; j < dim; j++) {
    for (let k = 0; k <= j; k++, next++) {
      a[j * dim + k] = a[k * dim + j] = centred(weighted, next, centres, z, j, k);
    }
  }
  for (let j = 0, next = 1 + dim; j < dim; j++) {
    for (let k = 0; k <= j; k++, next++) {
      let sum = 0;
      for (let l = 0; l < dim; l++)
        sum += gamma[j * dim + l] * a[k * dim + l] + a[j * dim + l] * gamma[k * dim + l];
      // -Σ w s is in weighted from f + 1 on
      const outer = weighted[f + 1 + j] * centres[z + k] + centres[z + j] * weighted[f + 1 + k];
      const other = 0.5 * tilted[0] * inverse[at++] - 0.5 * centred(tilted, next, centres, z, j, k);
      out[j * dim + k] = out[k * dim + j] =
        2 * sum + outer - weighted[f + next] + other - (j === k ? 2 * weighted[0] : 0);
    }
  }
}

/** Entry (j, k) of Σ w r rᵀ from moments (Σ w, Σ w x, Σ w tri x xᵀ) whose entry (j, k) is at `next`. */
function centred(
  moments: Float64Array,
  next: number,
  centres: Float64Array,
  z: number,
  j: number,
  k: number,
): number {
  const zj = centres[z + j];
  const zk = centres[z + k];
  return moments[next] - moments[1 + j] * zk - zj * moments[1 + k] + moments[0] * zj * zk;
}
