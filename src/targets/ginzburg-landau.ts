import {
  checkInteger,
  checkKeys,
  checkNumber,
  checkOneOf,
  checkPoints,
  checkPositive,
} from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Key } from "../random/index.js";
import type { Density1d } from "../sde/index.js";
import type { Boundary, ChainShape } from "./chain/lattice.js";
import { lazily } from "./chain/lazily.js";
import { openChain } from "./chain/open-chain.js";
import { ringChain } from "./chain/ring-chain.js";
import { chainOps, type Bond } from "./chain/tensor-ops.js";
import type { ExactTarget } from "./target.js";

const BOUNDARIES: readonly Boundary[] = ["left", "free", "both", "periodic"];

/** Options of `ginzburgLandau`. */
export interface GinzburgLandauOptions {
  /** Number of sites. */
  readonly dim: number;
  /** Interface width λ. */
  readonly lambda: number;
  /** Inverse temperature β, 1 by default. */
  readonly beta?: number;
  /** Grid spacing h. */
  readonly h: number;
  /** "left" (x_0 = 0, right end free; the default), "free", "both" (x_0 = x_{d+1} = 0) or "periodic". */
  readonly boundary?: Boundary;
}

/** Options of `latticeChain`. */
export interface LatticeChainOptions {
  readonly dim: number;
  /** J, at least 0. */
  readonly coupling: number;
  /** B, positive. */
  readonly barrier: number;
  /** As in `ginzburgLandau`; "left" by default. */
  readonly boundary?: Boundary;
}

/** A Ginzburg–Landau chain with its exact quantities; sites are numbered from 0. */
export interface ChainTarget extends ExactTarget {
  /** J = β λ / h² */
  readonly coupling: number;
  /** B = β / (4 λ) */
  readonly barrier: number;
  readonly boundary: Boundary;
  /** log Z, the integral of exp(logDensity) */
  readonly logNormConst: number;
  /** Zero at every site, by symmetry. */
  mean(): Float64Array;
  std(): Float64Array;
  /** E[x_i x_j], dim × dim. */
  secondMoment(): Float64Array;
  /** E[x_i² x_j²], dim × dim. */
  fourthMoment(): Float64Array;
  /** The law of one site. @throws ArgumentError */
  marginal(site: number): Density1d;
  /** Joint density of two different sites on xs × ys, row-major. @throws ArgumentError */
  pairMarginal(sites: readonly [number, number], xs: Float64Array, ys: Float64Array): Float64Array;
  /** n independent exact draws, n·dim numbers. */
  sample(key: Key, n: number): Float64Array;
}

/**
 * The Ginzburg–Landau chain, ρ = exp(-β V)/Z with
 *
 *   V(x) = Σ_i [ λ/2 ((x_i - x_{i-1})/h)² + (1 - x_i²)²/(4 λ) ]
 *
 * and everything exact by the transfer operator: log-normaliser, second moments, marginals and independent draws. A bond to a
 * site that the boundary does not have is absent. `logDensity` is -β V, without log Z.
 *
 * @throws ArgumentError for unknown options, and for λ, β or h that are not positive
 */
export function ginzburgLandau(options: GinzburgLandauOptions): ChainTarget {
  checkKeys("options", options, ["dim", "lambda", "beta", "h", "boundary"]);
  const { dim, lambda, beta = 1, h, boundary } = options;
  checkPositive("lambda", lambda);
  checkPositive("beta", beta);
  checkPositive("h", h);
  return latticeChain({ dim, coupling: (beta * lambda) / h ** 2, barrier: beta / (4 * lambda), boundary });
}

/**
 * The same chain by the two numbers that its law depends on: -log ρ = log Z + Σ_i [ J/2 (x_i - x_{i-1})² + B (1 - x_i²)² ].
 *
 * @throws ArgumentError for J < 0, B ≤ 0, or a chain too stiff for 2^18 quadrature nodes
 */
