import type { Key } from "../../random/index.js";
import type { FourierState } from "./fourier.js";
import type { HermiteState } from "./hermite.js";
import type { PotentialBasisState } from "./potential-state.js";

/**
 * How the score is expanded: "residual" learns r = s + β V' and adds the known part (spec name: r-form), "score" learns s itself.
 */
export type ScoreForm = "residual" | "score";

/**
 * Functions of one data point x that give every conditional expectation of a coordinate, whatever the time:
 *
 *   E[φ_a φ_b (X_t) | X_0 = x] = Σ_m products[a][b][m] e^{rates[m] t} ψ_m(x)
 *   E[D φ_a (X_t) | X_0 = x]   = Σ_m slopes[a][m] e^{rates[m] t} ψ_m(x)
 *
 * with D φ = β V' φ - φ' in residual form and D φ = -φ' in score form, a, b = 0..n, and ψ_m = φ_m for m ≤ n.
 */
export interface Dictionary {
  /** Number of functions ψ. */
  readonly size: number;
  /** Decay rates, size numbers ≤ 0, in 1/time. */
  readonly rates: Float64Array;
  /** (n+1)·(n+1)·size numbers. */
  readonly products: Float64Array;
  /** (n+1)·size numbers. */
  readonly slopes: Float64Array;
  /** Rows ψ_0(x_i)..ψ_size-1(x_i). */
  readonly evaluate: (x: Float64Array) => Float64Array;
}

/** Points of one coordinate inside row-major points: x[at], x[at + stride], ..., `count` of them. */
export interface Strided {
  readonly x: Float64Array;
  readonly at: number;
  readonly stride: number;
  readonly count: number;
}

/** The functions of one coordinate in a generator's inner loop, where nothing may be allocated. */
export interface SiteFunctions {
  /** φ_a of the i-th point to out[place + (a-1)·lanes + i], a = 1..n. */
  write(points: Strided, out: Float64Array, place: number, lanes: number): void;
  /** Add factor·V'(x) of the i-th point to out[at + i·stride], `at` and `stride` as in the points. */
  addGradient(points: Strided, factor: number, out: Float64Array): void;
}

/**
 * Eigenfunctions of the generator L f = f''/β - V' f' of dX = -V' dt + sqrt(2/β) dW: L φ_m = λ_m φ_m, φ_0 = 1, orthonormal in
 * exp(-β V)/Z, positive at the right end for potentials on the line.
 */
export interface SpectralBasis1d {
  readonly kind: BasisState["kind"];
  /** Functions 0..n make scores. */
  readonly n: number;
  /** Functions 0..extended carry products and conditional expectations. */
  readonly extended: number;
  /** Inverse temperature β. */
  readonly beta: number;
  /** λ_0 = 0 > λ_1 ≥ ..., extended + 1 numbers, in 1/time. */
  readonly eigenvalues: Float64Array;
  /** μ[a][b][m] with φ_a φ_b = Σ_m μ_ab^m φ_m, for a, b ≤ n and m ≤ extended; exact unless the sum has more terms. */
  readonly products: Float64Array;
  /** ν[a][m] with φ_a' = Σ_m ν_a^m φ_m, (extended+1)² numbers; its transpose belongs to D* = -d/dx + β V'. */
  readonly derivatives: Float64Array;
  /** Where the process lives: the line, a period, or the box of a potential. */
  readonly domain: readonly [low: number, high: number];
  readonly periodic: boolean;
  /** Rows φ_0(x_i)..φ_extended(x_i). */
  readonly evaluate: (x: Float64Array) => Float64Array;
  /** V'(x) */
  readonly potentialGradient: (x: number) => number;
  /** n independent draws of exp(-β V)/Z. */
  sampleStationary(key: Key, n: number): Float64Array;
  /** An interval that holds all but about one of `count` draws of exp(-β V)/Z. */
  bulk(count: number): readonly [low: number, high: number];
  dictionary(form: ScoreForm): Dictionary;
  /** The functions as a generator evaluates them, for x on [low, high]. */
  site(low: number, high: number): SiteFunctions;
  /** Plain data from which `restoreBasis` makes the basis again. */
  readonly state: BasisState;
}

/** A basis as plain data: numbers, words and typed arrays. */
export type BasisState = HermiteState | FourierState | PotentialBasisState;
