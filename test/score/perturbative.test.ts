import { describe, expect, it } from "vitest";
import { fourier } from "../../src/score/spectral/fourier.js";
import { hermite } from "../../src/score/spectral/hermite.js";
import { perturbative } from "../../src/score/spectral/perturbative.js";
import { diffusedLaw, ornsteinUhlenbeck } from "../../src/sde/index.js";
import { doubleWell, gibbsDensity } from "../../src/targets/index.js";

const well = doubleWell();
const law = gibbsDensity(well);
const basis = hermite({ n: 20 });

/** E[φ_m] under the double well, by quadrature. */
const moments = Array.from({ length: 41 }, (_, m) =>
  law.expectation((x) => basis.evaluate(Float64Array.of(x))[m]),
);

describe("the perturbative closed form", () => {
  it("has the double well's Hermite moments", () => {
    const known = [-0.1182668, -0.18651383, 0.295894, -0.30936672, 0.27454469];
    known.forEach((value, i) => expect(moments[2 * i + 2]).toBeCloseTo(value, 6));
  });

  it("is the exact score of the double well at t = 0.5, up to less than the last of 40 modes adds", async () => {
    const x = Float64Array.from({ length: 61 }, (_, i) => -3 + i / 10);
    const exact = diffusedLaw(ornsteinUhlenbeck(), law, (z) => -well.derivative(z)).score(0.5, x);
    const found = await perturbative(basis, { moments, order: "exact" })(0.5, x);
    const shorter = await perturbative(basis, { moments: moments.slice(0, 40), order: "exact" })(0.5, x);
    const largest = (a: Float64Array, b: Float64Array) =>
      a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
    expect(largest(found, exact)).toBeLessThan(largest(found, shorter));
    expect(largest(found, shorter)).toBeLessThan(1e-8);
  });

  it("to first order misses a periodic perturbation δ cos x by sqrt((1 - sqrt(1 - δ_t²))/2), as theory says", async () => {
    const [delta, t] = [0.5, 0.3];
    const circle = fourier({ halfWidth: Math.PI, harmonics: 1 });
    const x = Float64Array.from({ length: 512 }, (_, i) => (2 * Math.PI * i) / 512 - Math.PI);
    const shrunk = delta * Math.exp(-t);
    const density = x.map((value) => 1 + shrunk * Math.cos(value));
    const exact = x.map((value, i) => (-shrunk * Math.sin(value)) / density[i]);
    const errorOf = async (order: "first" | "exact") => {
      const found = await perturbative(circle, { moments: [1, delta / Math.SQRT2], order })(t, x);
      const square = (f: (i: number) => number) => x.reduce((sum, _, i) => sum + density[i] * f(i) ** 2, 0);
      return Math.sqrt(square((i) => found[i] - exact[i]) / square((i) => exact[i]));
    };
    expect(await errorOf("exact")).toBeLessThan(1e-14);
    // q' is what the linear system with one harmonic gives, and its error is known in closed form
    expect(await errorOf("first")).toBeCloseTo(Math.sqrt((1 - Math.sqrt(1 - shrunk ** 2)) / 2), 12);
  });

  it("refuses what are no moments", () => {
    expect(() => perturbative(basis, { moments: [1] })).toThrow("moments: expected 2 to 41 numbers");
    expect(() => perturbative(basis, { moments: [0.9, 0.1] })).toThrow("moments[0]: expected 1");
    expect(() => perturbative(basis, { moments: [1, NaN] })).toThrow("moments[1]");
  });
});
