import { foldIn, uniform, type Key } from "../../random/index.js";
import type { Density1d } from "../../sde/index.js";
import { chainRadius, siteWeight, type ChainShape } from "./lattice.js";
import type { Ring } from "./ring.js";

/** Elastic energy beyond the on-site energies at which a site's window around the first site is cut. */
const DEPTH = 46;

/**
 * Independent draws of a periodic chain: the first site from its marginal, the others as a bridge from it back to itself.
 *
 * Each bridge site lives on its own lattice, shifted by a uniform fraction of the step; given the shifts the configuration is
 * drawn exactly from the discrete law. The trapezoidal rule has the same sum, to about 1e-17, for every shift, so the law over
 * shifts and lattice points is the continuous one. Draw s depends on the key and s alone.
 */
export function sampleRing(ring: Ring, marginal: Density1d, key: Key, n: number): Float64Array {
  const { shape, lattice } = ring;
  const { dim } = shape;
  const out = new Float64Array(n * dim);
  const first = marginal.sample(foldIn(key, 0), n);
  const bridge = bridgeSampler(shape, lattice.step, lattice.band.length - 1);
  const [shiftKey, drawKey] = [foldIn(key, 1), foldIn(key, 2)];
  for (let s = 0; s < n; s++) {
    const shifts = uniform(shiftKey, dim, s * dim);
    const draws = uniform(drawKey, dim, s * dim);
    bridge(first[s], shifts, draws, out.subarray(s * dim, (s + 1) * dim));
  }
  return out;
}

type Bridge = (end: number, shifts: Float64Array, draws: Float64Array, site: Float64Array) => void;

function bridgeSampler(shape: ChainShape, step: number, band: number): Bridge {
  const { dim, coupling, barrier } = shape;
  const radius = chainRadius(shape);
  const most = Math.ceil((2 * radius) / step) + 1;
  const reach = Math.min(band, most - 1);
  // weighted[i][q] = site weight × sum over the sites after i, at node q of site i
  const weighted = Array.from({ length: dim }, () => new Float64Array(most));
  const bonds = new Float64Array(2 * reach + 1);
  const probabilities = new Float64Array(most);
  return (end, shifts, draws, site) => {
    const window = bridgeWindow(shape, end);
    const low = Math.max(-radius, end - window);
    const count = Math.min(most, Math.ceil((Math.min(radius, end + window) - low) / step));
    const node = (i: number, q: number): number => low + (q + shifts[i]) * step;
    for (let i = dim - 1; i >= 1; i--) {
      const here = weighted[i];
      if (i === dim - 1) {
        fillGaussian(here, count, coupling, node(i, 0) - end, step);
      } else {
        const shift = shifts[i] - shifts[i + 1];
        fillGaussian(bonds, bonds.length, coupling, (shift - reach) * step, step);
        convolve(bonds, reach, weighted[i + 1], here, count);
      }
      scaleByWeights(here, count, (q) => siteWeight(barrier, node(i, q)));
    }
    site[0] = end;
    for (let i = 1; i < dim; i++) {
      fillGaussian(probabilities, count, coupling, node(i, 0) - site[i - 1], step);
      const here = weighted[i];
      for (let q = 0; q < count; q++) probabilities[q] *= here[q];
      site[i] = node(i, pick(probabilities, count, draws[i]));
    }
  };
}

/** Bridge displacement w with elastic energy J w² · 2 / dim = DEPTH above the on-site energy of the constant ring. */
function bridgeWindow({ dim, coupling, barrier }: ChainShape, end: number): number {
  const constant = dim * barrier * (1 - end * end) ** 2;
  return Math.sqrt(((DEPTH + constant) * dim) / (2 * coupling));
}

/**
 * out_q = exp(-J (first + q step)²/2) for q = 0..count-1, outwards from the greatest: the ratio of neighbours has a constant ratio
 * itself, so three exponentials make all.
 */
function fillGaussian(out: Float64Array, count: number, coupling: number, first: number, step: number): void {
  const centre = Math.min(count - 1, Math.max(0, Math.round(-first / step)));
  const offset = first + centre * step;
  const top = Math.exp((-coupling * offset * offset) / 2);
  const shrink = Math.exp(-coupling * step * step);
  let value = top;
  let ratio = Math.exp(-coupling * step * (offset + step / 2));
  for (let q = centre; q < count; q++) {
    out[q] = value;
    value *= ratio;
    ratio *= shrink;
  }
  value = top;
  ratio = Math.exp(coupling * step * (offset - step / 2));
  for (let q = centre - 1; q >= 0; q--) {
    value *= ratio;
    ratio *= shrink;
    out[q] = value;
  }
}

/** out_q = Σ_s bonds_{q-s} v_s */
function convolve(
  bonds: Float64Array,
  reach: number,
  v: Float64Array,
  out: Float64Array,
  count: number,
): void {
  for (let q = 0; q < count; q++) {
    const from = Math.max(0, q - reach);
    const to = Math.min(count - 1, q + reach);
    let sum = 0;
    for (let s = from; s <= to; s++) sum += bonds[reach + q - s] * v[s];
    out[q] = sum;
  }
}

/** Multiply by the weights and divide by the greatest product. */
function scaleByWeights(v: Float64Array, count: number, weight: (q: number) => number): void {
  let greatest = 0;
  for (let q = 0; q < count; q++) {
    v[q] *= weight(q);
    greatest = Math.max(greatest, v[q]);
  }
  for (let q = 0; q < count; q++) v[q] /= greatest;
}

function pick(probabilities: Float64Array, count: number, u: number): number {
  let total = 0;
  for (let q = 0; q < count; q++) total += probabilities[q];
  let rest = u * total;
  for (let q = 0; q < count; q++) {
    rest -= probabilities[q];
    if (rest < 0) return q;
  }
  return count - 1;
}
