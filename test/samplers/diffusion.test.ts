import { describe, expect, it } from "vitest";
import { energyDistance } from "../../src/metrics/index.js";
import { foldIn, key, normal } from "../../src/random/index.js";
import {
  differences,
  flowLogLikelihood,
  guidedScore,
  hutchinson,
  sampleFlow,
  samplePredictorCorrector,
  sampleReplacement,
  sampleReverseSde,
} from "../../src/samplers/index.js";
import { wassersteinProximal } from "../../src/score/index.js";
import {
  backwards,
  logUniformGrid,
  uniformGrid,
  varianceExploding,
  variancePreserving,
  type LinearDiffusion,
} from "../../src/sde/index.js";

const mean = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Three kernels in the plane, an exact score at every time. */
const centres = Float64Array.of(-1, 0, 1, 0.5, 0.3, -1.2);
const precision = Float64Array.of(9, 2, 2, 3, 4, -1, -1, 6, 12, 0, 0, 5);
const model = wassersteinProximal.kernelModel(2, centres, precision);
const scoreOf = (process: LinearDiffusion) => (t: number, x: Float64Array) =>
  model.evolve(process.marginal(t)).score(x);

const heat = varianceExploding({ horizon: 64 });
const heatTimes = backwards(logUniformGrid(1e-3, 64, 120));
const preserving = variancePreserving();
const preservingTimes = backwards(uniformGrid(1, 150).map((t) => 1e-3 + 0.999 * t));

describe.each([
  ["variance exploding", heat, heatTimes],
  ["variance preserving", preserving, preservingTimes],
])("samples of the %s diffusion run backwards", (_, process, times) => {
  const score = scoreOf(process);
  const n = 1500;
  const left = model.evolve(process.marginal(times[times.length - 1]));
  const exact = (i: number) => left.sample(foldIn(key(1), i), n);

  it.each([
    ["the reverse SDE", () => sampleReverseSde(process, score, key(2), { dim: 2, numSamples: n, times })],
    ["the flow by Heun", () => sampleFlow(process, score, key(3), { dim: 2, numSamples: n, times })],
    [
      "the adaptive flow",
      () =>
        sampleFlow(process, score, key(4), {
          dim: 2,
          numSamples: n,
          times: [times[0], times[times.length - 1]],
          method: "adaptive",
          tolerance: { relativeTolerance: 1e-4, absoluteTolerance: 1e-5 },
        }),
    ],
    [
      "predictor and corrector",
      () => samplePredictorCorrector(process, score, key(5), { dim: 2, numSamples: n, times }),
    ],
  ])("by %s are those of direct sampling", async (__, draw) => {
    // the unbiased energy distance between direct samples is zero in the mean; its spread from eight pairs
    const null8 = Float64Array.from(
      await Promise.all(
        Array.from({ length: 8 }, (___, i) => energyDistance(exact(2 * i), exact(2 * i + 1), 2)),
      ),
    );
    const spread = Math.sqrt(mean(null8.map((v) => v * v)));
    const distance = await energyDistance(await draw(), exact(100), 2);
    // five spreads of a law with an exponential tail of about one, and the scheme's own error below one more
    expect(distance).toBeLessThan(6 * spread);
  });
});

describe("predictor and corrector", () => {
  it("takes back most of the error of a coarse grid", async () => {
    const process = varianceExploding({ horizon: 4.8 });
    const score = (t: number, x: Float64Array) => Promise.resolve(x.map((v) => -v / (0.3 + t)));
    const [n, times] = [20_000, backwards(logUniformGrid(1e-3, 4.8, 6))];
    const options = { dim: 1, start: normal(key(1), n).map((z) => Math.sqrt(5.1) * z), times };
    const variance = (x: Float64Array): number => mean(x.map((v) => v * v));
    const alone = variance(await sampleReverseSde(process, score, key(2), options));
    const corrected = await samplePredictorCorrector(process, score, key(2), {
      ...options,
      correctorSteps: 8,
      signalToNoise: 0.3,
    });
    expect(Math.abs(variance(corrected) - 0.301)).toBeLessThan(0.3 * Math.abs(alone - 0.301));
  });
});

