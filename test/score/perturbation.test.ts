import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { spectral } from "../../src/score/index.js";
import { expansionOf, type Perturbation } from "../../src/score/spectral/perturbation.js";
import { dictionary, one } from "../../src/score/spectral/moment-plan.js";
import { problemOf } from "../../src/score/spectral/problem.js";
import type { SpectralBasis1d } from "../../src/score/spectral/basis.js";
import { noisedWell } from "./support/double-well.js";

/** The closed form in one dimension from exact moments E[φ_m]. */
function closedForm(basis: SpectralBasis1d, means: ArrayLike<number>): Perturbation {
  const problem = problemOf({ bases: [basis.state], clusters: spectral.oneBody(), form: "score" });
  const moments = new Float64Array(problem.plan.length);
  const { offset, stride } = problem.plan.find(dictionary(0), one);
  for (let m = 0; m <= basis.n; m++) moments[offset + m * stride] = means[m];
  return expansionOf(problem, [], moments);
}

describe("the perturbative closed form", () => {
  it("is exact as a quotient: a double well at t = 0.5 with 40 functions to 1e-8", async () => {
    const basis = spectral.hermite({ n: 40 });
    const well = noisedWell(0);
    const phi = basis.evaluate(well.x);
    const means = Float64Array.from({ length: 41 }, (_, m) =>
      well.density.reduce((sum, p, i) => sum + p * phi[i * 81 + m], 0),
    );
    const { quotient } = closedForm(basis, means);
    const later = noisedWell(0.5);
    const inside = [...later.x.keys()].filter((q) => Math.abs(later.x[q]) < 2);
    const found = await quotient(
      0.5,
      Float64Array.from(inside, (q) => later.x[q]),
    );
    inside.forEach((q, i) => expect(Math.abs(found[i] - later.score[q])).toBeLessThan(1e-8));
  });

  it("is first-order perturbation theory: relative error sqrt((1 - sqrt(1 - δ_t²))/2) on (1 + δ cos x)/(2π)", async () => {
    const [delta, t] = [0.5, 0.3];
    const basis = spectral.fourier({ halfWidth: Math.PI, harmonics: 2 });
    const { firstOrder, quotient, densityRatio } = closedForm(basis, [1, delta / Math.SQRT2, 0, 0, 0]);
    const shrunk = delta * Math.exp(-t);
    const x = Float64Array.from({ length: 300 }, (_, i) => (2 * Math.PI * i) / 300 - Math.PI);
    const density = x.map((value) => 1 + shrunk * Math.cos(value));
    const exact = x.map((value, i) => (-shrunk * Math.sin(value)) / density[i]);
    const first = await firstOrder(t, x);
    let [miss, size] = [0, 0];
    density.forEach((p, i) => {
      miss += p * (first[i] - exact[i]) ** 2;
      size += p * exact[i] ** 2;
    });
    expect(Math.sqrt(miss / size)).toBeCloseTo(Math.sqrt((1 - Math.sqrt(1 - shrunk ** 2)) / 2), 12);
    (await quotient(t, x)).forEach((value, i) => expect(value).toBeCloseTo(exact[i], 12));
    (await densityRatio(t, x)).forEach((value, i) => expect(value).toBeCloseTo(density[i], 12));
  });

  it.each(["hermite", "fourier", "meanField"] as const)(
    "has the gradient of its own density with the %s basis",
    async (basis) => {
      const z = normal(key(3), 3 * 4000);
      const data = z.map(
        (value, at) => 0.8 * value + 0.2 * (at % 3 === 0 ? 0.5 : z[at - 1]) - 0.05 * value ** 3,
      );
      const { quotient, firstOrder, densityRatio } = await spectral.perturbation(data, { dim: 3, basis });
      const bases = (await spectral.fit(data, { dim: 3, basis, times: [1], clusters: spectral.oneBody() }))
        .bases;
      const [t, x, step] = [0.6, Float64Array.of(0.3, -0.5, 0.8), 1e-4];
      const [score, first, ratio] = await Promise.all([quotient(t, x), firstOrder(t, x), densityRatio(t, x)]);
      for (let k = 0; k < 3; k++) {
        const [up, down] = await Promise.all(
          [step, -step].map((shift) =>
            densityRatio(
              t,
              x.map((value, i) => (i === k ? value + shift : value)),
            ),
          ),
        );
        const slope = (up[0] - down[0]) / (2 * step);
        const base = -bases[k].potentialGradient(x[k]);
        // central differences: step²/6 times a third derivative of order 10
        expect(Math.abs(score[k] - base - slope / ratio[0])).toBeLessThan(1e-7);
        expect(Math.abs(first[k] - base - slope)).toBeLessThan(1e-7);
      }
    },
  );

  it("is what the linear system gives near equilibrium", async () => {
    // half of the points are stationary: E φ_a of the mixture is half as far from equilibrium, the difference a quarter
    const z = normal(key(5), 2 * 20_000);
    const basis = spectral.hermite({ n: 3 });
    const gap = async (share: number): Promise<number> => {
      const data = z.map((value, at) => (Math.floor(at / 2) % 100 < 100 * share ? 0.7 * value + 0.3 : value));
      const options = { dim: 2, basis, clusters: spectral.allPairs() };
      const fitted = await spectral.fit(data, { ...options, times: [1] });
      const { firstOrder } = await spectral.perturbation(data, options);
      const x = z.subarray(0, 400);
      const [solved, closed] = await Promise.all([fitted.score(1, x), firstOrder(1, x)]);
      return Math.sqrt(solved.reduce((sum, value, i) => sum + (value - closed[i]) ** 2, 0) / x.length);
    };
    const [near, far] = [await gap(0.3), await gap(0.6)];
    // second order: ratio 4 as the distance tends to 0; the next order and the sampling noise in M move it
    expect(far / near).toBeGreaterThan(2.5);
    expect(near).toBeLessThan(0.1);
  });

  it.each([
    [{ dim: 2, basis: "hermit" }, 'did you mean "hermite"'],
    [{ dim: 2, ridge: 1 }, "options.ridge"],
    [{ dim: 3 }, "dim = 3"],
  ])("refuses %j", async (options, message) => {
    await expect(spectral.perturbation(normal(key(1), 400), options as never)).rejects.toThrow(message);
  });
});
