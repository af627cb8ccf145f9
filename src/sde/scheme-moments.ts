import { checkNumber } from "../core/checks.js";
import { integrate } from "./integrate.js";
import type { Method } from "./method.js";
import type { System } from "./system.js";

/** Mean and variance of a law on the line. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/**
 * The exact mean and variance that a scheme gives at the end of a grid for a one-dimensional system whose drift is affine in y.
 *
 * The final state is affine in the start and in every step's noise; marching the start, a shifted start and a unit of noise at
 * each step side by side gives all coefficients, and so the moments with no sampling error. This is a scheme's bias.
 *
 * @param start moments of the law at the first time
 * @throws ArgumentError
 */
export async function schemeMoments(
  system: System,
  times: ArrayLike<number>,
  { mean, variance }: Moments,
  options: { readonly method?: Method } = {},
): Promise<Moments> {
  checkNumber("mean", mean);
  checkNumber("variance", variance, { min: 0 });
  const start = new Float64Array(times.length + 1).fill(mean);
  start[1] += Math.sqrt(variance);
  const end = await integrate(system, start, times, {
    ...options,
    noise(step, out) {
      out.fill(0);
      out[step + 2] = 1;
    },
  });
  let sum = 0;
  for (let j = 1; j < end.length; j++) sum += (end[j] - end[0]) ** 2;
  return { mean: end[0], variance: sum };
}
