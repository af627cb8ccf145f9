import type { Method } from "./method.js";

/**
 * Euler–Maruyama: y ← y + h a(t, y) + sqrt(h) σ ξ. Itô; weak order 1, strong order 1 for additive noise; Euler's method where
 * there is no noise (Maruyama 1955).
 */
export const eulerMaruyama: Method = {
  name: "Euler–Maruyama",
  order: 1,
  evaluations: 1,
  start(system, length) {
    const slope = new Float64Array(length);
    return async (y, t, next, noise) => {
      const h = Math.abs(next - t);
      await system.drift(t, y, slope);
      for (let at = 0; at < length; at++) y[at] += h * slope[at] + noise[at];
    };
  },
};
