import { describe, expect, it } from "vitest";
import { random, score, sde, samplers, targets } from "../../../src/index.js";

const { functionSpace } = score;
const { fields } = targets;
const levels = functionSpace.noiseLevels();
const data = (k: number) => 27 * (k * k + 9) ** -2;
const noise = (k: number) => 3 ** 1.4 * (k * k + 9) ** -1.2;

describe("annealed Langevin on a Gaussian mode", () => {
  it.each([
    [50, [1.12885, 1.12901, 1.12968, 1.13595]],
    [100, [1.0614, 1.06148, 1.06211, 1.06802]],
    [200, [1.03003, 1.03009, 1.03068, 1.03653]],
    [400, [1.01487, 1.01491, 1.0155, 1.02146]],
  ])("over-disperses as the reference says, T = %i", (stepsPerLevel, expected) => {
    [1, 4, 16, 64].forEach((k, i) => {
      const v = functionSpace.langevinVariance(data(k), noise(k), { levels, stepsPerLevel });
      expect(v / data(k)).toBeCloseTo(expected[i], 5);
    });
  });

  it("settles at (λ + σ²c)/(1 - hκ/2)", () => {
    const v = functionSpace.langevinVariance(1, 2, { levels: [0.7], stepsPerLevel: 2000, lastNoise: true });
    const total = 1 + 0.49 * 2;
    expect(v).toBeCloseTo(total / (1 - 0.05 * (0.98 / total)), 10);
  });

  it("is what the sampler does, mode by mode", async () => {
    const c1 = fields.periodicCovariance({ dim: 1, alpha: 2, tau: 3 });
    const c2 = fields.periodicCovariance({ dim: 1, alpha: 1.2, tau: 3 });
    const mixture = fields.fieldMixture([{ covariance: c1 }], 8);
    const plan = { levels: functionSpace.noiseLevels({ count: 4 }), stepsPerLevel: 8 };
    const n = 4000;
    const w = await samplers.fieldLangevin((sigma, x) => mixture.residual(x, sigma, c2), random.key(1), {
      ...plan,
      noise: c2,
      size: 8,
      numSamples: n,
    });
    const [lambda, c] = [c1.eigenvalues(8), c2.eigenvalues(8)];
    for (const k of [1, 4, 6]) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += w[8 * i + k] ** 2;
      const law = functionSpace.langevinVariance(lambda[k], c[k], plan);
      expect(Math.abs(sum / n / law - 1)).toBeLessThan(4.5 * Math.sqrt(2 / n));
    }
    expect(w[0]).toBe(0);
    expect(Math.abs(w[7])).toBe(0);
  });

  it("without the last denoising keeps σ_L² c too much; with sqrt(σ) for σ the wrong law comes out", () => {
    const plan = { levels: functionSpace.noiseLevels({ first: 1, last: 0.2 }), stepsPerLevel: 2000 };
    const [lambda, c] = [0.01, 1];
    const raw = functionSpace.langevinVariance(lambda, c, plan);
    const denoised = functionSpace.langevinVariance(lambda, c, {
      ...plan,
      lastNoise: true,
      finalDenoise: true,
    });
    expect(raw / lambda).toBeGreaterThan(4);
    // E[u | w] has the variance λ²/(λ + σ²c), below λ
    expect(denoised / (lambda ** 2 / (lambda + 0.04))).toBeCloseTo(1, 1);
    const wrong = functionSpace.langevinVariance(lambda, c, { ...plan, levels: plan.levels.map(Math.sqrt) });
    expect(wrong / raw).toBeGreaterThan(4);
  });

  it("gives the data's energy on every grid with noise of trace class, and loses it with white noise", () => {
    const law = fields.periodicCovariance({ dim: 1, alpha: 2, tau: 3 });
    const share = (size: number, kernel: score.functionSpace.LangevinPlan, c: Float64Array) => {
      const lambda = law.eigenvalues(size);
      const drawn = lambda.map((value, k) =>
        value > 0 && c[k] > 0 ? functionSpace.langevinVariance(value, c[k], kernel) : 0,
      );
      return drawn.reduce((sum, v) => sum + v, 0) / fields.traceOf(law, size);
    };
    const plan = { levels, stepsPerLevel: 100 };
    const smooth = fields.periodicCovariance({ dim: 1, alpha: 1.2, tau: 3 });
    const white = fields.whiteCovariance({ dim: 1 });
    for (const size of [64, 1024]) {
      expect(Math.abs(share(size, plan, smooth.eigenvalues(size)) - 1.0614)).toBeLessThan(2e-3);
    }
    const [coarse, fine] = [64, 1024].map((size) => share(size, plan, white.eigenvalues(size)));
    expect(fine).toBeLessThan(coarse - 0.2);
  });

  it("refuses noise that has no trace, with the sum's growth", async () => {
    const white = fields.whiteCovariance({ dim: 1 });
    const run = samplers.fieldLangevin((_, w) => w, random.key(0), {
      levels,
      stepsPerLevel: 1,
      noise: white,
      size: 8,
      numSamples: 1,
    });
    await expect(run).rejects.toThrow(/noise: .*trace class.* 1024 at 1024 points/);
  });

  it("refuses levels that do not fall, by their own name", async () => {
    const smooth = fields.periodicCovariance({ dim: 1, alpha: 1.2, tau: 3 });
    const plan = { stepsPerLevel: 1, noise: smooth, size: 8, numSamples: 1 };
    const run = (levels: number[]) => samplers.fieldLangevin((_, w) => w, random.key(0), { ...plan, levels });
    await expect(run([])).rejects.toThrow("levels: expected at least one number");
    await expect(run([1, 2])).rejects.toThrow("levels[1]: expected decreasing levels, got 2");
    await expect(run([1, 0])).rejects.toThrow("levels[1]: expected a positive finite number, got 0");
  });
});

