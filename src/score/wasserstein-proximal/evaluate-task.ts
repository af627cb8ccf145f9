// Runs in a pool thread, or on the calling one for small problems.

/** Points at which a mixture of Gaussians with equal weights is wanted. */
export interface Evaluation {
  /** n·d numbers */
  readonly x: Float64Array;
  /** m·d, m·d² and m numbers */
  readonly centres: Float64Array;
  readonly precision: Float64Array;
  readonly halfLogDet: Float64Array;
  readonly dim: number;
  /** For each point the kernel that it must not see, or -1. */
  readonly exclude: Int32Array | undefined;
}

/** What was found at the points. */
export interface Evaluated {
  /** log p(x), n numbers */
  readonly logDensity: Float64Array;
  /** ∇ log p(x), n·d numbers */
  readonly score: Float64Array;
  /** |s|² + 2 div s = 2 Δp/p - |s|², n numbers */
  readonly loss: Float64Array;
}

/** Terms below exp(-45) of the greatest are left out. */
const DEPTH = 45;

/** Density, score and implicit loss of the mixture, point by point. */
export function evaluate({ x, centres, precision, halfLogDet, dim, exclude }: Evaluation): Evaluated {
  const n = x.length / dim;
  const count = halfLogDet.length;
  const out = {
    logDensity: new Float64Array(n),
    score: new Float64Array(x.length),
    loss: new Float64Array(n),
  };
  const exponents = new Float64Array(count);
  const r = new Float64Array(dim);
  const a = new Float64Array(dim);
  const own = exclude === undefined ? count : count - 1;
  const constant = -Math.log(own) - (dim / 2) * Math.log(2 * Math.PI);
  for (let i = 0; i < n; i++) {
    const peak = fillExponents(exponents, x, i * dim, centres, precision, halfLogDet, r);
    const excluded = exclude === undefined ? -1 : exclude[i];
    if (excluded >= 0) exponents[excluded] = -Infinity;
    const top = excluded >= 0 ? exponents.reduce((most, l) => Math.max(most, l), -Infinity) : peak;
    let [sum, curvature] = [0, 0];
    for (let k = 0; k < count; k++) {
      if (exponents[k] < top - DEPTH) continue;
      const term = Math.exp(exponents[k] - top);
      sum += term;
      curvature += term * pull(a, x, i * dim, centres, precision, k, r);
      for (let c = 0; c < dim; c++) out.score[i * dim + c] -= term * a[c];
    }
    let square = 0;
    for (let c = i * dim; c < (i + 1) * dim; c++) {
      out.score[c] /= sum;
      square += out.score[c] * out.score[c];
    }
    out.logDensity[i] = top + Math.log(sum) + constant;
    out.loss[i] = (2 * curvature) / sum - square;
  }
  return out;
}

/** ½ log det Γ_k - ½ rᵀΓ_k r for all kernels; returns the greatest. */
function fillExponents(
  out: Float64Array,
  x: Float64Array,
  at: number,
  centres: Float64Array,
  precision: Float64Array,
  halfLogDet: Float64Array,
  r: Float64Array,
): number {
  const dim = r.length;
  let peak = -Infinity;
  for (let k = 0; k < out.length; k++) {
    for (let c = 0; c < dim; c++) r[c] = x[at + c] - centres[k * dim + c];
    let form = 0;
    for (let c = 0, p = k * dim * dim; c < dim; c++, p += dim) {
      let sum = 0.5 * precision[p + c] * r[c];
      for (let e = 0; e < c; e++) sum += precision[p + e] * r[e];
      form += sum * r[c];
    }
    out[k] = halfLogDet[k] - form;
    if (out[k] > peak) peak = out[k];
  }
  return peak;
}

/** a = Γ_k (x - z_k); returns |a|² - tr Γ_k. */
function pull(
  a: Float64Array,
  x: Float64Array,
  at: number,
  centres: Float64Array,
  precision: Float64Array,
  k: number,
  r: Float64Array,
): number {
  const dim = a.length;
  for (let c = 0; c < dim; c++) r[c] = x[at + c] - centres[k * dim + c];
  let c2 = 0;
  for (let c = 0, p = k * dim * dim; c < dim; c++, p += dim) {
    let sum = 0;
    for (let e = 0; e < dim; e++) sum += precision[p + e] * r[e];
    a[c] = sum;
    c2 += sum * sum - precision[p + c];
  }
  return c2;
}
