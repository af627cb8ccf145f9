import type { Method } from "./method.js";
import { stochasticHeun } from "./stochastic-heun.js";

/**
 * The two-step Adams–Bashforth method on an uneven grid, started by a step of Heun:
 *
 *   y ← y + h [(1 + w) a_k - w a_{k-1}] + σ√h ξ,   w = h / (2 h_before)
 *
 * Weak order 2 for additive noise (Buckwar and Winkler 2006) with one evaluation a step, half of Heun's; its region of stability
 * is half of Euler's.
 */
export const adamsBashforth: Method = {
  name: "Adams–Bashforth",
  order: 2,
  evaluations: 1,
  start(system, length) {
    const heun = stochasticHeun.start(system, length);
    let slope = new Float64Array(length);
    let before = new Float64Array(length);
    let stepBefore = 0;
    return async (y, t, next, noise) => {
      const h = Math.abs(next - t);
      await system.drift(t, y, slope);
      if (stepBefore === 0) {
        await heun(y, t, next, noise);
      } else {
        const w = h / (2 * stepBefore);
        for (let at = 0; at < length; at++) y[at] += h * ((1 + w) * slope[at] - w * before[at]) + noise[at];
      }
      [before, slope] = [slope, before];
      stepBefore = h;
    };
  },
};