describe("resolution", () => {
  const grid = (n: number) => Float64Array.from({ length: n }, (_, i) => i / (n - 1));
  const matrix = (x: Float64Array, kernel: (d: number) => number) =>
    Float64Array.from({ length: x.length ** 2 }, (_, p) =>
      kernel(Math.abs(x[Math.floor(p / x.length)] - x[p % x.length])),
    );

  it.each([
    [32, 0.8424, 1.665],
    [64, 0.8439, 2.291],
    [128, 0.8443, 3.143],
    [256, 0.8444, 4.245],
  ])("separation of the two components at %i points: trace class against white", (n, traceClass, white) => {
    const x = grid(n);
    const a = x.map((value) => 10 * value - 5);
    const covariance = matrix(x, (d) => 0.4 * Math.exp((-d * d) / 0.02));
    expect(
      functionSpace.separation(
        a,
        covariance,
        matrix(x, (d) => Math.exp(-d / 0.1)),
        10,
      ),
    ).toBeCloseTo(traceClass, 4);
    expect(
      functionSpace.separation(
        a,
        covariance,
        matrix(x, (d) => (d === 0 ? 1 : 0)),
        10,
      ),
    ).toBeCloseTo(white, 2.7);
  });
});

describe("regularity", () => {
  it.each([
    [1, 0.25, [19.88, 29.2, 42.42, 61.14, 87.63], 2],
    [1, 0.5, [8.117, 9.488, 10.866, 12.249, 13.633], 3],
    [1, 0.75, [4.523, 4.727, 4.872, 4.975, 5.048], 3],
    [2, 0.5, [225.3, 450.9, 902.2, 1804.7, 3609.7], 1],
    [2, 1.0, [25.15, 29.46, 33.79, 38.13, 42.48], 2],
    [2, 1.25, [13.15, 13.76, 14.19, 14.49, 14.71], 2],
  ] as const)("sums in dimension %i with gap %f", (dim, gap, expected, digits) => {
    [32, 64, 128, 256, 512].forEach((most, i) => {
      expect(functionSpace.regularitySum(dim, gap, most)).toBeCloseTo(expected[i], digits);
    });
  });

  it("grows by 2 ln 2 and 2π ln 2 a doubling at the border, and has a limit beyond", () => {
    const step = (dim: 1 | 2, gap: number) =>
      functionSpace.regularitySum(dim, gap, 512) - functionSpace.regularitySum(dim, gap, 256);
    expect(step(1, 0.5)).toBeCloseTo(2 * Math.LN2, 2);
    expect(step(2, 1)).toBeCloseTo(2 * Math.PI * Math.LN2, 1);
    expect(functionSpace.regularityGap(2, 0.8)).toEqual({ cameronMartin: false, equivalent: true });
    expect(functionSpace.regularityGap(1, 0.8)).toEqual({ cameronMartin: true, equivalent: true });
    expect(functionSpace.regularityGap(2, 0.5)).toEqual({ cameronMartin: false, equivalent: false });
  });
});

