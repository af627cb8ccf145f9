import { checkKeys, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { checkGridSize, toModes } from "../../linalg/index.js";
import { categorical, foldIn, split, type Key } from "../../random/index.js";
import type { FieldCovariance } from "./covariance.js";
import { drawModes, fieldsOf, gridOf } from "./coupled-draws.js";
import { mixtureResidual, type MixtureModes } from "./mixture-residual.js";

/** A Gaussian law of fields. */
export interface FieldComponent {
  /** Default equal weights. */
  readonly weight?: number;
  /** The mean at a point; default 0. */
  readonly mean?: (...x: number[]) => number;
  readonly covariance: FieldCovariance;
}

/** A mixture of Gaussian fields on a grid; points are coefficients of the modes, size^dim numbers a field. */
export interface GridMixture extends MixtureModes {
  readonly size: number;
  /** E‖u‖² */
  readonly energy: number;
  /** E|u_k|² of every mode. */
  readonly modeEnergy: Float64Array;
  /** n draws; with one key the same fields on every grid. */
  sample(key: Key, n: number): Float64Array;
  /** E[u | u + σζ = w] - w for ζ ~ N(0, noise), n·size^dim numbers. */
  residual(w: Float64Array, sigma: number, noise: FieldCovariance): Float64Array;
  /** Values at the grid points. */
  fields(modes: Float64Array): Float64Array;
}

/**
 * A mixture of Gaussian fields Σ p_i N(a_i, Λ_i) on the grid of a size, with everything known: draws, energies and the residual score
 *
 *   F(w) = -Σ_i r_i(w) σ²C (Λ_i + σ²C)^{-1} (w - a_i),  r_i ∝ p_i det(Λ_i + σ²C)^{-1/2} exp(-½ |w - a_i|²_{(Λ_i + σ²C)^{-1}})
 *
 * All covariances share a basis. @throws ArgumentError
 */
export function fieldMixture(components: readonly FieldComponent[], size: number): GridMixture {
  const weights = checkComponents(components, size);
  const { covariance } = components[0];
  const means = components.map(({ mean }) => meanModes(mean, covariance, size));
  const variances = components.map((component) => component.covariance.eigenvalues(size));
  const modeEnergy = new Float64Array(size ** covariance.dim);
  weights.forEach((p, i) => {
    modeEnergy.forEach((_, k) => (modeEnergy[k] += p * (means[i][k] ** 2 + variances[i][k])));
  });
  const modes: MixtureModes = { weights, means, variances };
  return {
    ...modes,
    size,
    modeEnergy,
    energy: modeEnergy.reduce((sum, value) => sum + value, 0),
    sample: (key, n) => sample(components, modes, key, n, size),
    residual: (w, sigma, noise) => mixtureResidual(modes, w, sigma, noise.eigenvalues(size)),
    fields: (w) => fieldsOf(w, covariance, size),
  };
}

function sample(
  components: readonly FieldComponent[],
  { weights, means }: MixtureModes,
  key: Key,
  n: number,
  size: number,
): Float64Array {
  const [which, rest] = split(key);
  const chosen = categorical(which, weights, n);
  const draws = components.map(({ covariance }, i) => drawModes(covariance, foldIn(rest, i), n, size));
  const dim = means[0].length;
  const out = new Float64Array(n * dim);
  for (let field = 0; field < n; field++) {
    const i = chosen[field];
    for (let k = 0; k < dim; k++) out[field * dim + k] = means[i][k] + draws[i][field * dim + k];
  }
  return out;
}

function meanModes(mean: FieldComponent["mean"], covariance: FieldCovariance, size: number): Float64Array {
  const { dim, length, basis } = covariance;
  const points = size ** dim;
  if (mean === undefined) return new Float64Array(points);
  const h = length / size;
  const shift = basis === "cosine" ? 0.5 : 0;
  const values = Float64Array.from({ length: points }, (_, p) =>
    dim === 1 ? mean(h * (p + shift)) : mean(h * ((p % size) + shift), h * (Math.floor(p / size) + shift)),
  );
  return toModes(values, gridOf(covariance, size)).map((a) => h ** (dim / 2) * a);
}

function checkComponents(components: readonly FieldComponent[], size: number): Float64Array {
  checkGridSize("size", size);
  if (components.length === 0) throw new ArgumentError("components", components, "at least one component");
  const [{ covariance: first }] = components;
  components.forEach((component, i) => {
    checkKeys(`components[${i}]`, component, ["weight", "mean", "covariance"]);
    const { basis, dim, length } = component.covariance;
    if (basis !== first.basis || dim !== first.dim || length !== first.length) {
      throw new ArgumentError(
        `components[${i}].covariance`,
        component.covariance,
        "the first one's domain and basis",
      );
    }
  });
  const weights = components.map(({ weight = 1 }, i) => checkPositive(`components[${i}].weight`, weight));
  const total = weights.reduce((sum, p) => sum + p, 0);
  return Float64Array.from(weights, (p) => p / total);
}
