import { describe, expect, it } from "vitest";
import { gaussHermite } from "../../src/linalg/index.js";
import type { ScoreForm, SpectralBasis1d } from "../../src/score/spectral/basis.js";
import { oneBody } from "../../src/score/spectral/clusters.js";
import { fourier } from "../../src/score/spectral/fourier.js";
import { hermite } from "../../src/score/spectral/hermite.js";
import { dictionary, one } from "../../src/score/spectral/moment-plan.js";
import { problemOf } from "../../src/score/spectral/problem.js";
import { solveLevel } from "../../src/score/spectral/solve-level.js";

/** Coefficients in one dimension from the moments E[ψ_m], without a ridge. */
async function solve(
  basis: SpectralBasis1d,
  means: ArrayLike<number>,
  t: number,
  form: ScoreForm,
): Promise<Float64Array> {
  const problem = problemOf({ bases: [basis.state], clusters: oneBody(), form });
  const moments = new Float64Array(problem.plan.length);
  const { offset, stride } = problem.plan.find(dictionary(0), one);
  for (let m = 0; m < problem.dictionaries[0].size; m++) moments[offset + m * stride] = means[m];
  return (await solveLevel(problem, moments, t, 0)).coefficients;
}

describe("a normal target N(0.7, 0.4) and the base N(0, 1)", () => {
  const [mean, variance] = [0.7, 0.4];
  const moments = [1, mean];
  for (let n = 1; n < 30; n++) {
    moments.push((mean * moments[n] + (variance - 1) * Math.sqrt(n) * moments[n - 1]) / Math.sqrt(n + 1));
  }

  it("has the moments of the recurrence", () => {
    const expected = [-0.07778175, -0.37436368, -0.09061071, 0.172539, 0.09893665];
    expected.forEach((value, i) => expect(moments[i + 2]).toBeCloseTo(value, 8));
  });

  it.each([
    [0, 1.75, -2.5],
    [0.1, 1.244957, -1.965557],
    [1, 0.280274, -1.088378],
  ])(
    "has the affine score with c_0 = m_t/v_t, c_1 = -1/v_t at t = %f, in both forms and for every n",
    async (t, c0, c1) => {
      for (const n of [1, 2, 5]) {
        const direct = await solve(hermite({ n }), moments, t, "score");
        const residual = await solve(hermite({ n }), moments, t, "residual");
        expect(direct[0]).toBeCloseTo(c0, 6);
        expect(direct[1]).toBeCloseTo(c1, 6);
        expect(residual[0]).toBeCloseTo(direct[0], 10);
        expect(residual[1] - 1).toBeCloseTo(direct[1], 10);
        for (let a = 2; a <= n; a++) expect(Math.abs(direct[a]) + Math.abs(residual[a])).toBeLessThan(1e-9);
      }
    },
  );
});

describe("a periodic target (1 + δ cos x)/(2π)", () => {
  const relativeError = async (delta: number, t: number, harmonics: number): Promise<number> => {
    const basis = fourier({ halfWidth: Math.PI, harmonics });
    const means = new Float64Array(4 * harmonics + 1);
    means[0] = 1;
    means[1] = delta / Math.SQRT2;
    const c = await solve(basis, means, t, "score");
    const shrunk = delta * Math.exp(-t);
    const x = Float64Array.from({ length: 512 }, (_, i) => (2 * Math.PI * i) / 512 - Math.PI);
    const phi = basis.evaluate(x);
    let [miss, size] = [0, 0];
    x.forEach((value, i) => {
      const density = 1 + shrunk * Math.cos(value);
      const exact = (-shrunk * Math.sin(value)) / density;
      let ours = 0;
      for (let a = 0; a <= 2 * harmonics; a++) ours += c[a] * phi[i * (4 * harmonics + 1) + a];
      miss += density * (ours - exact) ** 2;
      size += density * exact ** 2;
    });
    return Math.sqrt(miss / size);
  };

  it.each([
    [1, 0.258819],
    [2, 0.0691842],
    [4, 0.00496629],
    [8, 2.56e-5],
  ])("is learnt by %i harmonics to the relative error %f at δ = 0.5, t = 0", async (harmonics, expected) => {
    expect((await relativeError(0.5, 0, harmonics)) / expected).toBeCloseTo(1, 4);
  });

  it("is learnt to first-order perturbation theory by one harmonic: sqrt((1 - sqrt(1 - δ_t²))/2)", async () => {
    for (const [delta, t] of [
      [0.5, 0.3],
      [0.9, 0],
      [0.9, 1],
    ]) {
      const shrunk = delta * Math.exp(-t);
      expect(await relativeError(delta, t, 1)).toBeCloseTo(
        Math.sqrt((1 - Math.sqrt(1 - shrunk ** 2)) / 2),
        12,
      );
    }
  });

  it("stays below q^K sqrt((1 + sqrt(1 - δ_t²))/2) and within 0.3 % of it for δ_t ≤ 0.5", async () => {
    for (const [delta, least] of [
      [0.5, 0.997],
      [0.9, 0.9],
    ]) {
      const root = Math.sqrt(1 - delta ** 2);
      const q = (1 - root) / delta;
      for (const harmonics of [2, 4, 8]) {
        const ratio =
          (await relativeError(delta, 0, harmonics)) / (q ** harmonics * Math.sqrt((1 + root) / 2));
        expect(ratio).toBeLessThan(1 + 1e-9);
        expect(ratio).toBeGreaterThan(least);
      }
    }
  });
});

