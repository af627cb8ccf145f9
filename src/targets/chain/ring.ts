import { buildLattice, siteWeight, transfer, transferAt, type ChainShape, type Lattice } from "./lattice.js";

/** Exact quantities of a periodic chain, which are the same at every site. */
export interface Ring {
  readonly shape: ChainShape;
  readonly lattice: Lattice;
  readonly logNormConst: number;
  /** E[f(x_1) f(x_{1+r})] for r = 0, ..., dim - 1. */
  correlations(f: (x: number) => number): Float64Array;
  /** Density of one site at x. */
  density(x: number): number;
  /** Joint density of two sites at this distance, 1 to dim - 1, on xs × ys. */
  pairDensity(distance: number, xs: Float64Array, ys: Float64Array): Float64Array;
}

/** A ring opened at one site; `factor` divides a path's weight at each bond and keeps products of many bonds in range. */
interface OpenRing {
  readonly shape: ChainShape;
  readonly lattice: Lattice;
  readonly factor: number;
}

/** Sum over a ring by the paths of dim bonds from each node back to itself. */
export function sumRing(shape: ChainShape): Ring {
  const lattice = buildLattice(shape);
  const ring: OpenRing = { shape, lattice, factor: 1 / growthRate(lattice) };
  const { nodes, weights, step } = lattice;
  const closed = nodes.map((x, q) => step * weights[q] * closedPath(ring, x));
  const mass = closed.reduce((sum, value) => sum + value, 0);
  return {
    shape,
    lattice,
    logNormConst: Math.log(mass) - shape.dim * Math.log(ring.factor),
    correlations: (f) => correlations(ring, closed, f),
    density: (x) => (siteWeight(shape.barrier, x) * closedPath(ring, x)) / mass,
    pairDensity: (distance, xs, ys) => pairDensity(ring, mass, distance, xs, ys),
  };
}

/** Greatest eigenvalue of the transfer operator to a few digits. */
function growthRate(lattice: Lattice): number {
  const scratch = new Float64Array(lattice.nodes.length);
  const v = new Float64Array(lattice.nodes.length).fill(1);
  const next = new Float64Array(v.length);
  let rate = 1;
  for (let i = 0; i < 30; i++) {
    transfer(lattice, v, scratch, next);
    rate = next.reduce((most, value) => Math.max(most, value), 0);
    for (let q = 0; q < v.length; q++) v[q] = next[q] / rate;
  }
  return rate;
}

/** Entry m - 1 at node s: the sum over paths of m bonds from x to z_s, with the weights of the sites between. */
function pathsFrom({ shape, lattice, factor }: OpenRing, x: number): Float64Array[] {
  const scratch = new Float64Array(lattice.nodes.length);
  const first = lattice.nodes.map((z) => factor * Math.exp((-shape.coupling * (x - z) ** 2) / 2));
  const paths = [first];
  while (paths.length < shape.dim - 1) {
    const next = new Float64Array(scratch.length);
    transfer(lattice, paths[paths.length - 1], scratch, next);
    for (let q = 0; q < next.length; q++) next[q] *= factor;
    paths.push(next);
  }
  return paths;
}

/** Sum over paths of `bonds` bonds from x to y, given the shorter ones from x. */
function pathTo(
  { shape, lattice, factor }: OpenRing,
  paths: readonly Float64Array[],
  bonds: number,
  x: number,
  y: number,
): number {
  if (bonds === 1) return factor * Math.exp((-shape.coupling * (x - y) ** 2) / 2);
  return factor * transferAt(lattice, shape.coupling, paths[bonds - 2], y);
}

/** Sum over the dim - 1 other sites of paths from x back to x. */
function closedPath(ring: OpenRing, x: number): number {
  return pathTo(ring, pathsFrom(ring, x), ring.shape.dim, x, x);
}

function pairDensity(
  ring: OpenRing,
  mass: number,
  distance: number,
  xs: Float64Array,
  ys: Float64Array,
): Float64Array {
  const { dim, barrier } = ring.shape;
  const out = new Float64Array(xs.length * ys.length);
  xs.forEach((x, a) => {
    const paths = pathsFrom(ring, x);
    const start = siteWeight(barrier, x) / mass;
    ys.forEach((y, b) => {
      const both = pathTo(ring, paths, distance, x, y) * pathTo(ring, paths, dim - distance, x, y);
      out[a * ys.length + b] = start * siteWeight(barrier, y) * both;
    });
  });
  return out;
}

function correlations(ring: OpenRing, closed: Float64Array, f: (x: number) => number): Float64Array {
  const { nodes, weights, step } = ring.lattice;
  const { dim } = ring.shape;
  const mass = closed.reduce((sum, value) => sum + value, 0);
  const values = nodes.map(f);
  const out = new Float64Array(dim);
  nodes.forEach((x, q) => {
    out[0] += (closed[q] * values[q] ** 2) / mass;
    if (dim === 1) return;
    const start = (step * step * weights[q] * values[q]) / mass;
    const paths = pathsFrom(ring, x);
    for (let r = 1; 2 * r <= dim; r++) {
      const [there, back] = [paths[r - 1], paths[dim - r - 1]];
      let sum = 0;
      for (let s = 0; s < nodes.length; s++) sum += weights[s] * values[s] * there[s] * back[s];
      out[r] += start * sum;
    }
  });
  for (let r = 1; 2 * r < dim; r++) out[dim - r] = out[r];
  return out;
}
