import { ArgumentError } from "../../core/errors.js";

/** Coefficients on increasing time levels. */
export interface Levels {
  readonly times: Float64Array;
  /** A stretch of equal length for each time. */
  readonly coefficients: Float64Array;
}

/** Coefficients at time t, linear in t between levels, to out. @throws ArgumentError for a time outside of the levels */
export function coefficientsAt({ times, coefficients }: Levels, t: number, out: Float64Array): void {
  const last = times.length - 1;
  if (!(t >= times[0] && t <= times[last])) {
    throw new ArgumentError("t", t, `a fitted time, from ${times[0]} to ${times[last]}`);
  }
  const level = lastNotAfter(times, t);
  const width = coefficients.length / times.length;
  const from = level * width;
  if (times[level] === t) {
    out.set(coefficients.subarray(from, from + width));
    return;
  }
  const part = (t - times[level]) / (times[level + 1] - times[level]);
  for (let i = 0; i < width; i++) {
    out[i] = (1 - part) * coefficients[from + i] + part * coefficients[from + width + i];
  }
}

function lastNotAfter(times: Float64Array, t: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (times[middle] <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** t_i = horizon (i/steps)², i = 0..steps: fine near the data, where the score changes fastest. */
export function quadraticGrid(horizon: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps + 1 }, (_, i) => horizon * (i / steps) ** 2);
}
