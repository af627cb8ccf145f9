import { describe, expect, it } from "vitest";
import { linalg, random, samplers, score, targets } from "../../../src/index.js";

const { functionSpace } = score;
const { fields } = targets;
const size = 16;
const c1 = fields.periodicCovariance({ dim: 1, alpha: 2, tau: 3 });
const c2 = fields.periodicCovariance({ dim: 1, alpha: 1.2, tau: 3 });
const lambda = c1.eigenvalues(size);
const noise = c2.eigenvalues(size);

/** Values at every fourth point. */
function points(): score.functionSpace.FieldObservation {
  const scale = Math.sqrt(size / (2 * Math.PI));
  const matrix = new Float64Array(4 * size);
  for (let r = 0; r < 4; r++) {
    const unit = new Float64Array(size);
    unit[4 * r] = scale;
    matrix.set(linalg.toModes(unit, { basis: "fourier", size, dim: 1 }), r * size);
  }
  return { matrix, value: Float64Array.from([0.5, -0.3, 0.2, 0.4]), noise: 0.1 };
}

/** The guided residual of a Gaussian prior. */
function guidedBy(seen: score.functionSpace.FieldObservation): score.functionSpace.Residual {
  const closure = { mean: new Float64Array(size), variances: lambda };
  return functionSpace.guidedResidual(functionSpace.gaussianResidual(closure, noise), seen, lambda, noise);
}

describe("fields given an observation", () => {
  it("have the exact posterior of a Gaussian prior: conditioning step by step gives the same", () => {
    const seen = points();
    const posterior = functionSpace.gaussianPosterior(lambda, seen);
    // Kalman's update with one observation at a time on the full covariance
    let mean = new Float64Array(size);
    let covariance = Float64Array.from({ length: size * size }, (_, p) =>
      p % (size + 1) === 0 ? lambda[p % size] : 0,
    );
    for (let r = 0; r < 4; r++) {
      const a = seen.matrix.subarray(r * size, (r + 1) * size);
      const pa = Float64Array.from({ length: size }, (_, i) =>
        a.reduce((sum, value, j) => sum + value * covariance[i * size + j], 0),
      );
      const s = a.reduce((sum, value, i) => sum + value * pa[i], 0) + seen.noise ** 2;
      const miss = seen.value[r] - a.reduce((sum, value, i) => sum + value * mean[i], 0);
      mean = mean.map((m, i) => m + (pa[i] * miss) / s);
      covariance = covariance.map((value, p) => value - (pa[Math.floor(p / size)] * pa[p % size]) / s);
    }
    posterior.mean.forEach((m, k) => expect(m).toBeCloseTo(mean[k], 12));
    posterior.variances.forEach((v, k) => expect(v).toBeCloseTo(covariance[k * (size + 1)], 12));
  });

  it("have a guided residual that is the noised posterior's, exactly, for a Gaussian prior", async () => {
    const seen = points();
    const guided = guidedBy(seen);
    const sigma = 0.4;
    const w = random.normal(random.key(1), size).map((z, k) => Math.sqrt(lambda[k] + noise[k]) * z);
    // E[u | w, y] from both observations at once: w is an observation of u with noise σ²C
    const kept = [...lambda.keys()].filter((k) => noise[k] > 0);
    const both: score.functionSpace.FieldObservation = {
      matrix: Float64Array.from([
        ...kept.flatMap((k) =>
          Array.from({ length: size }, (_, j) => (j === k ? 1 / (sigma * Math.sqrt(noise[k])) : 0)),
        ),
        ...seen.matrix.map((a) => a / seen.noise),
      ]),
      value: Float64Array.from([
        ...kept.map((k) => w[k] / (sigma * Math.sqrt(noise[k]))),
        ...seen.value.map((y) => y / seen.noise),
      ]),
      noise: 1,
    };
    const exact = functionSpace.gaussianPosterior(lambda, both).mean;
    const got = await guided(sigma, w);
    for (const k of kept) expect(w[k] + got[k]).toBeCloseTo(exact[k], 10);
  });

  it("are drawn with the posterior's moments", async () => {
    const seen = points();
    const guided = guidedBy(seen);
    const n = 800;
    const w = await samplers.fieldLangevin(guided, random.key(2), {
      noise: c2,
      size,
      numSamples: n,
      levels: functionSpace.noiseLevels({ count: 8, last: 0.02 }),
      stepsPerLevel: 60,
    });
    const exact = functionSpace.gaussianPosterior(lambda, seen);
    for (const k of [1, 2, 3, 6]) {
      let [mean, square] = [0, 0];
      for (let i = 0; i < n; i++) {
        mean += w[i * size + k] / n;
        square += w[i * size + k] ** 2 / n;
      }
      const variance = square - mean ** 2;
      expect(Math.abs(mean - exact.mean[k])).toBeLessThan(
        4.5 * Math.sqrt(exact.variances[k] / n) + 0.01 * Math.sqrt(lambda[k]),
      );
      // annealing leaves up to a tenth too much
      expect(Math.abs(variance / exact.variances[k] - 1.05)).toBeLessThan(4.5 * Math.sqrt(2 / n) + 0.05);
    }
  });
});
