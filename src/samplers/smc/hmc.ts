import { normal, split, uniform, type Key } from "../../random/index.js";

/** Log density and its gradient at n points. */
export interface Landscape {
  logDensity(x: Float64Array): Float64Array;
  score(x: Float64Array): Float64Array;
}

/** Settings of a Hamiltonian move. */
export interface HmcOptions {
  readonly dim: number;
  readonly stepSize: number;
  /** Leapfrog steps of one move. */
  readonly numLeapfrog: number;
}

/** Where the points went. */
export interface HmcMove {
  readonly x: Float64Array;
  /** Mean of min(1, acceptance ratio). */
  readonly acceptanceRate: number;
}

/**
 * One Hamiltonian Monte Carlo move of every point: momenta p ~ N(0, I), leapfrog steps of dx = p dt, dp = ∇ log π dt, accepted with
 * probability min(1, exp(ΔH)). It leaves π invariant. A move to where the density is NaN is refused. Source: Duane et al. 1987; Neal 2011.
 */
export function hmcMove(of: Landscape, key: Key, x: Float64Array, options: HmcOptions): HmcMove {
  const { dim } = options;
  const [first, coins] = split(key);
  const momenta = normal(first, x.length);
  const end = leapfrog(of, x, momenta, options);
  const before = of.logDensity(x);
  const after = of.logDensity(end.x);
  const u = uniform(coins, before.length);
  const out = x.slice();
  let total = 0;
  for (let i = 0; i < before.length; i++) {
    const [from, to] = [i * dim, (i + 1) * dim];
    const gain = after[i] - before[i] + kinetic(momenta, from, to) - kinetic(end.p, from, to);
    const probability = Number.isNaN(gain) ? 0 : Math.min(1, Math.exp(gain));
    total += probability;
    if (u[i] < probability) out.set(end.x.subarray(from, to), from);
  }
  return { x: out, acceptanceRate: total / before.length };
}

function leapfrog(
  of: Landscape,
  start: Float64Array,
  momenta: Float64Array,
  { stepSize, numLeapfrog, dim }: HmcOptions,
): { x: Float64Array; p: Float64Array } {
  const [x, p] = [start.slice(), momenta.slice()];
  kick(p, of.score(x), stepSize / 2);
  for (let step = 1; step <= numLeapfrog; step++) {
    for (let i = 0; i < x.length; i++) x[i] += stepSize * p[i];
    stayFinite(x, p, start, dim);
    kick(p, of.score(x), step === numLeapfrog ? stepSize / 2 : stepSize);
  }
  return { x, p };
}

function kick(p: Float64Array, score: Float64Array, time: number): void {
  for (let i = 0; i < p.length; i++) p[i] += time * score[i];
}

/** A trajectory that has left the numbers is put back to its start with an endless momentum: it will be refused. */
function stayFinite(x: Float64Array, p: Float64Array, start: Float64Array, dim: number): void {
  for (let row = 0; row < x.length; row += dim) {
    let finite = true;
    for (let i = row; i < row + dim; i++) finite &&= Number.isFinite(x[i]);
    if (finite) continue;
    x.set(start.subarray(row, row + dim), row);
    p.fill(Infinity, row, row + dim);
  }
}

function kinetic(p: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += p[i] * p[i];
  return sum / 2;
}
