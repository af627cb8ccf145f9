import { describe, expect, it } from "vitest";
import { swissRoll } from "../../../src/data/index.js";
import { foldIn, key, normal } from "../../../src/random/index.js";
import { kernelModel, type KernelModel } from "../../../src/score/wasserstein-proximal/index.js";
import { axisPoints, heat, integrateOnGrid, type Axis } from "../../../src/transport/index.js";

/** Kernels with random precisions of eigenvalues of at least 0.3. */
function randomModel(dim: number, count: number, seed: number): KernelModel {
  const centres = normal(key(seed), count * dim);
  const raw = normal(key(seed + 1), count * dim * dim);
  const precision = new Float64Array(count * dim * dim);
  for (let i = 0; i < count; i++) {
    const at = i * dim * dim;
    for (let j = 0; j < dim; j++) {
      for (let k = 0; k < dim; k++) {
        let sum = j === k ? 0.3 : 0;
        for (let l = 0; l < dim; l++) sum += raw[at + j * dim + l] * raw[at + k * dim + l];
        precision[at + j * dim + k] = sum;
      }
    }
  }
  return kernelModel(dim, centres, precision);
}

const mean = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Γ = g I at every centre. */
function isotropic(centres: Float64Array, g: number): KernelModel {
  const precision = Float64Array.from({ length: 2 * centres.length }, (_, k) =>
    k % 4 === 0 || k % 4 === 3 ? g : 0,
  );
  return kernelModel(2, centres, precision);
}

async function difference(
  f: (x: Float64Array) => Promise<Float64Array>,
  x: Float64Array,
  dim: number,
  coordinate: number,
  h: number,
): Promise<Float64Array> {
  const at = (by: number): Promise<Float64Array> => f(x.map((v, k) => (k % dim === coordinate ? v + by : v)));
  const [up, down] = [await at(h), await at(-h)];
  return up.map((v, i) => (v - down[i]) / (2 * h));
}

describe.each([2, 3])("a model of 20 kernels in %i dimensions", (dim) => {
  const model = randomModel(dim, 20, dim);
  const x = normal(key(9), 12 * dim);
  const h = 1e-5;

  it("is the mean of its Gaussians", async () => {
    const log = await model.logDensity(x);
    const square = dim * dim;
    log.forEach((value, i) => {
      let sum = 0;
      for (let k = 0; k < 20; k++) {
        let form = 0;
        for (let a = 0; a < dim; a++) {
          for (let b = 0; b < dim; b++) {
            const [u, v] = [a, b].map((c) => x[i * dim + c] - model.centres[k * dim + c]);
            form += u * v * model.precision[k * square + a * dim + b];
          }
        }
        const product = model.variances.subarray(k * dim, (k + 1) * dim).reduce((p, v) => p * v, 1);
        sum += Math.exp(-form / 2) / Math.sqrt((2 * Math.PI) ** dim * product) / 20;
      }
      expect(Math.abs(value - Math.log(sum))).toBeLessThan(1e-11);
    });
  });

  it("has the score that differences of its log density give", async () => {
    const score = await model.score(x);
    for (let c = 0; c < dim; c++) {
      const slope = await difference((y) => model.logDensity(y), x, dim, c, h);
      slope.forEach((v, i) => expect(Math.abs(v - score[i * dim + c])).toBeLessThan(1e-6));
    }
  });

  it("has the implicit loss |s|² + 2 div s, as 2 Δp/p - |s|²", async () => {
    const [score, loss] = [await model.score(x), await model.implicitLoss(x)];
    const divergence = new Float64Array(12);
    for (let c = 0; c < dim; c++) {
      const slope = await difference((y) => model.score(y), x, dim, c, h);
      for (let i = 0; i < 12; i++) divergence[i] += slope[i * dim + c];
    }
    loss.forEach((value, i) => {
      const square = score.subarray(i * dim, (i + 1) * dim).reduce((sum, v) => sum + v * v, 0);
      expect(Math.abs(value - square - 2 * divergence[i])).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
    });
  });

  it("gives density, score and loss at once: the same bits as one by one", async () => {
    const x = normal(key(20), 60);
    const model = randomModel(3, 7, 21);
    const { logDensity, score, loss } = await model.evaluate(x);
    expect(logDensity).toEqual(await model.logDensity(x));
    expect(score).toEqual(await model.score(x));
    expect(loss).toEqual(await model.implicitLoss(x));
  });

  it("leaves a kernel out where it is told to", async () => {
    const exclude = Int32Array.from({ length: 12 }, (_, i) => (i === 5 ? -1 : i));
    const got = await model.logDensity(x, { exclude });
    const all = await model.logDensity(x);
    for (const i of [0, 3, 11]) {
      const others = Int32Array.from({ length: 20 }, (_, k) => k).filter((k) => k !== i);
      const rest = kernelModel(
        dim,
        Float64Array.from([...others].flatMap((k) => [...model.centres.subarray(k * dim, (k + 1) * dim)])),
        Float64Array.from(
          [...others].flatMap((k) => [...model.precision.subarray(k * dim * dim, (k + 1) * dim * dim)]),
        ),
      );
      const exact = await rest.logDensity(x.slice(i * dim, (i + 1) * dim));
      expect(Math.abs(got[i] - exact[0])).toBeLessThan(1e-12);
    }
    // a point that leaves nothing out still sees weights of 1/(N-1)
    expect(Math.abs(got[5] - all[5] - Math.log(20 / 19))).toBeLessThan(1e-12);
  });

  it("gives the same numbers in the pool's threads as on the calling one", async () => {
    const many = normal(key(10), 6000 * dim);
    const [all, few] = [await model.score(many), await model.score(many.subarray(0, 100 * dim))];
    expect(all.slice(0, 100 * dim)).toEqual(few);
  });
});

