import { checkInteger, checkKeys, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import {
  gaussLegendre,
  orthonormal,
  stieltjes,
  symmetricEigen,
  type Recurrence,
} from "../../linalg/index.js";
import { density1d, gibbsDensity, parsePotential, type Potential } from "../../targets/index.js";
import type { SpectralBasis1d } from "./basis.js";
import { eigenfunctions, restorePotentialBasis, type PotentialBasisState } from "./potential-state.js";
import { tabulate } from "./uniform-table.js";

export interface PotentialBasisOptions {
  /** V, or its formula in x such as "(1 - x^2)^2". */
  readonly potential: Potential | string;
  /** Functions 0..n make scores (default 4). */
  readonly n?: number;
  /** Functions 0..extended carry products (default 4n). */
  readonly extended?: number;
  /** Inverse temperature β (default 1). */
  readonly beta?: number;
  /** Interval that holds the law's mass; by default where β (V - min V) is below 50. */
  readonly domain?: readonly [low: number, high: number];
}

/** Degree of the polynomials in which eigenfunctions are sought. */
const DEGREE = 60;
const NODES = 800;
const GRID = 4097;
/** Where β V is this deep, an eigenfunction has its outermost sign but no rounding error to speak of. */
const SIGN_DEPTH = 20;
const CUT_DEPTH = 50;

/**
 * Eigenfunctions of L f = f''/β - V' f' for any confining potential on the line, by Galerkin's method in polynomials that are
 * orthonormal under exp(-β V)/Z (Stieltjes' recurrence):
 *
 *   S_kl = (1/β) ∫ p_k' p_l' exp(-β V)/Z dx,  S v = -λ v,  φ = Σ_k v_k p_k
 *
 * and the tables μ, ν by the same Gauss–Legendre quadrature. Functions are positive at the right end.
 *
 * @throws ArgumentError for a potential that does not confine, n not a whole number from 1 to 10, or a β that is not positive
 */
export function potentialBasis(options: PotentialBasisOptions): SpectralBasis1d {
  checkKeys("options", options, ["potential", "n", "extended", "beta", "domain"]);
  const { n = 4, beta = 1 } = options;
  checkInteger("n", n, { min: 1, max: 10 });
  checkPositive("beta", beta);
  const extended = checkInteger("extended", options.extended ?? 4 * n, { min: n + 1, max: 40 });
  const potential = toPotential(options.potential);
  const law = stationaryLaw(potential, beta, options.domain);
  const { low, high } = law;
  const { nodes, weights } = gaussLegendre(NODES, low, high);
  const measure = weights.map((w, q) => w * law.density(nodes[q]));
  const mass = measure.reduce((sum, w) => sum + w, 0);
  measure.forEach((w, q) => (measure[q] = w / mass));
  const recurrence = stieltjes(nodes, measure, DEGREE + 1);
  const { rates, coefficients } = galerkin(recurrence, nodes, measure, extended, beta, law.signPoint);
  const tables = quadratureTables({ recurrence, coefficients, low, high }, nodes, measure, n);
  return restorePotentialBasis({
    kind: "potential",
    text: potential.text,
    n,
    extended,
    beta,
    low,
    high,
    eigenvalues: rates.slice(0, extended + 1),
    nextEigenvalue: rates[extended + 1],
    ...tables,
    recurrence,
    coefficients,
    gradient: tabulate(low, high, GRID, (x) => x.map((value) => potential.derivative(value))),
    cdf: tabulate(low, high, GRID, (x) => x.map((value) => law.cdf(value))).values,
  });
}

function toPotential(given: Potential | string): Potential {
  if (typeof given === "string") return parsePotential(given);
  if (typeof given?.value !== "function" || typeof given.derivative !== "function") {
    throw new ArgumentError(
      "potential",
      given,
      "a formula in x, or a potential with value(x) and derivative(x)",
    );
  }
  return given;
}

interface Law {
  readonly low: number;
  readonly high: number;
  /** Where signs are read. */
  readonly signPoint: number;
  density(x: number): number;
  cdf(x: number): number;
}

function stationaryLaw(
  potential: Potential,
  beta: number,
  domain: readonly [number, number] | undefined,
): Law {
  const ends = domain ?? ends1d(gibbsDensity(potential, { beta }));
  const [from, to] = ends;
  if (!(from < to))
    throw new ArgumentError("domain", `[${from}, ${to}]`, "an interval [low, high] with low < high");
  const at = (i: number): number => from + ((to - from) * i) / GRID;
  const energies = Float64Array.from({ length: GRID + 1 }, (_, i) => beta * potential.value(at(i)));
  const lowest = energies.reduce((least, e) => Math.min(least, e), Infinity);
  const depth = (i: number): number => energies[i] - lowest;
  let [first, last] = [0, GRID];
  while (depth(first + 1) > CUT_DEPTH) first++;
  while (depth(last - 1) > CUT_DEPTH) last--;
  let sign = last;
  while (depth(sign) > SIGN_DEPTH) sign--;
  const weight = (x: number): number => Math.exp(lowest - beta * potential.value(x));
  const density = density1d(weight, at(first), at(last));
  return { ...density, signPoint: at(sign) };
}

const ends1d = ({ low, high }: { low: number; high: number }): [number, number] => [low, high];

/** λ_0..λ_{extended+1}, and the polynomial coefficients of φ_0..φ_extended. */
function galerkin(
  recurrence: Recurrence,
  nodes: Float64Array,
  measure: Float64Array,
  extended: number,
  beta: number,
  signPoint: number,
): { rates: Float64Array; coefficients: Float64Array } {
  const size = DEGREE + 1;
  const { derivatives } = orthonormal(recurrence, nodes);
  const stiffness = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    for (let l = 0; l <= k; l++) {
      let sum = 0;
      for (let q = 0; q < nodes.length; q++) {
        sum += measure[q] * derivatives[q * size + k] * derivatives[q * size + l];
      }
      stiffness[k * size + l] = stiffness[l * size + k] = sum / beta;
    }
  }
  const { values, vectors } = symmetricEigen(stiffness, size);
  const rates = values.slice(0, extended + 2).map((value, m) => (m === 0 ? 0 : -value));
  const atEnd = orthonormal(recurrence, Float64Array.of(signPoint)).values;
  const coefficients = new Float64Array((extended + 1) * size);
  coefficients[0] = 1;
  for (let m = 1; m <= extended; m++) {
    let end = 0;
    for (let k = 0; k < size; k++) end += vectors[k * size + m] * atEnd[k];
    for (let k = 0; k < size; k++) coefficients[m * size + k] = Math.sign(end) * vectors[k * size + m];
  }
  return { rates, coefficients };
}

function quadratureTables(
  functions: Pick<PotentialBasisState, "recurrence" | "coefficients" | "low" | "high">,
  nodes: Float64Array,
  measure: Float64Array,
  n: number,
): Pick<PotentialBasisState, "products" | "derivatives"> {
  const { values, derivatives } = eigenfunctions(functions, nodes);
  const size = values.length / nodes.length;
  const integral = (term: (row: number) => number): number => {
    let sum = 0;
    for (let q = 0; q < nodes.length; q++) sum += measure[q] * term(q * size);
    return sum;
  };
  const products = new Float64Array((n + 1) ** 2 * size);
  for (let a = 0; a <= n; a++) {
    for (let b = 0; b <= n; b++) {
      for (let m = 0; m < size; m++) {
        products[(a * (n + 1) + b) * size + m] = integral(
          (q) => values[q + a] * values[q + b] * values[q + m],
        );
      }
    }
  }
  const slopes = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let m = 0; m < size; m++) slopes[a * size + m] = integral((q) => derivatives[q + a] * values[q + m]);
  }
  return { products, derivatives: slopes };
}
