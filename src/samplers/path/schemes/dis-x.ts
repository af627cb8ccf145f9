import { diffusionTimes, kept } from "./diffusion-times.js";
import { checkDis, type DisOptions } from "./dis.js";
import { column, type Scheme } from "./scheme.js";

/**
 * DIS with the noising process's exact transitions: with c = exp(-½ ∫ β) over a step, q = 1 - c²,
 *
 *   x' ~ N((x + q s)/c, q I)  against  x ~ N(c x', q I),   RND += log N(x'; (x + q s)/c, q) - log N(x; c x', q)
 *
 * and log N(x_0; 0, I) - log ρ(x_N). exp(-RND) is unbiased for Z at any number of steps, and RND = 0 on every path for the target
 * N(0, I) with s = -x: Gaussian dimensions cost nothing. In the terms of a step, with ξ = (x' - m)/sqrt(q):
 * RND += ½ q |s|² + c sqrt(q) s·ξ - ½ (1 - c²) |ξ|², and d RND / d s = sqrt(q) ξ / c with x' held.
 *
 * @throws ArgumentError
 */
export function disX(options: DisOptions): Scheme {
  const { dim, numSteps, process, start } = checkDis(options);
  const c = kept(process, numSteps);
  const q = c.map((value) => -Math.expm1(2 * Math.log(value)));
  const over = (k: number): number => Math.sqrt(q[k]);
  return {
    method: "dis-x",
    dim,
    numSteps,
    steps: {
      keep: c.map((value) => 1 / value),
      gain: q.map((value, k) => value / c[k]),
      noise: q.map(Math.sqrt),
      square: q.map((value) => value / 2),
      cross: column(numSteps, (k) => c[k] * over(k)),
      free: q.map((value) => value / 2),
      slope: column(numSteps, (k) => over(k) / c[k]),
      clock: column(numSteps, () => Math.sqrt(process.horizon / numSteps)),
      back: c,
      spread: q.map(Math.sqrt),
    },
    times: diffusionTimes(process, numSteps),
    start,
    variance: 1,
    reference: "first",
    pull: true,
    constant: 0,
    exact: true,
  };
}