describe("the flow in time", () => {
  it("takes precisions of 25 and 1 to 1.851852 and 0.666667 at variance 0.5, and adds up", () => {
    const model = kernelModel(2, Float64Array.of(0, 0), Float64Array.of(25, 0, 0, 1));
    const later = model.evolve({ factor: 1, variance: 0.5 });
    expect(later.precision[0]).toBeCloseTo(25 / 13.5, 14);
    expect(later.precision[3]).toBeCloseTo(2 / 3, 14);
    const turned = randomModel(3, 5, 40);
    const twice = turned.evolve({ factor: 1, variance: 0.2 }).evolve({ factor: 1, variance: 0.5 });
    const once = turned.evolve({ factor: 1, variance: 0.7 });
    once.precision.forEach((v, k) => expect(Math.abs(v - twice.precision[k])).toBeLessThan(1e-13));
    // dX = -X/2 dt + dW for two stretches: factors multiply, variances 1 - factor² combine
    const [a, b] = [Math.exp(-0.15), Math.exp(-0.4)];
    const steps = turned
      .evolve({ factor: a, variance: 1 - a * a })
      .evolve({ factor: b, variance: 1 - b * b });
    const direct = turned.evolve({ factor: a * b, variance: 1 - (a * b) ** 2 });
    direct.precision.forEach((v, k) => expect(Math.abs(v - steps.precision[k])).toBeLessThan(1e-13));
    direct.centres.forEach((v, k) => expect(Math.abs(v - steps.centres[k])).toBeLessThan(1e-14));
  });

  it("is the heat flow of the density, which has mass 1", async () => {
    const model = randomModel(2, 6, 7);
    const axis: Axis = { low: -14, high: 14, points: 141 };
    const at = axisPoints(axis);
    const grid = Float64Array.from({ length: 2 * 141 * 141 }, (_, k) => {
      const i = k >> 1;
      return at[k % 2 === 0 ? Math.floor(i / 141) : i % 141];
    });
    const density = (of: KernelModel) => of.logDensity(grid).then((log) => log.map(Math.exp));
    const start = await density(model);
    // steps of 0.2 against standard deviations of at least 0.4: relative error 2 exp(-2π²·4); tails beyond 14 below 1e-9
    expect(Math.abs(integrateOnGrid(start, [axis, axis]) - 1)).toBeLessThan(1e-8);
    const flowed = heat(start, [axis, axis], 0.3);
    const exact = await density(model.evolve({ factor: 1, variance: 0.3 }));
    exact.forEach((v, k) => expect(Math.abs(v - flowed[k])).toBeLessThan(1e-8));
  });
});

