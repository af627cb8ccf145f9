import { describe, expect, it } from "vitest";
import { data, linalg, random, targets } from "../../src/index.js";

const { fields } = targets;
const c1 = fields.periodicCovariance({ dim: 1, alpha: 2, tau: 3 });
const c2 = fields.periodicCovariance({ dim: 1, alpha: 1.2, tau: 3 });
const mixtureAt = (size: number) =>
  fields.fieldMixture(
    [1, -1].map((sign) => ({ mean: (x: number) => sign * Math.cos(x), covariance: c1 })),
    size,
  );

describe("periodic covariance", () => {
  it("has the traces and variances of the reference", () => {
    // cut at K = 64: a grid of 130 points would hold it; sums over k ≤ 64 by the formula
    const cut = (alpha: number, most: number) => {
      let sum = 0;
      for (let k = 1; k <= most; k++) sum += 2 * 3 ** (2 * alpha - 1) * (k * k + 9) ** -alpha;
      return sum;
    };
    expect(cut(2, 64)).toBeCloseTo(1.2374, 4);
    expect(cut(1.2, 64)).toBeCloseTo(2.153, 3);
    expect(fields.traceOf(c1, 128)).toBeCloseTo(cut(2, 63), 12);
    expect(fields.traceOf(c1, 128) / (2 * Math.PI)).toBeCloseTo(0.19695, 4);
    expect(fields.traceOf(c2, 1024) / (2 * Math.PI)).toBeCloseTo(cut(1.2, 511) / (2 * Math.PI), 12);
    expect(fields.traceOf(c2, 1024) / (2 * Math.PI)).toBeCloseTo(0.3456, 4);
  });

  it("gives the forcing of the flow experiment its pointwise spread", () => {
    const forcing = fields.periodicCovariance({ dim: 2, alpha: 4, tau: 3, scale: 27 });
    expect(Math.sqrt(fields.traceOf(forcing, 64)) / (2 * Math.PI)).toBeCloseTo(0.15399, 5);
  });

  it("is what draws show at every point", () => {
    const size = 16;
    const count = 4000;
    const { values } = data.fields.gaussianFields(random.key(1), { covariance: c1, count, size });
    const variance = fields.traceOf(c1, size) / (2 * Math.PI);
    const covariance = (lag: number) => {
      let sum = 0;
      for (let k = 1; k < size / 2; k++)
        sum += (2 * 27 * Math.cos((k * lag * 2 * Math.PI) / size)) / (k * k + 9) ** 2;
      return sum / (2 * Math.PI);
    };
    for (const lag of [0, 1, 5]) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += values[i * size + 3] * values[i * size + ((3 + lag) % size)];
      // 4.5 standard errors of a mean of products of normals
      const error = Math.sqrt((variance ** 2 + covariance(lag) ** 2) / count);
      expect(Math.abs(sum / count - covariance(lag))).toBeLessThan(4.5 * error);
    }
  });

  it.each([1, 2] as const)(
    "draws the same fields on two grids, up to the finer one's own modes, in %i dimensions",
    (dim) => {
      const covariance = fields.periodicCovariance({ dim, alpha: 3, tau: 2 });
      const coarse = data.fields.gaussianFields(random.key(5), { covariance, count: 3, size: 8 });
      const fine = data.fields.gaussianFields(random.key(5), { covariance, count: 3, size: 16 });
      const grid = { basis: "fourier", dim } as const;
      const cut = linalg.resample(fine.values, { ...grid, size: 16 }, 8);
      coarse.values.forEach((value, i) => expect(cut[i]).toBeCloseTo(value, 13));
      // what both resolve agrees at shared points to rounding
      const raised = linalg.resample(coarse.values, { ...grid, size: 8 }, 16);
      const shared = (i: number, j: number) => (dim === 1 ? 2 * i : 32 * i + 2 * j);
      for (let i = 0; i < 8; i++) {
        for (let j = 0; j < (dim === 1 ? 1 : 8); j++) {
          expect(raised[shared(i, j)]).toBeCloseTo(coarse.values[dim === 1 ? i : 8 * i + j], 13);
        }
      }
    },
  );

  it("knows whether it has a trace, and says how its sum grows", () => {
    expect(c2.traceClass).toBe(true);
    const rough = fields.periodicCovariance({ dim: 2, alpha: 0.9, tau: 1 });
    expect(() => fields.checkTraceClass("noise", rough)).toThrow(
      /noise: expected an operator of trace class; this one's eigenvalues add up to [\d.]+ at 32 points, [\d.]+ at 64 points/,
    );
    expect(() => fields.checkTraceClass("noise", fields.whiteCovariance({ dim: 1 }))).toThrow(
      /64\.00 at 64 points, 256\.0 at 256 points, 1024 at 1024 points/,
    );
  });
});