describe("a von Mises target with κ = 1.5", () => {
  it("has moments I_k/I_0 and is learnt exactly by any number of harmonics at t = 0: s = -κ sin x", async () => {
    const x = Float64Array.from({ length: 64 }, (_, i) => (2 * Math.PI * i) / 64);
    const weight = x.map((value) => Math.exp(1.5 * Math.cos(value)));
    const mass = weight.reduce((sum, w) => sum + w, 0);
    const ratio = (k: number): number =>
      weight.reduce((sum, w, i) => sum + (w * Math.cos(k * x[i])) / mass, 0);
    [0.5961332388, 0.2051556816, 0.0490514213].forEach((value, i) =>
      expect(ratio(i + 1)).toBeCloseTo(value, 9),
    );
    for (const harmonics of [1, 3]) {
      const means = new Float64Array(4 * harmonics + 1);
      means[0] = 1;
      for (let k = 1; k <= 2 * harmonics; k++) means[2 * k - 1] = Math.SQRT2 * ratio(k);
      const c = await solve(fourier({ halfWidth: Math.PI, harmonics }), means, 0, "score");
      c.forEach((value, a) => expect(value).toBeCloseTo(a === 2 ? -1.5 / Math.SQRT2 : 0, 9));
    }
  });
});

describe("the linear system with many functions", () => {
  it("learns a double well after t = 0.5 to 1e-4 with n = 21, as exact quadrature has it", async () => {
    // E[h_m] under exp(-(1-x²)²)/Z by the trapezoidal rule, and ρ_t by the exact transition
    const grid = Float64Array.from({ length: 4001 }, (_, i) => (i - 2000) / 500);
    const weight = grid.map((x) => Math.exp(-((1 - x * x) ** 2)));
    const mass = weight.reduce((sum, w) => sum + w, 0);
    const n = 21;
    const basis = hermite({ n });
    const values = basis.evaluate(grid);
    const means = Float64Array.from({ length: 2 * n + 1 }, (_, m) => {
      return weight.reduce((sum, w, i) => sum + (w * values[i * (2 * n + 1) + m]) / mass, 0);
    });
    [-0.1182668, -0.18651383, 0.295894, -0.30936672, 0.27454469].forEach((value, i) => {
      expect(means[2 * i + 2]).toBeCloseTo(value, 8);
    });
    const t = 0.5;
    const c = await solve(basis, means, t, "residual");
    const [shrink, spread] = [Math.exp(-t), Math.sqrt(1 - Math.exp(-2 * t))];
    let worst = 0;
    for (const x of [-2, -1, -0.3, 0.5, 1, 1.7]) {
      let [density, slope] = [0, 0];
      grid.forEach((from, i) => {
        const z = (x - shrink * from) / spread;
        const p = weight[i] * Math.exp((-z * z) / 2);
        density += p;
        slope -= (p * z) / spread;
      });
      const phi = basis.evaluate(Float64Array.of(x));
      let ours = -x;
      for (let a = 0; a <= n; a++) ours += c[a] * phi[a];
      worst = Math.max(worst, Math.abs(ours - slope / density));
      if (x === 1) expect(slope / density).toBeCloseTo(-0.99634405, 8);
    }
    expect(worst).toBeLessThan(1e-4);
  });

  it("keeps the carré du champ: ∫ φ_i' φ_j' φ_m ρ = (β/2) μ_ij^m (λ_m - λ_i - λ_j)", () => {
    const { products, eigenvalues, derivatives } = hermite({ n: 4, beta: 2, variance: 0.5 });
    const { nodes, weights } = gaussHermite(20);
    const basis = hermite({ n: 4, beta: 2, variance: 0.5 });
    const phi = basis.evaluate(nodes.map((z) => 0.5 * z));
    const slope = (q: number, i: number): number => {
      let sum = 0;
      for (let m = 0; m <= 8; m++) sum += derivatives[i * 9 + m] * phi[q * 9 + m];
      return sum;
    };
    for (let i = 0; i <= 4; i++) {
      for (let j = 0; j <= 4; j++) {
        for (let m = 0; m <= 8; m++) {
          const field = weights.reduce(
            (sum, w, q) => sum + w * slope(q, i) * slope(q, j) * phi[q * 9 + m],
            0,
          );
          const expected = products[(i * 5 + j) * 9 + m] * (eigenvalues[m] - eigenvalues[i] - eigenvalues[j]);
          expect(Math.abs(field - expected)).toBeLessThan(1e-10);
        }
      }
    }
  });
});