describe("what noising does to a law", () => {
  it("W2 stays below σ sqrt(Tr C), and reaches it for a point mass", () => {
    const c1 = fields.periodicCovariance({ dim: 1, alpha: 2, tau: 3 }).eigenvalues(64);
    const c2 = fields.periodicCovariance({ dim: 1, alpha: 1.2, tau: 3 }).eigenvalues(64);
    const trace = c2.reduce((sum, value) => sum + value, 0);
    for (const sigma of [1, 0.1, 0.01]) {
      const distance = functionSpace.noisedDistance(c1, c2, sigma);
      expect(distance).toBeLessThan(sigma * Math.sqrt(trace));
      expect(distance).toBeGreaterThan(0);
    }
    expect(
      functionSpace.noisedDistance(
        c1.map(() => 0),
        c2,
        0.3,
      ),
    ).toBeCloseTo(0.3 * Math.sqrt(trace), 12);
  });

  it("smoothing multiplies by exp(-σ|k|²) with k in radians", () => {
    const factors = functionSpace.heatSmoothing(0.01, { basis: "fourier", size: 16, dim: 2 }, 2 * Math.PI);
    expect(factors[3 * 16 + 6]).toBeCloseTo(Math.exp(-0.01 * (4 + 9)), 14);
    expect(functionSpace.heatSmoothing(0.01, { basis: "cosine", size: 16, dim: 1 }, 1)[3]).toBeCloseTo(
      Math.exp(-0.01 * (3 * Math.PI) ** 2),
      14,
    );
  });
});

describe("reverse SDE and ODE with variance t²/2", () => {
  it("return the data's variance with the right factors, the slide's flow does not", async () => {
    const [v0, horizon, n] = [0.3, 3, 4000];
    const law = (t: number) => v0 + (t * t) / 2;
    // the law shrinks along dx/dt = ± r t ∂log p: the flow ends at v_T (v0/v_T)^{2r}, exactly
    const flow = (factor: number) => {
      const steps = 200_000;
      let log = Math.log(law(horizon));
      for (let i = 0; i < steps; i++) {
        const t = (horizon * (i + 0.5)) / steps;
        log -= (2 * factor * t * (horizon / steps)) / law(t);
      }
      return Math.exp(log);
    };
    expect(flow(0.5)).toBeCloseTo(0.3, 6);
    expect(flow(1)).toBeCloseTo(0.01875, 6);
    const process = sde.varianceExploding({ scale: Math.SQRT1_2, power: 2, horizon });
    const exact = (t: number, x: Float64Array) => Promise.resolve(x.map((value) => -value / law(t)));
    const start = random.normal(random.key(2), n).map((z) => Math.sqrt(law(horizon)) * z);
    const times = sde.backwards(sde.uniformGrid(horizon, 200));
    const x = await samplers.sampleReverseSde(process, exact, random.key(3), { dim: 1, start, times });
    const variance = x.reduce((sum, value) => sum + value * value, 0) / n;
    expect(Math.abs(variance / v0 - 1)).toBeLessThan(4.5 * Math.sqrt(2 / n) + 0.03);
  });
});
