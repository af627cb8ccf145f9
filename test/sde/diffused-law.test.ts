import { describe, expect, it } from "vitest";
import { diffusedLaw, gibbsDensity, ornsteinUhlenbeck } from "../../src/sde/index.js";
import { doubleWell, quadratic } from "../../src/targets/index.js";

const well = doubleWell();
const law = diffusedLaw(ornsteinUhlenbeck(), gibbsDensity(well), (x) => -well.derivative(x));

describe("diffusedLaw", () => {
  it("gives the double well's score at the reference points", () => {
    const at = (t: number) => law.score(t, Float64Array.of(1))[0];
    expect(at(0.1)).toBeCloseTo(-0.74330182, 8);
    expect(at(0.5)).toBeCloseTo(-0.99634405, 8);
    expect(at(1)).toBeCloseTo(-1.01595877, 8);
  });

  it("keeps a Gaussian a Gaussian, for another centre, width and temperature", () => {
    const process = ornsteinUhlenbeck({ mean: 0.3, variance: 0.8, beta: 2 });
    const start = quadratic({ mean: 1.1, variance: 0.25 });
    const moving = diffusedLaw(process, gibbsDensity(start), (x) => -start.derivative(x));
    const x = Float64Array.of(-0.5, 0.2, 1.4);
    for (const t of [0, 1e-3, 0.3, 3]) {
      const a = Math.exp(-t / 0.8);
      const mean = 0.3 + a * 0.8;
      const variance = a * a * 0.25 + 0.4 * (1 - a * a);
      const score = moving.score(t, x);
      const density = moving.density(t, x);
      x.forEach((value, i) => {
        expect(Math.abs(score[i] + (value - mean) / variance)).toBeLessThan(1e-9);
        const exact = Math.exp(-((value - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
        expect(Math.abs(density[i] - exact)).toBeLessThan(1e-11);
      });
    }
  });

  it("keeps all mass", () => {
    const n = 4000;
    const x = Float64Array.from({ length: n }, (_, i) => -8 + (16 * (i + 0.5)) / n);
    const mass = law.density(0.02, x).reduce((sum, value) => sum + (value * 16) / n, 0);
    expect(mass).toBeCloseTo(1, 10); // the midpoint rule is exact to rounding for smooth densities that vanish at the ends
  });

  it("keeps a score where the density is far below its greatest value", () => {
    // at time 1e-3 the point 3.2 is beyond 40 in -log ρ_0; the score of x^4-like tails points inwards, steeper further out
    const x = Float64Array.of(2.4, 2.8, 3.2, 8);
    const score = law.score(1e-3, x);
    x.slice(0, 2).forEach((value, i) => {
      // Laplace's method about x: s_t = s_0(z) / a at the z with a (x - a z) / std² = V'(z), to relative order std² V''
      let z = value;
      const { factor, std } = ornsteinUhlenbeck().transition(1e-3);
      for (let k = 0; k < 50; k++) z = (value - (std[0] ** 2 / factor[0]) * well.derivative(z)) / factor[0];
      const laplace = -well.derivative(z) / factor[0];
      expect(Math.abs(score[i] / laplace - 1)).toBeLessThan(2e-3 * 12 * value ** 2);
    });
    expect([...score].every((value) => Number.isFinite(value) && value < -40)).toBe(true);
    expect(law.density(1e-3, x)[3]).toBe(0);
  });

  it("refuses more than one dimension and a negative time", () => {
    expect(() => diffusedLaw(ornsteinUhlenbeck({ dim: 2 }), gibbsDensity(well), () => 0)).toThrow(
      "process.dim",
    );
    expect(() => law.score(-1, Float64Array.of(0))).toThrow("t: expected a finite number of at least 0");
  });
});
