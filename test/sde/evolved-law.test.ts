import { describe, expect, it } from "vitest";
import { gaussLegendre } from "../../src/linalg/gauss-legendre.js";
import { evolvedLaw, gibbsDensity, ornsteinUhlenbeck } from "../../src/sde/index.js";
import { doubleWell, gibbs, quadratic } from "../../src/targets/index.js";

describe("evolvedLaw", () => {
  const well = gibbsDensity(doubleWell());
  const evolved = evolvedLaw(well, ornsteinUhlenbeck(), {
    initialScore: (x) => gibbs({ potentials: doubleWell() }).score(x),
  });

  it("gives the reference scores of the double well", async () => {
    for (const [t, score] of [
      [0.1, -0.74330182],
      [0.5, -0.99634405],
      [1, -1.01595877],
    ]) {
      expect(Math.abs((await evolved.score(t, Float64Array.of(1)))[0] - score)).toBeLessThan(0.6e-8);
    }
  });

  it("is exact for a Gaussian, at all times and far out", async () => {
    const process = ornsteinUhlenbeck({ mean: 1, variance: 0.5, beta: 3 });
    const gaussian = evolvedLaw(gibbsDensity(quadratic({ mean: -2, variance: 0.3 })), process);
    for (const t of [1e-4, 0.03, 0.4, 3]) {
      const { factor, std } = process.transition(t);
      const mean = 1 + factor[0] * -3;
      const variance = factor[0] ** 2 * 0.3 + std[0] ** 2;
      for (const z of [-5, -1, 0, 0.7, 4]) {
        const y = mean + z * Math.sqrt(variance);
        // the posterior's mean is exact to 1e-13, over std² in the score
        const error = 1e-12 * (1 + 1 / std[0] ** 2);
        expect(
          Math.abs((await gaussian.score(t, Float64Array.of(y)))[0] + z / Math.sqrt(variance)),
        ).toBeLessThan(error);
        const exact = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI * variance);
        expect(Math.abs(gaussian.density(t, Float64Array.of(y))[0] / exact - 1)).toBeLessThan(1e-9);
      }
    }
  });

  it("keeps mass 1 and meets both ends of time", async () => {
    const { nodes, weights } = gaussLegendre(150, -6, 6);
    for (const t of [0.001, 0.2, 2]) {
      const mass = evolved.density(t, nodes).reduce((sum, p, q) => sum + weights[q] * p, 0);
      expect(mass).toBeCloseTo(1, 11);
    }
    const x = Float64Array.of(-1.4, 0.2, 0.9);
    const [first, soon, late] = [
      await evolved.score(0, x),
      await evolved.score(1e-6, x),
      await evolved.score(20, x),
    ];
    x.forEach((value, i) => {
      // |∂_t s| = |s'' + 2 s s' + (x s)'| is 145 at -1.4; e^{-20} of the start is left at the end
      expect(Math.abs(first[i] - soon[i])).toBeLessThan(1.5e-4);
      expect(late[i]).toBeCloseTo(-value, 7);
    });
  });

  it("refuses more coordinates, and time 0 without a score for it", () => {
    expect(() => evolvedLaw(well, ornsteinUhlenbeck({ dim: 2 }))).toThrow(/^process.dim/);
    expect(() => evolvedLaw(well, ornsteinUhlenbeck()).score(0, Float64Array.of(1))).toThrow(
      /^t: expected a positive/,
    );
  });
});
