import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import {
  axisPoints,
  heat,
  integrateOnGrid,
  proximalOfGaussian,
  proximalOfParticles,
  proximalOnGrid,
  type Axis,
} from "../../src/transport/index.js";

const gauss = (x: number, mean: number, variance: number): number =>
  Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
const doubleWell = (x: number): number => (x * x - 1) ** 2 / 2;

function moments(density: Float64Array, axis: Axis): [mass: number, mean: number, variance: number] {
  const x = axisPoints(axis);
  const moment = (f: (x: number) => number): number =>
    integrateOnGrid(
      density.map((rho, i) => rho * f(x[i])),
      [axis],
    );
  const mean = moment((v) => v);
  return [moment(() => 1), mean, moment((v) => (v - mean) ** 2)];
}

describe("the proximal operator on a grid", () => {
  const axis: Axis = { low: -7, high: 9, points: 401 };
  const x = axisPoints(axis);

  it("takes a Gaussian under a quadratic potential to the Gaussian of the closed form", () => {
    const [beta, horizon] = [1.7, 0.3];
    const flow = proximalOnGrid(
      x.map((v) => v * v),
      x.map((v) => gauss(v, 1, 0.64)),
      { axes: [axis], horizon, beta },
    );
    const [mass, mean, variance] = moments(flow.density, axis);
    expect(Math.abs(mass - 1)).toBeLessThan(1e-12);
    expect(Math.abs(mean - 0.625)).toBeLessThan(1e-10);
    expect(Math.abs(variance - 0.4705882352941176)).toBeLessThan(1e-10);
    const closed = proximalOfGaussian(
      { mean: Float64Array.of(1), covariance: Float64Array.of(0.64) },
      { quadratic: Float64Array.of(2), horizon, beta },
    );
    expect(Math.abs(closed.mean[0] - 0.625)).toBeLessThan(1e-15);
    expect(Math.abs(closed.covariance[0] - 0.4705882352941176)).toBeLessThan(1e-15);
    // Z(y) = (4πT/β)^{1/2} J^{1/2} exp(-(β/4) A J y²), where the box holds the kernel's mass
    const j = 1 / (1 + horizon * 2);
    flow.normaliser.forEach((z, i) => {
      const exact = Math.sqrt(((4 * Math.PI * horizon) / beta) * j) * Math.exp((-beta / 2) * j * x[i] ** 2);
      if (Math.abs(x[i]) < 4) expect(Math.abs(z / exact - 1)).toBeLessThan(1e-10);
    });
  });

  it("keeps the mass and works axis by axis in the plane", () => {
    const axes = [
      { low: -9, high: 9, points: 91 },
      { low: -8, high: 8, points: 81 },
    ];
    const [u, v] = axes.map(axisPoints);
    const field = (f: (a: number, b: number) => number): Float64Array =>
      Float64Array.from({ length: 91 * 81 }, (_, k) => f(u[Math.floor(k / 81)], v[k % 81]));
    const { density } = proximalOnGrid(
      field((a, b) => 0.5 * (a * a + 0.8 * a * b + b * b)),
      field((a, b) => gauss(a, 0.5, 0.8) * gauss(b, -0.3, 0.5)),
      { axes, horizon: 0.4, beta: 1.2 },
    );
    const closed = proximalOfGaussian(
      { mean: Float64Array.of(0.5, -0.3), covariance: Float64Array.of(0.8, 0, 0, 0.5) },
      { quadratic: Float64Array.of(1, 0.4, 0.4, 1), horizon: 0.4, beta: 1.2 },
    );
    const moment = (f: (a: number, b: number) => number): number => {
      const weight = field(f);
      return integrateOnGrid(
        density.map((rho, k) => rho * weight[k]),
        axes,
      );
    };
    const [ma, mb] = [moment((a) => a), moment((_, b) => b)];
    const ours = [
      moment(() => 1),
      ma,
      mb,
      moment((a, b) => (a - ma) * (b - mb)),
      moment((a) => (a - ma) ** 2),
    ];
    const exact = [1, closed.mean[0], closed.mean[1], closed.covariance[1], closed.covariance[0]];
    ours.forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThan(1e-9));
  });

  it("solves the Hamilton-Jacobi-Bellman and the Fokker-Planck equation", () => {
    const [beta, horizon, t] = [1.3, 0.4, 0.17];
    const fine: Axis = { low: -4, high: 4, points: 2401 };
    const points = axisPoints(fine);
    const flow = proximalOnGrid(
      points.map(doubleWell),
      points.map((v) => gauss(v, 0.2, 0.5)),
      { axes: [fine], horizon, beta },
    );
    const h = 8 / 2400;
    const dt = 1e-4;
    const slope = (f: Float64Array, i: number): number => (f[i + 1] - f[i - 1]) / (2 * h);
    const bend = (f: Float64Array, i: number): number => (f[i + 1] - 2 * f[i] + f[i - 1]) / (h * h);
    const u = flow.valueAt(t);
    const rho = flow.densityAt(t);
    const before = flow.valueAt(t - dt);
    const ut = flow.valueAt(t + dt).map((v, i) => (v - before[i]) / (2 * dt));
    const later = flow.densityAt(t + dt);
    const earlier = flow.densityAt(t - dt);
    const flux = rho.map((v, i) => (i === 0 || i === 2400 ? 0 : v * slope(u, i)));
    let [hjb, hjbScale, fp, fpScale] = [0, 0, 0, 0];
    for (let i = 600; i <= 1800; i += 5) {
      const terms = [-ut[i], 0.5 * slope(u, i) ** 2, -bend(u, i) / beta];
      hjb = Math.max(hjb, Math.abs(terms[0] + terms[1] + terms[2]));
      hjbScale = Math.max(hjbScale, ...terms.map(Math.abs));
      const parts = [(later[i] - earlier[i]) / (2 * dt), -slope(flux, i), -bend(rho, i) / beta];
      fp = Math.max(fp, Math.abs(parts[0] + parts[1] + parts[2]));
      fpScale = Math.max(fpScale, ...parts.map(Math.abs));
    }
    // central differences err by h²/6 = 2e-6 and dt²/6 of third derivatives of size up to 40
    expect(hjb / hjbScale).toBeLessThan(1e-4);
    expect(fp / fpScale).toBeLessThan(1e-4);
  });

  it("has the entropic dual value, and every other plan costs (2/β) KL more", () => {
    const [beta, horizon] = [1.5, 0.3];
    const box: Axis = { low: -6, high: 6, points: 1201 };
    const points = axisPoints(box);
    const initial = points.map((v) => gauss(v, 0.5, 0.36));
    const v = points.map(doubleWell);
    const flow = proximalOnGrid(v, initial, { axes: [box], horizon, beta });
    const start = flow.valueAt(0);
    const dual = integrateOnGrid(
      initial.map((rho, i) => rho * start[i]),
      [box],
    );
    expect(Math.abs(dual - 0.4258386507)).toBeLessThan(1e-9);

    // for one start y: E V + (2/β) KL(P | N(y, 2T/β)) of the kernel, and of another plan
    const index = 640;
    const cost = (plan: Float64Array): number => {
      const terms = plan.map((p, i) =>
        p === 0
          ? 0
          : p * (v[i] + (2 / beta) * Math.log(p / gauss(points[i], points[index], (2 * horizon) / beta))),
      );
      return integrateOnGrid(terms, [box]);
    };
    const kernel = flow.conditional(index);
    expect(Math.abs(integrateOnGrid(kernel, [box]) - 1)).toBeLessThan(1e-12);
    expect(Math.abs(cost(kernel) - start[index])).toBeLessThan(1e-9);
    const other = points.map((value) => gauss(value, 0.6, 0.2));
    const divergence = integrateOnGrid(
      other.map((p, i) => (p < 1e-300 ? 0 : p * Math.log(p / kernel[i]))),
      [box],
    );
    expect(Math.abs(cost(other) - cost(kernel) - (2 / beta) * divergence)).toBeLessThan(1e-9);
  });

  it("gives a law back when it starts from its noised copy and pays -2γ log of the law", () => {
    const [horizon, beta] = [0.7, 2]; // σ² = 2γ = 1
    const box: Axis = { low: -9, high: 9, points: 721 };
    const points = axisPoints(box);
    const law = points.map((v) => 0.3 * gauss(v, -1, 0.1) + 0.7 * gauss(v, 1, 0.2));
    const noised = heat(law, [box], horizon);
    const cost = law.map((p) => (-2 / beta) * Math.log(Math.max(p, 1e-300)));
    const { density } = proximalOnGrid(cost, noised, { axes: [box], horizon, beta });
    density.forEach((p, i) => expect(Math.abs(p - law[i])).toBeLessThan(1e-6));
  });

  it("heat flows add up", () => {
    const field = x.map((v) => gauss(v, 0.5, 0.3));
    const twice = heat(heat(field, [axis], 0.4), [axis], 0.6);
    const once = heat(field, [axis], 1);
    once.forEach((value, i) => expect(Math.abs(value - twice[i])).toBeLessThan(1e-12));
    once.forEach((value, i) => expect(Math.abs(value - gauss(x[i], 0.5, 1.3))).toBeLessThan(1e-12));
    expect(heat(field, [axis], 0)).toEqual(field);
  });

  it("is an explicit step of the Fokker-Planck equation up to T²: the variance errs by a² S T²", () => {
    const [a, s] = [1, 4];
    const error = (t: number): number => {
      const closed = proximalOfGaussian(
        { mean: Float64Array.of(0), covariance: Float64Array.of(s) },
        { quadratic: Float64Array.of(a), horizon: t, beta: 1 },
      );
      return (closed.covariance[0] - (s * Math.exp(-2 * a * t) + (1 - Math.exp(-2 * a * t)) / a)) / t ** 2;
    };
    // the next term of the expansion is of size T, here below 40 T
    expect(Math.abs(error(1e-3) - a * a * s)).toBeLessThan(0.04);
    expect(Math.abs(error(1e-4) - a * a * s)).toBeLessThan(0.004);
  });

  it("refuses a grid that does not resolve the kernel, and fields of another length", () => {
    const coarse: Axis = { low: -6, high: 6, points: 13 };
    const field = axisPoints(coarse).map(doubleWell);
    expect(() => proximalOnGrid(field, field, { axes: [coarse], horizon: 0.01 })).toThrow(
      /axes\[0\]\.points: expected at least 86 for a variance of 0\.02, got 13/,
    );
    expect(() => proximalOnGrid(field, field.slice(1), { axes: [coarse], horizon: 2 })).toThrow(/initial/);
    expect(() => proximalOnGrid(field, field, { axes: [coarse], horizon: -1 })).toThrow(/horizon/);
  });
});