describe("direct sampling", () => {
  const model = randomModel(3, 4, 20);
  const n = 40_000;

  it("has the mixture's mean and covariance within 5 standard errors", () => {
    const x = model.sample(key(1), n);
    const covariance = model.covariance();
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b <= a; b++) {
        let exact = 0;
        for (let i = 0; i < 4; i++) {
          exact += (covariance[9 * i + 3 * a + b] + model.centres[3 * i + a] * model.centres[3 * i + b]) / 4;
        }
        const terms = Float64Array.from({ length: n }, (_, k) => x[3 * k + a] * x[3 * k + b]);
        const spread = Math.sqrt(mean(terms.map((v) => (v - exact) ** 2)) / n);
        expect(Math.abs(mean(terms) - exact)).toBeLessThan(5 * spread);
      }
    }
  });

  it("may take equally many draws a kernel", () => {
    const tight = kernelModel(1, Float64Array.of(0, 10), Float64Array.of(1e4, 1e4));
    const x = tight.sample(key(2), 6, { stratified: true });
    expect([...x.map(Math.round)].map(Math.abs)).toEqual([0, 0, 0, 10, 10, 10]);
  });

  it("agrees with the model: the mean of its implicit loss is minus the mean of |s|², within 5 standard errors", async () => {
    const x = model.sample(key(3), n);
    const [score, loss] = [await model.score(x), await model.implicitLoss(x)];
    const terms = loss.map((v, i) => v + score[3 * i] ** 2 + score[3 * i + 1] ** 2 + score[3 * i + 2] ** 2);
    expect(Math.abs(mean(terms))).toBeLessThan(5 * Math.sqrt(mean(terms.map((v) => v * v)) / n));
  });
});

describe("marginals", () => {
  const gamma = Float64Array.of(4, 1.5, 0, 1.5, 2, -0.8, 0, -0.8, 1);
  const model = kernelModel(3, Float64Array.of(1, 2, 3), gamma);

  it("are sub-blocks of the covariance, not of the precision", () => {
    const covariance = model.marginal([0, 1]).covariance();
    [0.4263, -0.4702, -0.4702, 1.2539].forEach((v, k) =>
      expect(Math.abs(covariance[k] - v)).toBeLessThan(5e-5),
    );
    const block = kernelModel(2, Float64Array.of(1, 2), Float64Array.of(4, 1.5, 1.5, 2)).covariance();
    [0.3478, -0.2609, -0.2609, 0.6957].forEach((v, k) => expect(Math.abs(block[k] - v)).toBeLessThan(5e-5));
  });

  it("may be taken in any order", () => {
    const swapped = model.marginal([2, 0]);
    expect([...swapped.centres]).toEqual([3, 1]);
    const full = model.covariance();
    expect(swapped.covariance()[1]).toBeCloseTo(full[2], 14);
    expect(() => model.marginal([0, 0])).toThrow(/none twice/);
    expect(() => model.marginal([3])).toThrow(/coordinates\[0\]/);
  });
});

describe("why centres and samples must differ", () => {
  // the loss of Γ = g I about 200 points of the swiss roll, on these points and on fresh ones: one draw of the points each
  it.each([
    [1, -1.29, -1.19],
    [25, -39.0, -15.5],
    [100, -235, 98],
    [1e4, -3.97e4, 2.4e6],
  ])("at precision %i the loss on own centres is about %f, on fresh samples %f", async (g, own, fresh) => {
    const toy = swissRoll();
    const test = toy.sample(key(1), 5000);
    const draws = Array.from({ length: 12 }, (_, i) => isotropic(toy.sample(foldIn(key(2), i), 200), g));
    const values = await Promise.all(
      draws.map(async (model) => [
        mean(await model.implicitLoss(model.centres)),
        mean(await model.implicitLoss(test)),
      ]),
    );
    [own, fresh].forEach((expected, which) => {
      const list = Float64Array.from(values, (v) => v[which]);
      const spread = Math.sqrt((mean(list.map((v) => v * v)) - mean(list) ** 2) * (12 / 11));
      // another draw lies within 5 spreads of the mean of 12, and the table is rounded
      expect(Math.abs(mean(list) - expected)).toBeLessThan(5 * spread + 0.005 * Math.abs(expected));
    });
  });
});

describe("a kernel model refuses", () => {
  it.each([
    [
      "a precision of another length",
      () => kernelModel(2, new Float64Array(4), new Float64Array(4)),
      /precision/,
    ],
    [
      "a precision that is not positive",
      () => kernelModel(2, new Float64Array(2), Float64Array.of(1, 2, 2, 1)),
      /precision\[0\]: .*positive definite/,
    ],
    [
      "centres that are not finite",
      () => kernelModel(1, Float64Array.of(NaN), Float64Array.of(1)),
      /centres\[0\]/,
    ],
  ])("%s", (_, make, message) => expect(make).toThrow(message));

  it("points of another dimension and negative variances", async () => {
    const model = randomModel(2, 3, 1);
    await expect(model.score(new Float64Array(3))).rejects.toThrow(/x: expected/);
    expect(() => model.evolve({ factor: 1, variance: -1 })).toThrow(/law\.variance/);
    await expect(model.score(new Float64Array(2), { exclude: Int32Array.of(3) })).rejects.toThrow(
      /exclude\[0\]/,
    );
  });
});
