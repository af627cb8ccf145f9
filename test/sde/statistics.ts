/** sup |F_n - F| of samples against a continuous distribution function. */
export function ksDistance(samples: Float64Array, cdf: (x: number) => number): number {
  const sorted = samples.slice().sort();
  let distance = 0;
  sorted.forEach((x, i) => {
    const f = cdf(x);
    distance = Math.max(distance, f - i / sorted.length, (i + 1) / sorted.length - f);
  });
  return distance;
}

/** Dvoretzky–Kiefer–Wolfowitz: n draws exceed this Kolmogorov distance with probability at most `failure`. */
export function dkwBound(n: number, failure: number): number {
  return Math.sqrt(Math.log(2 / failure) / (2 * n));
}