describe("the log likelihood by the flow", () => {
  const x = model.sample(key(7), 6);
  const tight = { relativeTolerance: 1e-7, absoluteTolerance: 1e-9 };

  it.each([
    ["variance exploding", varianceExploding({ horizon: 4 })],
    ["variance preserving", preserving],
  ])("is the model's own, %s", async (_, process) => {
    const ends = model.evolve(process.marginal(process.horizon));
    // the mixture's law at the horizon is known: its values at the end points are put in by a synchronous table
    const prior = (y: Float64Array): Float64Array =>
      Float64Array.from({ length: y.length / 2 }, (__, i) => {
        let sum = 0;
        for (let k = 0; k < 3; k++) {
          const [u, v] = [y[2 * i] - ends.centres[2 * k], y[2 * i + 1] - ends.centres[2 * k + 1]];
          const g = ends.precision.subarray(4 * k, 4 * k + 4);
          const form = u * u * g[0] + 2 * u * v * g[1] + v * v * g[3];
          sum += (Math.sqrt(g[0] * g[3] - g[1] * g[2]) * Math.exp(-form / 2)) / (6 * Math.PI);
        }
        return Math.log(sum);
      });
    const options = { dim: 2, tMin: 1e-3, prior, tolerance: tight };
    const ours = await flowLogLikelihood(process, scoreOf(process), x, options);
    const exact = await model.evolve(process.marginal(1e-3)).logDensity(x);
    exact.forEach((v, i) => expect(Math.abs(v - ours[i])).toBeLessThan(1e-5));
  });

  it("with random directions agrees in the mean", async () => {
    const t = 0.5;
    const score = scoreOf(preserving);
    const exact = await differences(score, 2)(t, x);
    const draws = 400;
    const found = await Promise.all(
      Array.from({ length: draws }, (_, i) => hutchinson(score, { dim: 2, key: foldIn(key(8), i) })(t, x)),
    );
    exact.forEach((v, i) => {
      const terms = Float64Array.from(found, (f) => f[i] - v);
      const spread = Math.sqrt(mean(terms.map((e) => e * e)));
      expect(Math.abs(mean(terms))).toBeLessThan((5 * spread) / Math.sqrt(draws) + 1e-6);
    });
    const many = await hutchinson(score, { dim: 2, key: key(9), probes: 2000 })(t, x);
    exact.forEach((v, i) => expect(Math.abs(v - many[i])).toBeLessThan(0.2 * Math.max(1, Math.abs(v))));
  });

  it("uses a divergence of one's own and refuses times outside of the process", async () => {
    const process = varianceExploding({ horizon: 4 });
    const score = (t: number, y: Float64Array) => Promise.resolve(y.map((v) => -v / (1 + t)));
    const divergence = (t: number, y: Float64Array) =>
      Promise.resolve(new Float64Array(y.length).fill(-1 / (1 + t)));
    const y = Float64Array.of(0.3, -2);
    const prior = (z: Float64Array) => z.map((v) => (-v * v) / 10 - 0.5 * Math.log(10 * Math.PI));
    const ours = await flowLogLikelihood(process, score, y, {
      dim: 1,
      tMin: 0,
      divergence,
      prior,
      tolerance: tight,
    });
    y.forEach((v, i) =>
      expect(Math.abs(ours[i] - (-v * v) / 2 + 0.5 * Math.log(2 * Math.PI))).toBeLessThan(1e-6),
    );
    await expect(flowLogLikelihood(process, score, y, { dim: 1, tMin: 5 })).rejects.toThrow(/tMin/);
  });
});

