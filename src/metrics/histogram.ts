import { checkInteger, checkNumber, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** Options of `histogram`. */
export interface HistogramOptions {
  readonly low: number;
  readonly high: number;
  /** Number of bins of equal width; 60 unless told. */
  readonly bins?: number;
}

/** A histogram as a density. */
export interface Histogram {
  /** Middles of the bins. */
  readonly centres: Float64Array;
  /** Part of all samples in a bin divided by its width: samples outside [low, high) count in the total. */
  readonly density: Float64Array;
}

/** The density of samples on the line in bins of equal width. @throws ArgumentError for no samples, or low ≥ high */
export function histogram(samples: Float64Array, { low, high, bins = 60 }: HistogramOptions): Histogram {
  const n = checkPoints("samples", samples, 1);
  checkNumber("low", low);
  if (!(checkNumber("high", high) > low))
    throw new ArgumentError("high", high, `a number above low = ${low}`);
  checkInteger("bins", bins, { min: 1 });
  const width = (high - low) / bins;
  const counts = new Float64Array(bins);
  for (const x of samples) {
    const bin = Math.floor((x - low) / width);
    if (bin >= 0 && bin < bins) counts[bin]++;
  }
  return {
    centres: counts.map((_, i) => low + (i + 0.5) * width),
    density: counts.map((count) => count / (n * width)),
  };
}

/** One coordinate of points, n numbers. @throws ArgumentError for ragged points or a coordinate they do not have */
export function coordinate(points: Float64Array, dim: number, index: number): Float64Array {
  const n = checkPoints("points", points, dim);
  checkInteger("index", index, { min: 0, max: dim - 1 });
  const values = new Float64Array(n);
  for (let s = 0; s < n; s++) values[s] = points[s * dim + index];
  return values;
}