describe("cosine covariances", () => {
  it("of the Gaussian kernel have unit mean variance, and the kernel away from walls", () => {
    const covariance = fields.gaussianKernelCovariance({ dim: 1, correlation: 0.05 });
    const size = 256;
    expect(fields.traceOf(covariance, size)).toBeCloseTo(1, 12);
    const unit = new Float64Array(size);
    unit[128] = 1;
    const grid = { basis: "cosine", size, dim: 1 } as const;
    const lambda = covariance.eigenvalues(size);
    const row = linalg.fromModes(
      linalg.toModes(unit, grid).map((a, k) => a * lambda[k] * size),
      grid,
    );
    for (const lag of [0, 5, 12, 30]) {
      expect(row[128 + lag] / row[128]).toBeCloseTo(Math.exp(-((lag / size / 0.05) ** 2)), 6);
    }
  });

  it("of the volcano runs have the authors' standard deviations on the grid", () => {
    const covariance = fields.neumannCovariance({ dim: 2, alpha: 1.5, tau: 5 });
    const lambda = covariance.eigenvalues(8);
    expect(lambda[0]).toBe(0);
    expect(Math.sqrt(lambda[8 * 2 + 3])).toBeCloseTo(5 ** 0.5 * (Math.PI ** 2 * 13 + 25) ** -0.75, 14);
  });
});

describe("the exponential kernel", () => {
  it("is exp(-d/(2 s²)) with a nugget, and draws have it", async () => {
    const options = { dim: 2, size: 4, scale: 0.4 } as const;
    const kernel = data.fields.exponentialKernel(options);
    expect(kernel[0]).toBeCloseTo(1 + 1e-6, 12);
    expect(kernel[1 * 16 + 6]).toBeCloseTo(Math.exp(-Math.SQRT2 / 4 / 0.32), 12);
    const count = 4000;
    const { values } = await data.fields.exponentialFields(random.key(2), count, options);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[16 * i + 1] * values[16 * i + 6];
    expect(Math.abs(sum / count - kernel[22])).toBeLessThan(4.5 * Math.sqrt((1 + kernel[22] ** 2) / count));
  });
});

describe("a mixture of fields", () => {
  const logDensity = (
    w: Float64Array,
    sigma: number,
    mixture: ReturnType<typeof mixtureAt>,
    noise: Float64Array,
  ) => {
    const terms = mixture.means.map((mean, i) => {
      let sum = Math.log(mixture.weights[i]);
      w.forEach((value, k) => {
        const total = mixture.variances[i][k] + sigma ** 2 * noise[k];
        if (total > 0) sum -= (Math.log(total) + (value - mean[k]) ** 2 / total) / 2;
      });
      return sum;
    });
    const most = Math.max(...terms);
    return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0));
  };

  it("has the residual σ²C ∇log p, by finite differences", () => {
    const uneven = fields.fieldMixture(
      [
        { weight: 2, mean: (x) => Math.cos(x), covariance: c1 },
        { weight: 1, mean: (x) => -0.4 * Math.sin(2 * x), covariance: c2 },
      ],
      8,
    );
    const sigma = 0.7;
    const noise = c2.eigenvalues(8);
    const w = random.normal(random.key(3), 8);
    const residual = uneven.residual(w, sigma, c2);
    const h = 1e-5;
    for (let k = 0; k < 8; k++) {
      const moved = (sign: number) => w.map((value, i) => (i === k ? value + sign * h : value));
      const slope =
        (logDensity(moved(1), sigma, uneven, noise) - logDensity(moved(-1), sigma, uneven, noise)) / (2 * h);
      expect(Math.abs(residual[k] - sigma ** 2 * noise[k] * slope)).toBeLessThan(2e-9);
    }
  });

  it("of two mirrored components has the log-odds 2 aᵀ (Λ + σ²C)^{-1} w", () => {
    const mixture = mixtureAt(8);
    const noise = c2.eigenvalues(8);
    const w = mixture.sample(random.key(4), 1);
    const sigma = 0.5;
    const k = 1; // cos x, the only mode that the means have
    const odds = (2 * mixture.means[0][k] * w[k]) / (mixture.variances[0][k] + sigma ** 2 * noise[k]);
    const mean = mixture.means[0][k] * Math.tanh(odds / 2);
    const shrink = (sigma ** 2 * noise[k]) / (mixture.variances[0][k] + sigma ** 2 * noise[k]);
    expect(mixture.residual(w, sigma, c2)[k]).toBeCloseTo(-shrink * (w[k] - mean), 12);
  });

  it("knows its energies, and draws have them", () => {
    const mixture = mixtureAt(32);
    expect(mixture.energy).toBeCloseTo(Math.PI + fields.traceOf(c1, 32), 12);
    const n = 4000;
    const draws = mixture.sample(random.key(6), n);
    const energies = Array.from({ length: n }, (_, i) =>
      draws.subarray(32 * i, 32 * i + 32).reduce((sum, a) => sum + a * a, 0),
    );
    const mean = energies.reduce((sum, e) => sum + e, 0) / n;
    const spread = Math.sqrt(energies.reduce((sum, e) => sum + (e - mean) ** 2, 0) / n);
    expect(Math.abs(mean - mixture.energy)).toBeLessThan((4.5 * spread) / Math.sqrt(n));
    const values = mixture.fields(draws);
    const square = values.reduce((sum, u) => sum + u * u, 0) * ((2 * Math.PI) / 32);
    expect(square / n).toBeCloseTo(mean, 9);
  });

  it("refuses components that live elsewhere", () => {
    const other = fields.periodicCovariance({ dim: 1, length: 1, alpha: 2, tau: 3 });
    expect(() => fields.fieldMixture([{ covariance: c1 }, { covariance: other }], 8)).toThrow(
      /components\[1\]\.covariance/,
    );
  });
});
