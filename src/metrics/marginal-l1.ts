import { checkInteger, checkNumber, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { HistogramOptions } from "./histogram.js";

/**
 * L¹ distance between binned samples on the line and an exact law, Σ_b |n_b/n - P_b| over the bins and the two tails: 0 for equal
 * frequencies, 2 at most; twice the total variation of the binned laws.
 * @param cdf the exact distribution function
 * @throws ArgumentError for no samples, samples that are not finite, or low ≥ high
 */
export function marginalL1(
  samples: Float64Array,
  cdf: (x: number) => number,
  options: HistogramOptions,
): number {
  const n = checkPoints("samples", samples, 1);
  const { low, high, bins } = checkBins(options);
  const counts = new Float64Array(bins + 2);
  for (const x of samples) {
    const bin = Math.floor(((x - low) / (high - low)) * bins);
    counts[Math.min(bins, Math.max(-1, bin)) + 1]++;
  }
  const masses = binMasses(cdf, low, high, bins);
  return counts.reduce((sum, count, b) => sum + Math.abs(count / n - masses[b]), 0);
}

/**
 * What `marginalL1` of n independent exact draws is on average, Σ_b sqrt(2 P_b (1 - P_b) / (π n)): normal approximation of the
 * counts, good where n P_b is above about 5.
 * @throws ArgumentError for n < 1, or low ≥ high
 */
export function marginalL1Floor(n: number, cdf: (x: number) => number, options: HistogramOptions): number {
  checkInteger("n", n, { min: 1 });
  const { low, high, bins } = checkBins(options);
  const masses = binMasses(cdf, low, high, bins);
  return masses.reduce((sum, p) => sum + Math.sqrt(Math.max(0, (2 * p * (1 - p)) / (Math.PI * n))), 0);
}

/** Probabilities of the lower tail, the bins, and the upper tail. */
function binMasses(cdf: (x: number) => number, low: number, high: number, bins: number): Float64Array {
  const ends = Float64Array.from({ length: bins + 1 }, (_, b) => cdf(low + ((high - low) * b) / bins));
  return Float64Array.from({ length: bins + 2 }, (_, b) => {
    if (b === 0) return ends[0];
    return b > bins ? 1 - ends[bins] : ends[b] - ends[b - 1];
  });
}

function checkBins({ low, high, bins = 60 }: HistogramOptions): Required<HistogramOptions> {
  checkNumber("low", low);
  if (!(checkNumber("high", high) > low)) {
    throw new ArgumentError("high", high, `a number above low = ${low}`);
  }
  return { low, high, bins: checkInteger("bins", bins, { min: 1 }) };
}
