import { checkKeys, checkLinearObservation } from "../../core/checks.js";
import { choleskySmall, solveCholesky } from "../../linalg/index.js";
import type { Residual } from "./residual.js";

/** A linear observation y = A u + s η of a field's modes. */
export interface FieldObservation {
  /** A, m·dim numbers, row by row: rows of the identity for a coarse view, of the basis for values at points. */
  readonly matrix: Float64Array;
  /** y, m numbers. */
  readonly value: Float64Array;
  /** s, greater than 0. */
  readonly noise: number;
}

/**
 * The residual given an observation, F + σ²C ∇ log p(y | w), with
 *
 *   p(y | w) ≈ N(A S, A V Aᵀ + s² I),  S = w + F(w),  V = λσ²c/(λ + σ²c),  ∂S/∂w ≈ λ/(λ + σ²c)
 *
 * where λ are variances of the prior's modes: exact for a Gaussian prior, elsewhere the same second moments at every w.
 *
 * @param variances λ, dim numbers
 * @param noise c, dim eigenvalues
 * @throws ArgumentError
 */
export function guidedResidual(
  residual: Residual,
  observation: FieldObservation,
  variances: Float64Array,
  noise: Float64Array,
): Residual {
  const dim = variances.length;
  const { matrix, value, noise: spread } = checkObservation(observation, dim);
  const m = value.length;
  const gains = gainCache(matrix, m, spread, variances, noise);
  return async (sigma, w) => {
    const out = (await residual(sigma, w)).slice();
    const gain = gains(sigma);
    const miss = new Float64Array(m);
    for (let at = 0; at < w.length; at += dim) {
      for (let r = 0; r < m; r++) {
        let seen = 0;
        for (let k = 0; k < dim; k++) seen += matrix[r * dim + k] * (w[at + k] + out[at + k]);
        miss[r] = value[r] - seen;
      }
      for (let k = 0; k < dim; k++) {
        let push = 0;
        for (let r = 0; r < m; r++) push += gain[k * m + r] * miss[r];
        out[at + k] += push;
      }
    }
    return out;
  };
}

/** σ²C (∂S/∂w)ᵀ Aᵀ (A V Aᵀ + s² I)^{-1} by level, dim·m numbers. */
function gainCache(
  matrix: Float64Array,
  m: number,
  spread: number,
  variances: Float64Array,
  noise: Float64Array,
): (sigma: number) => Float64Array {
  const dim = variances.length;
  let last: { readonly sigma: number; readonly gain: Float64Array } | undefined;
  return (sigma) => {
    if (last?.sigma === sigma) return last.gain;
    // V = σ²c ∂S/∂w, so the gain is V Aᵀ (...)^{-1}
    const v = variances.map((lambda, k) => {
      const c = sigma * sigma * noise[k];
      return c === 0 ? 0 : (lambda * c) / (lambda + c);
    });
    const gram = new Float64Array(m * m);
    for (let r = 0; r < m; r++) {
      for (let q = 0; q < m; q++) {
        let sum = r === q ? spread * spread : 0;
        for (let k = 0; k < dim; k++) sum += matrix[r * dim + k] * v[k] * matrix[q * dim + k];
        gram[r * m + q] = sum;
      }
    }
    const rows = Float64Array.from(
      { length: dim * m },
      (_, i) => v[Math.floor(i / m)] * matrix[(i % m) * dim + Math.floor(i / m)],
    );
    const factor = choleskySmall(gram, m, { argument: "A V Aᵀ + s² I" });
    last = { sigma, gain: solveCholesky(factor, m, rows, { rhs: "rows" }) };
    return last.gain;
  };
}

/** A Gaussian law of modes given an observation. */
export interface FieldPosterior {
  readonly mean: Float64Array;
  /** Variances of the modes. */
  readonly variances: Float64Array;
}

/** The exact law of u ~ N(0, diag λ) given the observation: mean and the modes' variances. @throws ArgumentError */
export function gaussianPosterior(variances: Float64Array, observation: FieldObservation): FieldPosterior {
  const dim = variances.length;
  const { matrix, value, noise } = checkObservation(observation, dim);
  const m = value.length;
  const gram = Float64Array.from({ length: m * m }, (_, i) => {
    const [r, q] = [Math.floor(i / m), i % m];
    let sum = r === q ? noise * noise : 0;
    for (let k = 0; k < dim; k++) sum += matrix[r * dim + k] * variances[k] * matrix[q * dim + k];
    return sum;
  });
  const factor = choleskySmall(gram, m, { argument: "A Λ Aᵀ + s² I" });
  const cross = Float64Array.from(
    { length: dim * m },
    (_, i) => variances[Math.floor(i / m)] * matrix[(i % m) * dim + Math.floor(i / m)],
  );
  const gain = solveCholesky(factor, m, cross, { rhs: "rows" });
  const dot = (k: number, other: (r: number) => number): number => {
    let sum = 0;
    for (let r = 0; r < m; r++) sum += gain[k * m + r] * other(r);
    return sum;
  };
  return {
    mean: variances.map((_, k) => dot(k, (r) => value[r])),
    variances: variances.map((lambda, k) => lambda - dot(k, (r) => cross[k * m + r])),
  };
}

function checkObservation(observation: FieldObservation, dim: number): FieldObservation {
  checkKeys("observation", observation, ["matrix", "value", "noise"]);
  checkLinearObservation("observation", observation, { dim, minNoise: 1e-12 });
  return observation;
}
