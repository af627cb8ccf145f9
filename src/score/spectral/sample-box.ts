import type { SpectralBasis1d } from "./basis.js";

/**
 * Where the functions are trusted: the box of the data at t = 0, that of the stationary law as t → ∞, and in between, with
 * w = e^{λ_1 t}, the box whose middle is their mean with weight w on the data, and whose half-width squared is their mean with
 * weight w², as standard deviations add; never beyond the hull of both. Outside, functions are taken at the nearest point of the box; periods have no outside.
 */
export interface SampleBox {
  readonly dataLow: Float64Array;
  readonly dataHigh: Float64Array;
  readonly stationaryLow: Float64Array;
  readonly stationaryHigh: Float64Array;
  /** The hull of both. */
  readonly widestLow: Float64Array;
  readonly widestHigh: Float64Array;
}

/** The box of N points of dimension dim, row by row. */
export function sampleBox(bases: readonly SpectralBasis1d[], data: Float64Array): SampleBox {
  const dim = bases.length;
  const dataLow = new Float64Array(dim).fill(Infinity);
  const dataHigh = new Float64Array(dim).fill(-Infinity);
  for (let at = 0, k = 0; at < data.length; at++, k = (k + 1) % dim) {
    if (data[at] < dataLow[k]) dataLow[k] = data[at];
    if (data[at] > dataHigh[k]) dataHigh[k] = data[at];
  }
  const bulks = bases.map((basis) => basis.bulk(data.length / dim));
  const stationaryLow = Float64Array.from(bulks, ([low]) => low);
  const stationaryHigh = Float64Array.from(bulks, ([, high]) => high);
  return {
    dataLow,
    dataHigh,
    stationaryLow,
    stationaryHigh,
    widestLow: dataLow.map((low, k) => Math.min(low, stationaryLow[k])),
    widestHigh: dataHigh.map((high, k) => Math.max(high, stationaryHigh[k])),
  };
}

/** Moves points into the box of a time, or into the period. */
export class Clipper {
  private readonly bases: readonly SpectralBasis1d[];
  private readonly box: SampleBox;
  private readonly low: Float64Array;
  private readonly high: Float64Array;

  constructor(bases: readonly SpectralBasis1d[], box: SampleBox) {
    this.bases = bases;
    this.box = box;
    this.low = new Float64Array(bases.length);
    this.high = new Float64Array(bases.length);
  }

  /** The box from now on is that of time t. */
  setTime(t: number): void {
    const { dataLow, dataHigh, stationaryLow, stationaryHigh, widestLow, widestHigh } = this.box;
    this.bases.forEach(({ eigenvalues, periodic, domain }, k) => {
      const weight = Math.exp(eigenvalues[1] * t);
      const middle =
        (weight * (dataLow[k] + dataHigh[k]) + (1 - weight) * (stationaryLow[k] + stationaryHigh[k])) / 2;
      const data = weight * (dataHigh[k] - dataLow[k]);
      const stationary = Math.sqrt(1 - weight ** 2) * (stationaryHigh[k] - stationaryLow[k]);
      const half = Math.hypot(data, stationary) / 2;
      this.low[k] = periodic ? domain[0] : Math.max(widestLow[k], middle - half);
      this.high[k] = periodic ? domain[1] : Math.min(widestHigh[k], middle + half);
    });
  }

  /** Each of `count` points to the nearest in the box, or the same in the period, to out. */
  clip(x: Float64Array, out: Float64Array, count: number): void {
    const dim = this.bases.length;
    for (let k = 0; k < dim; k++) {
      const [low, high] = [this.low[k], this.high[k]];
      if (this.bases[k].periodic) {
        for (let at = k; at < count * dim; at += dim) out[at] = wrap(x[at], low, high);
      } else {
        for (let at = k; at < count * dim; at += dim)
          out[at] = x[at] < low ? low : x[at] > high ? high : x[at];
      }
    }
  }
}

/** Bring the periodic coordinates of points back into their period, in place. */
export function wrapPeriods(bases: readonly SpectralBasis1d[], points: Float64Array): void {
  bases.forEach(({ periodic, domain: [low, high] }, k) => {
    if (!periodic) return;
    for (let at = k; at < points.length; at += bases.length) points[at] = wrap(points[at], low, high);
  });
}

function wrap(x: number, low: number, high: number): number {
  if (x >= low && x < high) return x;
  const width = high - low;
  return x - width * Math.floor((x - low) / width);
}