describe("the proximal operator of particles", () => {
  const potential = {
    value: (x: Float64Array) =>
      Float64Array.from({ length: x.length / 2 }, (_, i) => x[2 * i] ** 4 + x[2 * i + 1] ** 2),
    gradient: (x: Float64Array) => x.map((v, k) => (k % 2 === 0 ? 4 * v ** 3 : 2 * v)),
  };
  const particles = normal(key(1), 40);
  const logNormaliser = normal(key(2), 20);
  const options = { dim: 2, potential, logNormaliser, horizon: 0.2, beta: 1.4 };
  const x = normal(key(3), 10);

  it("is the mean of the kernel over the particles", async () => {
    const { logDensity } = await proximalOfParticles(x, particles, options);
    logDensity.forEach((log, i) => {
      let sum = 0;
      for (let j = 0; j < 20; j++) {
        const square = (x[2 * i] - particles[2 * j]) ** 2 + (x[2 * i + 1] - particles[2 * j + 1]) ** 2;
        const v = x[2 * i] ** 4 + x[2 * i + 1] ** 2;
        sum += Math.exp(-0.7 * (v + square / 0.4) - logNormaliser[j]) / 20;
      }
      expect(Math.abs(log - Math.log(sum))).toBeLessThan(1e-12);
    });
  });

  it("has the score that its log density's differences give", async () => {
    const { score } = await proximalOfParticles(x, particles, options);
    const h = 1e-5;
    for (const c of [0, 1]) {
      const at = (by: number) =>
        proximalOfParticles(
          x.map((v, k) => (k % 2 === c ? v + by : v)),
          particles,
          options,
        );
      const [up, down] = [await at(h), await at(-h)];
      for (let i = 0; i < 5; i++) {
        const difference = (up.logDensity[i] - down.logDensity[i]) / (2 * h);
        expect(Math.abs(difference - score[2 * i + c])).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(difference)),
        );
      }
    }
  });
});
