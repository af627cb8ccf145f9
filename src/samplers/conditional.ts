import {
  checkFinite,
  checkInteger,
  checkKeys,
  checkLinearObservation,
  checkPositive,
} from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { symmetricEigen } from "../linalg/index.js";
import { foldIn, normal, split, type Key } from "../random/index.js";
import type { LinearDiffusion, TimeScore } from "../sde/index.js";
import { startOf, type DiffusionOptions } from "./diffusion.js";
import { reverseStep } from "./reverse-step.js";

/** A linear observation y = A x + σ_y η of the data. */
export interface LinearObservation {
  readonly dim: number;
  /** A, m·dim numbers, row by row. */
  readonly matrix: Float64Array;
  /** y, m numbers */
  readonly value: Float64Array;
  /** σ_y, at least 0. */
  readonly noise: number;
}

/**
 * The score of the noised data given a linear observation of the clean ones: s(t, x) + ∇ log p_t(y | x) with
 *
 *   p_t(y | x) ≈ N(A x̂, A Σ Aᵀ + σ_y² I),  x̂ = (x + v s)/m,  Σ = (v/m) ∂x̂/∂x
 *
 * by the first two moments of X_0 given X_t = x (Tweedie's formulas, second order), the Jacobian's products with A's rows by
 * central differences: 2m + 1 scores in all. Exact where the data are Gaussian (B. Boys et al., 2023). Directions in which A Σ Aᵀ is not
 * positive, as a learned score may claim, are left without guidance. Differences of a score in float32 want h near 1e-2.
 *
 * @throws ArgumentError
 */
export function guidedScore(
  process: LinearDiffusion,
  score: TimeScore,
  observation: LinearObservation,
  h: number = 1e-4,
): TimeScore {
  const { dim, matrix, value, noise } = checkObservation(observation);
  checkPositive("h", h);
  const rows = value.length;
  return async (t, x) => {
    const { factor, variance } = process.marginal(t);
    const s = await score(t, x);
    const pushes: Float64Array[] = [];
    for (let r = 0; r < rows; r++) {
      const direction = matrix.subarray(r * dim, (r + 1) * dim);
      pushes.push(await jacobianRow(score, t, x, direction, h, factor, variance));
    }
    const out = s.slice();
    for (let at = 0; at < x.length; at += dim) {
      const clean = Float64Array.from({ length: dim }, (_, c) => (x[at + c] + variance * s[at + c]) / factor);
      const miss = value.map((y, r) => y - dot(matrix, r * dim, clean, 0, dim));
      const covariance = observedCovariance(matrix, pushes, at, dim, variance / factor);
      const u = solvePositive(covariance, rows, noise * noise, miss);
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < dim; c++) out[at + c] += u[r] * pushes[r][at + c];
      }
    }
    return out;
  };
}

/** A Σ Aᵀ at one point, made symmetric. */
function observedCovariance(
  matrix: Float64Array,
  pushes: readonly Float64Array[],
  at: number,
  dim: number,
  scale: number,
): Float64Array {
  const rows = pushes.length;
  return Float64Array.from({ length: rows * rows }, (_, k) => {
    const [r, q] = [Math.floor(k / rows), k % rows];
    return (
      (scale * (dot(matrix, r * dim, pushes[q], at, dim) + dot(matrix, q * dim, pushes[r], at, dim))) / 2
    );
  });
}

/** (C + σ² I)^{-1} b over the eigenvectors of C whose eigenvalues are positive. */
function solvePositive(c: Float64Array, n: number, noise: number, b: Float64Array): Float64Array {
  const { values, vectors } = n === 1 ? { values: c, vectors: [1] } : symmetricEigen(c, n);
  const out = new Float64Array(n);
  for (let e = 0; e < n; e++) {
    if (!(values[e] > 0)) continue;
    let product = 0;
    for (let r = 0; r < n; r++) product += vectors[r * n + e] * b[r];
    for (let r = 0; r < n; r++) out[r] += (vectors[r * n + e] * product) / (values[e] + noise);
  }
  return out;
}

/** (∂x̂/∂x) a for all points, a the same direction. */
async function jacobianRow(
  score: TimeScore,
  t: number,
  x: Float64Array,
  a: Float64Array,
  h: number,
  factor: number,
  variance: number,
): Promise<Float64Array> {
  const step = h * Math.sqrt(variance);
  const moved = (sign: number): Float64Array => x.map((value, k) => value + sign * step * a[k % a.length]);
  const [up, down] = [await score(t, moved(1)), await score(t, moved(-1))];
  return up.map((value, k) => (a[k % a.length] + (variance * (value - down[k])) / (2 * step)) / factor);
}

/** Options of `sampleReplacement`. */
export interface ReplacementOptions extends DiffusionOptions {
  /** Coordinates that are known, and their values. */
  readonly coordinates: readonly number[];
  readonly values: Float64Array;
}

/**
 * Draw the unknown coordinates given the known ones by replacement: before each step of the reverse SDE the known coordinates are
 * set to their values, noised afresh to the step's time.
 *
 * Cheap and without derivatives, but not exact where known and unknown coordinates depend on each other: at every time the unknown
 * ones see a new noise of the known ones (Song et al. 2021, appendix I.2; B. Trippe et al., 2023).
 *
 * @returns n·dim numbers with the known coordinates in place
 * @throws ArgumentError
 */
export async function sampleReplacement(
  process: LinearDiffusion,
  score: TimeScore,
  key: Key,
  options: ReplacementOptions,
): Promise<Float64Array> {
  const known = [
    "dim",
    "numSamples",
    "start",
    "times",
    "coordinates",
    "values",
    "onStep",
    "onProgress",
    "signal",
  ];
  checkKeys("options", options, known);
  const { dim, times, coordinates, values, onStep, onProgress, signal } = options;
  coordinates.forEach((c, k) => checkInteger(`coordinates[${k}]`, c, { min: 0, max: dim - 1 }));
  if (values.length !== coordinates.length) {
    throw new ArgumentError("values", values, `${coordinates.length} numbers, one a known coordinate`);
  }
  checkFinite("values", values);
  const [first, rest] = split(key);
  const x = startOf(process, first, options).slice();
  const step = reverseStep(process, score, x.length);
  const replace = (t: number, noise: Float64Array | undefined): void => {
    const { factor, variance } = process.marginal(t);
    for (let at = 0; at < x.length; at += dim) {
      coordinates.forEach((c, k) => {
        const xi = noise === undefined ? 0 : Math.sqrt(variance) * noise[at + c];
        x[at + c] = noise === undefined ? values[k] : factor * values[k] + xi;
      });
    }
  };
  for (let k = 0; k + 1 < times.length; k++) {
    signal?.throwIfAborted();
    const [t, next] = [times[k], times[k + 1]];
    const [again, noise] = split(foldIn(rest, k));
    replace(t, normal(again, x.length));
    await step(x, t, next, noise);
    onStep?.({ step: k + 1, t: next, y: x });
    onProgress?.({ done: k + 1, total: times.length - 1 });
    await new Promise((resolve) => setImmediate(resolve));
  }
  replace(times[times.length - 1], undefined);
  return x;
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[i + k] * b[j + k];
  return sum;
}

function checkObservation(observation: LinearObservation): LinearObservation {
  checkKeys("observation", observation, ["dim", "matrix", "value", "noise"]);
  const { dim } = observation;
  checkInteger("observation.dim", dim, { min: 1 });
  checkLinearObservation("observation", observation, { dim, minNoise: 0 });
  return observation;
}