export function latticeChain(options: LatticeChainOptions): ChainTarget {
  checkKeys("options", options, ["dim", "coupling", "barrier", "boundary"]);
  const { dim, coupling, barrier, boundary = "left" } = options;
  checkInteger("dim", dim, { min: 1 });
  checkNumber("coupling", coupling, { min: 0 });
  checkPositive("barrier", barrier);
  checkOneOf("boundary", boundary, BOUNDARIES);
  const shape: ChainShape = { dim, coupling, barrier, boundary };
  const exact = boundary === "periodic" ? ringChain(shape) : openChain(shape);
  const second = lazily(() => exact.pairExpectations((x) => x));
  const fourth = lazily(() => exact.pairExpectations((x) => x * x));
  return {
    dim,
    coupling,
    barrier,
    boundary,
    get logNormConst() {
      return exact.logNormConst;
    },
    logDensity: (x) => chainLogDensity(shape, x),
    score: (x) => chainScore(shape, x),
    ops: chainOps(shape, bondsOf(shape)),
    mean: () => new Float64Array(dim),
    std: () => Float64Array.from({ length: dim }, (_, i) => Math.sqrt(second()[i * dim + i])),
    secondMoment: () => second().slice(),
    fourthMoment: () => fourth().slice(),
    marginal: (site) => exact.marginal(checkSite("site", site, dim)),
    pairMarginal([i, j], xs, ys) {
      checkSite("sites[0]", i, dim);
      checkSite("sites[1]", j, dim);
      if (i === j) throw new ArgumentError("sites", i, "two different sites");
      return exact.pairMarginal([i, j], xs, ys);
    },
    sample(key, n) {
      checkInteger("n", n, { min: 1 });
      return exact.sample(key, n);
    },
  };
}

function checkSite(argument: string, site: number, dim: number): number {
  return checkInteger(argument, site, { min: 0, max: dim - 1 });
}

/** Neighbour of site i in direction ±1: its index, -1 for the pinned 0, or undefined where there is no bond. */
function neighbour({ dim, boundary }: ChainShape, i: number, direction: 1 | -1): number | undefined {
  const j = i + direction;
  if (j >= 0 && j < dim) return j;
  if (boundary === "periodic") return (j + dim) % dim;
  const pinned = boundary === "both" || (boundary === "left" && j < 0);
  return pinned ? -1 : undefined;
}

/** Every bond once: each site with what is on its left, and the right end where it is pinned. */
function bondsOf(shape: ChainShape): Bond[] {
  const free = (j: number): number | undefined => (j < 0 ? undefined : j);
  const left = Array.from({ length: shape.dim }, (_, i) => [i, neighbour(shape, i, -1)] as const);
  const bonds = left.flatMap(([i, j]): Bond[] => (j === undefined ? [] : [[i, free(j)]]));
  return shape.boundary === "both" ? [...bonds, [shape.dim - 1, undefined]] : bonds;
}

function chainLogDensity(shape: ChainShape, x: Float64Array): Float64Array {
  const { dim, coupling, barrier, boundary } = shape;
  const n = checkPoints("x", x, dim);
  const before = neighbour(shape, 0, -1);
  const out = new Float64Array(n);
  for (let s = 0; s < n; s++) {
    const row = s * dim;
    let bonds = 0;
    let sites = 0;
    for (let i = 0; i < dim; i++) {
      const value = x[row + i];
      if (i > 0) bonds += (value - x[row + i - 1]) ** 2;
      sites += (1 - value * value) ** 2;
    }
    if (before !== undefined) bonds += (x[row] - (before < 0 ? 0 : x[row + before])) ** 2;
    if (boundary === "both") bonds += x[row + dim - 1] ** 2;
    out[s] = -(coupling / 2) * bonds - barrier * sites;
  }
  return out;
}

function chainScore(shape: ChainShape, x: Float64Array): Float64Array {
  const { dim, coupling, barrier } = shape;
  const n = checkPoints("x", x, dim);
  const out = new Float64Array(x.length);
  for (let i = 0; i < dim; i++) {
    const left = neighbour(shape, i, -1);
    const right = neighbour(shape, i, 1);
    for (let s = 0; s < n; s++) {
      const row = s * dim;
      const value = x[row + i];
      let pull = 0;
      if (left !== undefined) pull += (left < 0 ? 0 : x[row + left]) - value;
      if (right !== undefined) pull += (right < 0 ? 0 : x[row + right]) - value;
      out[row + i] = coupling * pull + 4 * barrier * value * (1 - value * value);
    }
  }
  return out;
}
