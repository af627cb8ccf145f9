import { ArgumentError } from "../../core/errors.js";

/** How the ends of a chain are held: pinned to 0 on the left or on both sides, free, or joined to a ring. */
export type Boundary = "left" | "free" | "both" | "periodic";

/** The two numbers that a chain's law depends on, with its length and boundary. */
export interface ChainShape {
  readonly dim: number;
  /** J of J/2 (x_i - x_{i-1})², non-negative. */
  readonly coupling: number;
  /** B of the on-site energy B (1 - x²)², positive. */
  readonly barrier: number;
  readonly boundary: Boundary;
}

/** Evenly spaced nodes for a chain's integrals by the trapezoidal rule, which converges geometrically for its entire integrands. */
export interface Lattice {
  readonly step: number;
  readonly nodes: Float64Array;
  /** exp(-U) at the nodes. */
  readonly weights: Float64Array;
  /** exp(-J (m step)²/2) for m = 0 up to the half-width of the band. */
  readonly band: Float64Array;
}

/** What is neglected in tails and bonds is below exp(-DEPTH) of what is kept. */
const DEPTH = 46;
/** The trapezoidal rule's relative error is about exp(-PRECISION). */
const PRECISION = 40;
const MOST_NODES = 2 ** 18;

/**
 * Nodes whose number and range follow the chain: the step resolves both the bonds (width J^{-1/2}) and the on-site weight, the
 * range reaches where the weight, or the elastic energy from a pinned end, makes the density negligible.
 *
 * @throws ArgumentError for a chain so stiff and wide that it needs more than 2^18 nodes
 */
export function buildLattice(shape: ChainShape): Lattice {
  const { coupling, barrier } = shape;
  const half = Math.ceil(chainRadius(shape) / latticeStep(coupling, barrier));
  if (2 * half + 1 > MOST_NODES) {
    throw new ArgumentError(
      "coupling",
      coupling,
      `a chain that ${MOST_NODES} nodes resolve (this one needs ${2 * half + 1})`,
    );
  }
  const step = chainRadius(shape) / half;
  const nodes = Float64Array.from({ length: 2 * half + 1 }, (_, q) => (q - half) * step);
  const reach = Math.min(2 * half, Math.ceil(bondReach(coupling, barrier) / step));
  return {
    step,
    nodes,
    weights: nodes.map((x) => siteWeight(barrier, x)),
    band: Float64Array.from({ length: reach + 1 }, (_, m) => Math.exp((-coupling * (m * step) ** 2) / 2)),
  };
}

/** exp(-B (1 - x²)²) */
export function siteWeight(barrier: number, x: number): number {
  const u = 1 - x * x;
  return Math.exp(-barrier * u * u);
}

/**
 * Half-width of the box. Clipping a configuration to [-1, 1] lowers every bond and every on-site energy, so B (1 - R²)² = DEPTH
 * bounds it for all boundaries; a pinned end adds the elastic energy J x²/(2d) of a path of d bonds from 0 to x.
 */
export function chainRadius({ dim, coupling, barrier, boundary }: ChainShape): number {
  const confined = Math.sqrt(1 + Math.sqrt(DEPTH / barrier));
  if (coupling === 0 || boundary === "free" || boundary === "periodic") return confined;
  const typicalSite = barrier * Math.max(1, 3 * (dim / coupling) ** 2);
  return Math.min(confined, Math.sqrt((2 * dim * (DEPTH + dim * typicalSite)) / coupling));
}

/** Longest bond kept: the energy of the bond from a pinned end into a well is about B, and DEPTH of fluctuation is added. */
export function bondReach(coupling: number, barrier: number): number {
  return (Math.sqrt(DEPTH) + Math.sqrt(2 * barrier)) * Math.sqrt(2 / coupling);
}

/**
 * Step of the trapezoidal rule: its error is exp(-2πa/step) times the growth of the integrand at imaginary part a, which is at
 * most exp((4B + J) a² + 8 B a⁴) for a site with two bonds; the greatest step over a is taken (Trefethen and Weideman 2014, section 5).
 */
export function latticeStep(coupling: number, barrier: number): number {
  let best = 0;
  for (let a = 2 ** -14; a < 2 ** 14; a *= 1.05) {
    const growth = (4 * barrier + coupling) * a * a + 8 * barrier * a ** 4;
    best = Math.max(best, (2 * Math.PI * a) / (growth + PRECISION));
  }
  return best;
}

/** out = step · K (weights ∘ v), K_{qs} = exp(-J (z_q - z_s)²/2), by its band; `scratch` holds the weighted vector. */
export function transfer(lattice: Lattice, v: Float64Array, scratch: Float64Array, out: Float64Array): void {
  const { step, weights, band } = lattice;
  const n = v.length;
  for (let q = 0; q < n; q++) scratch[q] = step * weights[q] * v[q];
  out.set(scratch);
  for (let m = 1; m < band.length; m++) {
    const k = band[m];
    const last = n - m;
    for (let q = 0; q < last; q++) {
      out[q] += k * scratch[q + m];
      out[q + m] += k * scratch[q];
    }
  }
}

/** step Σ_s exp(-J (x - z_s)²/2) weights_s v_s at any x, over the nodes within the bond's reach. */
export function transferAt(lattice: Lattice, coupling: number, v: Float64Array, x: number): number {
  const { step, nodes, weights } = lattice;
  const [first, last] = reachOf(lattice, x);
  let sum = 0;
  for (let s = first; s <= last; s++)
    sum += Math.exp((-coupling * (x - nodes[s]) ** 2) / 2) * weights[s] * v[s];
  return step * sum;
}

/** First and last node within the bond's reach of x. */
export function reachOf({ step, nodes, band }: Lattice, x: number): [first: number, last: number] {
  const centre = (x - nodes[0]) / step;
  const first = Math.ceil(centre - band.length);
  const last = Math.floor(centre + band.length);
  return [Math.max(0, first), Math.min(nodes.length - 1, last)];
}