describe("conditional sampling of a Gaussian", () => {
  // data N(0, C); observation y = A x + 0.3 η of two combinations of three coordinates
  const c = [
    [1, 0.6, 0.2],
    [0.6, 0.8, -0.1],
    [0.2, -0.1, 0.5],
  ];
  const flat = Float64Array.from(c.flat());
  const prior = wassersteinProximal.kernelModel(3, new Float64Array(3), inverse(flat, 3));
  const matrix = Float64Array.of(1, 0.5, 0, 0, 1, -1);
  const observation = { dim: 3, matrix, value: Float64Array.of(0.7, -0.4), noise: 0.3 };
  const posterior = conditioned(flat, matrix, observation.value, 0.09, 3);
  const scoreFor = (process: LinearDiffusion) => (t: number, x: Float64Array) =>
    prior.evolve(process.marginal(t)).score(x);
  const exact = wassersteinProximal.kernelModel(3, posterior.mean, inverse(posterior.covariance, 3));

  it.each([
    ["variance exploding", varianceExploding({ horizon: 50 })],
    ["variance preserving", preserving],
  ])("by guidance has the exact score of the noised posterior at all times, %s", async (_, process) => {
    const guided = guidedScore(process, scoreFor(process), observation);
    const x = normal(key(1), 15);
    for (const part of [0.02, 0.3, 1]) {
      const t = part * process.horizon;
      const [ours, best] = [await guided(t, x), await exact.evolve(process.marginal(t)).score(x)];
      best.forEach((v, k) => expect(Math.abs(v - ours[k])).toBeLessThan(1e-6 * Math.max(1, Math.abs(v))));
    }
  });

  it("by guidance samples the posterior within 5 standard errors", async () => {
    const process = varianceExploding({ horizon: 50 });
    const guided = guidedScore(process, scoreFor(process), observation);
    const [n, tMin] = [1000, 1e-4];
    const start = normal(key(2), 3 * n).map((z, k) => posterior.mean[k % 3] + Math.sqrt(50.5) * z);
    const times = backwards(logUniformGrid(tMin, 50, 40));
    const x = await sampleFlow(process, guided, key(3), { dim: 3, start, times });
    for (let a = 0; a < 3; a++) {
      const spread = Math.sqrt(posterior.covariance[4 * a] / n);
      const column = Float64Array.from({ length: n }, (_, i) => x[3 * i + a] - posterior.mean[a]);
      expect(Math.abs(mean(column))).toBeLessThan(5 * spread);
      const variance = mean(column.map((v) => v * v));
      // the start's variance of 50.5 in all directions errs by C/50 of it, up to 2 %
      expect(Math.abs(variance / posterior.covariance[4 * a] - 1)).toBeLessThan(5 * Math.sqrt(2 / n) + 0.02);
    }
  });

  it("by replacement is exact where the known coordinates tell nothing", async () => {
    const process = varianceExploding({ horizon: 50 });
    const score = (t: number, x: Float64Array) =>
      Promise.resolve(x.map((v, k) => -v / ((k % 2 === 0 ? 0.7 : 0.2) + t)));
    const n = 3000;
    const x = await sampleReplacement(process, score, key(4), {
      dim: 2,
      numSamples: n,
      times: backwards(logUniformGrid(1e-4, 50, 250)),
      coordinates: [1],
      values: Float64Array.of(3),
    });
    const [free, known] = [0, 1].map((c) => Float64Array.from({ length: n }, (_, i) => x[2 * i + c]));
    expect(known.every((v) => v === 3)).toBe(true);
    const variance = mean(free.map((v) => v * v));
    // weak order 1 with steps of 5 % of the time: measured below 2 %; the Gaussian start errs by 0.7/50
    expect(Math.abs(variance / 0.7 - 1)).toBeLessThan(5 * Math.sqrt(2 / n) + 0.035);
    expect(Math.abs(mean(free))).toBeLessThan(5 * Math.sqrt(0.7 / n));
  });

  it("by replacement errs where coordinates depend on each other, by what its linear recursion says", async () => {
    const process = varianceExploding({ horizon: 50 });
    const [a, b, y] = [1, 0.8, 1.5]; // C = [[1, 0.8], [0.8, 1]], second coordinate known
    const times = backwards(logUniformGrid(1e-4, 50, 150));
    const n = 4000;
    const x = await sampleReplacement(process, pair, key(5), {
      dim: 2,
      numSamples: n,
      times,
      coordinates: [1],
      values: Float64Array.of(y),
    });
    function pair(t: number, z: Float64Array): Promise<Float64Array> {
      const [u, det] = [a + t, (a + t) ** 2 - b * b];
      return Promise.resolve(
        z
          .map((v, k) => (k % 2 === 0 ? -u * v + b * z[k + 1] : -u * v + b * z[k - 1]) / 1)
          .map((v) => v / det),
      );
    }
    let [mu, variance] = [0, 50];
    for (let k = 0; k + 1 < times.length; k++) {
      const [t, h] = [times[k], times[k] - times[k + 1]];
      const det = (a + t) ** 2 - b * b;
      const [keep, pull] = [1 - (h * (a + t)) / det, (h * b) / det];
      mu = keep * mu + pull * y;
      variance = keep * keep * variance + pull * pull * t + h;
    }
    const free = Float64Array.from({ length: n }, (_, i) => x[2 * i]);
    expect(Math.abs(mean(free) - mu)).toBeLessThan(5 * Math.sqrt(variance / n));
    const found = mean(free.map((v) => (v - mu) ** 2));
    expect(Math.abs(found / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    // the posterior is N(0.8 y, 0.36)
    expect(Math.abs(mu - 1.2)).toBeGreaterThan(0.03);
  });

  it("by guidance leaves a score alone that claims a negative variance", async () => {
    const process = varianceExploding({ horizon: 4 });
    const wrong = (t: number, x: Float64Array) => Promise.resolve(x.map((v) => (-3 * v) / t)); // ∂x̂/∂x = -2
    const x = normal(key(6), 12);
    expect(await guidedScore(process, wrong, observation)(1, x)).toEqual(await wrong(1, x));
  });

  it("refuses observations that do not fit", () => {
    const process = varianceExploding({ horizon: 1 });
    const make = (changed: object) => () =>
      guidedScore(process, scoreFor(process), { ...observation, ...changed });
    expect(make({ value: new Float64Array(3) })).toThrow(/observation\.matrix: expected 3 rows of 3/);
    expect(make({ noise: -1 })).toThrow(/observation\.noise/);
    expect(make({ value: Float64Array.of(1, NaN) })).toThrow(/observation\.value\[1\]/);
  });
});

describe("running backwards refuses", () => {
  const options = { dim: 2, numSamples: 3, times: [64, 1] };
  it.each([
    ["times that rise", { times: [1, 2] }, /times\[1\]: expected decreasing/],
    ["times beyond the horizon", { times: [65, 2] }, /times\[0\]/],
    ["no number of samples", { numSamples: undefined }, /numSamples/],
    ["points of another dimension", { start: new Float64Array(3) }, /start: expected/],
    ["unknown options", { numsamples: 3 }, /did you mean "numSamples"/],
  ])("%s", async (_, changed, message) => {
    const run = async () => sampleFlow(heat, scoreOf(heat), key(1), { ...options, ...changed });
    await expect(run()).rejects.toThrow(message);
  });

  it("times that rise after the second, or fall below the data's", async () => {
    for (const [times, message] of [
      [[64, 1, 2], /times\[2\]: expected decreasing/],
      [[64, 1, -1], /times\[2\]: expected a finite number from 0 to 64/],
    ] as const) {
      const run = samplePredictorCorrector(heat, scoreOf(heat), key(1), { ...options, times });
      await expect(run).rejects.toThrow(message);
    }
  });
});

function inverse(matrix: Float64Array, n: number): Float64Array {
  const a = matrix.slice();
  const out = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
  for (let p = 0; p < n; p++) {
    const pivot = a[p * n + p];
    for (let c = 0; c < n; c++)
      [a[p * n + c], out[p * n + c]] = [a[p * n + c] / pivot, out[p * n + c] / pivot];
    for (let r = 0; r < n; r++) {
      const factor = a[r * n + p];
      if (r === p) continue;
      for (let c = 0; c < n; c++) {
        a[r * n + c] -= factor * a[p * n + c];
        out[r * n + c] -= factor * out[p * n + c];
      }
    }
  }
  return symmetric(out, n);
}

function symmetric(a: Float64Array, n: number): Float64Array {
  return a.map((v, k) => (v + a[(k % n) * n + Math.floor(k / n)]) / 2);
}

/** Mean and covariance of N(0, C) given A x + noise = y: C Aᵀ (A C Aᵀ + σ²)⁻¹ y and C - C Aᵀ (...)⁻¹ A C. */
function conditioned(cov: Float64Array, a: Float64Array, y: Float64Array, variance: number, d: number) {
  const m = y.length;
  const ca = Float64Array.from({ length: d * m }, (_, k) => {
    const [i, r] = [Math.floor(k / m), k % m];
    let sum = 0;
    for (let j = 0; j < d; j++) sum += cov[i * d + j] * a[r * d + j];
    return sum;
  });
  const s = Float64Array.from({ length: m * m }, (_, k) => {
    const [r, q] = [Math.floor(k / m), k % m];
    let sum = r === q ? variance : 0;
    for (let j = 0; j < d; j++) sum += a[r * d + j] * ca[j * m + q];
    return sum;
  });
  const si = inverse(s, m);
  const gain = Float64Array.from({ length: d * m }, (_, k) => {
    let sum = 0;
    for (let q = 0; q < m; q++) sum += ca[Math.floor(k / m) * m + q] * si[q * m + (k % m)];
    return sum;
  });
  const mu = Float64Array.from({ length: d }, (_, i) => {
    let sum = 0;
    for (let r = 0; r < m; r++) sum += gain[i * m + r] * y[r];
    return sum;
  });
  const covariance = cov.map((v, k) => {
    let sum = v;
    for (let r = 0; r < m; r++) sum -= gain[Math.floor(k / d) * m + r] * ca[(k % d) * m + r];
    return sum;
  });
  return { mean: mu, covariance: symmetric(covariance, d) };
}
