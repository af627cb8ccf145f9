import type { Method } from "./method.js";

/**
 * Heun's method with the same increment in both stages: z = y + h a(t, y) + σ√h ξ, y ← y + h/2 (a(t, y) + a(t', z)) + σ√h ξ.
 *
 * Weak order 2 for additive noise, where Itô and Stratonovich agree (Platen; Kloeden and Platen 1992, section 15.1); Heun's
 * method, of order 2, where there is no noise. It reads the drift at grid times only.
 */
export const stochasticHeun: Method = {
  name: "stochastic Heun",
  order: 2,
  evaluations: 2,
  start(system, length) {
    const first = new Float64Array(length);
    const second = new Float64Array(length);
    const predicted = new Float64Array(length);
    return async (y, t, next, noise) => {
      const h = Math.abs(next - t);
      await system.drift(t, y, first);
      for (let at = 0; at < length; at++) predicted[at] = y[at] + h * first[at] + noise[at];
      system.project?.(predicted);
      await system.drift(next, predicted, second);
      for (let at = 0; at < length; at++) y[at] += (h / 2) * (first[at] + second[at]) + noise[at];
    };
  },
};
