import { describe, expect, it } from "vitest";
import { gaussLegendre } from "../../src/linalg/gauss-legendre.js";
import { key, normal } from "../../src/random/index.js";
import {
  ornsteinUhlenbeck,
  overdampedLangevin,
  periodicBrownian,
  type Process,
} from "../../src/sde/index.js";
import { doubleWell, polynomial, quadratic } from "../../src/targets/index.js";
import { dkwBound, ksDistance } from "./statistics.js";

const PROCESSES: readonly (readonly [string, Process])[] = [
  ["Ornstein–Uhlenbeck", ornsteinUhlenbeck({ mean: [0.5, -1], variance: [2, 0.3], beta: 1.7 })],
  ["one coordinate", ornsteinUhlenbeck()],
  ["periodic Brownian", periodicBrownian({ halfWidth: [3, 1.5, 2], beta: 0.5 })],
  ["Langevin", overdampedLangevin({ potentials: [doubleWell(), polynomial([0, -1, 1, 0, 0.2])], beta: 1.3 })],
  ["Langevin, shared", overdampedLangevin({ potentials: quadratic({ mean: 1 }), dim: 3 })],
];

describe.each(PROCESSES)("%s", (_, process) => {
  const { dim, beta } = process;
  const n = 20000;
  const points = process.stationarySample(key(1), n);

  it("has noise sqrt(2/beta) and a drift that is 1/beta times the stationary score", () => {
    expect(process.diffusion).toBe(Math.sqrt(2 / beta));
    const x = points.slice(0, 10 * dim);
    const drift = process.drift(x);
    const step = 1e-5;
    for (let i = 0; i < dim; i++) {
      const moved = (by: number): Float64Array =>
        process.logStationary(x.map((value, at) => (at % dim === i ? value + by : value)));
      const [plus, minus] = [moved(step), moved(-step)];
      for (let s = 0; s < 10; s++) {
        const slope = (plus[s] - minus[s]) / (2 * step) / beta;
        // truncation (third derivative below 100) · step²/6, rounding 1e-15/step
        expect(Math.abs(drift[s * dim + i] - slope)).toBeLessThan(17 * step ** 2 + 1e-15 / step + 1e-9);
      }
    }
  });

  it("writes its drift where it is told to", () => {
    const x = points.slice(0, 50 * dim);
    const out = new Float64Array(x.length).fill(NaN);
    expect(process.drift(x, out)).toBe(out);
    expect(out).toEqual(process.drift(x));
  });

  it("draws points of its stationary law: E log ρ is minus the entropy that a grid gives", () => {
    const values = process.logStationary(points);
    const [mean, error] = meanAndError(values);
    expect(Math.abs(mean - negativeEntropy(process))).toBeLessThan(6 * error + 1e-9);
  });

  it("keeps its stationary law", async () => {
    const later = await process.simulate(key(2), points, 0.3, { stepSize: 0.005 });
    const before = process.logStationary(points);
    const after = process.logStationary(later);
    const [m0, e0] = meanAndError(before);
    const [m1, e1] = meanAndError(after);
    // Euler–Maruyama biases expectations by about stepSize/2 · V''; the exact transitions by nothing
    const bias = process.transition === undefined ? 0.02 : 0;
    expect(Math.abs(m0 - m1)).toBeLessThan(6 * Math.hypot(e0, e1) + bias + 1e-9);
  });

  it("refuses bad points and counts", () => {
    expect(() => process.logStationary(new Float64Array(0))).toThrow(/^x: expected/);
    expect(() => process.logStationary(new Float64Array(dim).fill(NaN))).toThrow(/x\[0\]/);
    expect(() => process.stationarySample(key(1), 0)).toThrow(/^n: expected/);
  });
});

function meanAndError(values: Float64Array): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance / values.length)];
}

/** ∫ ρ log ρ coordinate by coordinate, from logStationary on lines through the first stationary point. */
function negativeEntropy(process: Process): number {
  const { dim } = process;
  const origin = process.stationarySample(key(9), 1);
  let sum = 0;
  for (let i = 0; i < dim; i++) {
    const { nodes, weights } = gaussLegendre(400, -14, 14);
    const line = new Float64Array(nodes.length * dim);
    nodes.forEach((x, q) => line.set(origin.with(i, x), q * dim));
    if (process.project !== undefined) {
      sum += process.logStationary(origin)[0] / dim;
      continue;
    }
    const logs = process.logStationary(line);
    const shift = Math.max(...logs);
    const mass = logs.reduce((total, value, q) => total + weights[q] * Math.exp(value - shift), 0);
    sum += logs.reduce(
      (total, value, q) =>
        total + ((weights[q] * Math.exp(value - shift)) / mass) * (value - shift - Math.log(mass)),
      0,
    );
  }
  return sum;
}

describe("ornsteinUhlenbeck", () => {
  const process = ornsteinUhlenbeck({ mean: 1, variance: 0.5, beta: 2 });

  it("has the closed transition", () => {
    const { factor, std } = process.transition(0.3);
    expect(factor[0]).toBeCloseTo(Math.exp(-0.6), 14);
    expect(std[0] ** 2).toBeCloseTo(0.25 * (1 - Math.exp(-1.2)), 14);
    expect(process.transition(0).std[0]).toBe(0);
    expect(process.transition(1e-12).std[0]).toBeCloseTo(1e-6, 12);
  });

  it("composes: s then t is s + t", () => {
    const [a, b, c] = [0.2, 0.5, 0.7].map((t) => process.transition(t));
    expect(a.factor[0] * b.factor[0]).toBeCloseTo(c.factor[0], 14);
    expect(b.factor[0] ** 2 * a.std[0] ** 2 + b.std[0] ** 2).toBeCloseTo(c.std[0] ** 2, 14);
  });

  it("is reversible: ρ(x) p(y | x) = ρ(y) p(x | y)", () => {
    const [x, y] = [normal(key(1), 30), normal(key(2), 30)];
    const transition = process.transition(0.4);
    const forward = transition.logDensity(x, y);
    const back = transition.logDensity(y, x);
    const [px, py] = [process.logStationary(x), process.logStationary(y)];
    for (let i = 0; i < 30; i++) expect(px[i] + forward[i]).toBeCloseTo(py[i] + back[i], 11);
  });

  it("draws from its transition", () => {
    const n = 20000;
    const transition = process.transition(0.3);
    const { factor, std } = transition;
    const draws = transition.sample(key(4), new Float64Array(n).fill(3));
    const z = draws.map((value) => (value - 1 - factor[0] * 2) / std[0]);
    const square = z.reduce((sum, value) => sum + value * value, 0) / n;
    const mean = z.reduce((sum, value) => sum + value, 0) / n;
    // six standard errors: 2e-9 each
    expect(Math.abs(mean)).toBeLessThan(6 / Math.sqrt(n));
    expect(Math.abs(square - 1)).toBeLessThan(6 * Math.sqrt(2 / n));
  });

  it.each([
    [() => ornsteinUhlenbeck({ variance: 0 }), /^variance: expected a positive/],
    [() => ornsteinUhlenbeck({ variance: [1, -1] }), /^variance\[1\]/],
    [
      () => ornsteinUhlenbeck({ mean: [1, 2], variance: [1, 2, 3] }),
      /^variance: expected one number for each of 2/,
    ],
    [() => ornsteinUhlenbeck({ dim: 3, mean: [1, 2] }), /^mean/],
    [() => ornsteinUhlenbeck({ mean: [] }), /^mean/],
    [() => ornsteinUhlenbeck({ beta: -1 }), /^beta/],
    [() => ornsteinUhlenbeck({ varianc: 1 } as never), /did you mean "variance"/],
    [() => ornsteinUhlenbeck().transition(-1), /^t: expected/],
    [
      () => ornsteinUhlenbeck().transition(0).logDensity(Float64Array.of(0), Float64Array.of(0)),
      /^t: expected a positive/,
    ],
  ])("refuses %#", (make, message) => {
    expect(make).toThrow(message);
  });
});

describe("periodicBrownian", () => {
  const process = periodicBrownian({ halfWidth: 2, beta: 0.5 });

  it("wraps onto [-Lb, Lb)", () => {
    const x = Float64Array.of(2, -2, 5, -2.5, 17.25, 0.3);
    process.project(x);
    expect([...x]).toEqual([-2, -2, 1, 1.5, 1.25, 0.3]);
  });

  // standard deviations 0.28, 1.99999 and 2.00001 (images and Fourier series meet at 2), 6
  it.each([0.02, 0.99999, 1.00001, 9])(
    "has a transition density of mass 1 that decays in each mode, t = %d",
    (t) => {
      const count = 400;
      const y = Float64Array.from({ length: count }, (_, q) => -2 + (4 * q) / count);
      const density = process.transition(t).logDensity(new Float64Array(count).fill(0.7), y).map(Math.exp);
      // the trapezoidal rule on a circle integrates modes below 400 exactly; narrower than the grid nothing is
      for (const j of [0, 1, 2]) {
        const mode =
          density.reduce((sum, p, q) => sum + p * Math.cos((Math.PI * j * (y[q] - 0.7)) / 2), 0) *
          (4 / count);
        expect(mode).toBeCloseTo(Math.exp((-(((Math.PI * j) / 2) ** 2) * t) / 0.5), 12);
      }
    },
  );

  it("draws from its wrapped transition", () => {
    const n = 20000;
    const transition = process.transition(0.4);
    const draws = transition.sample(key(3), new Float64Array(n).fill(1.8));
    const cdf = (x: number): number => {
      const { nodes, weights } = gaussLegendre(60, -2, Math.max(x, -2 + 1e-12));
      const logs = transition.logDensity(new Float64Array(60).fill(1.8), nodes);
      return logs.reduce((sum, log, q) => sum + weights[q] * Math.exp(log), 0);
    };
    expect(ksDistance(draws.slice(0, 2000), cdf)).toBeLessThan(dkwBound(2000, 1e-6));
    expect(Math.max(...draws)).toBeLessThan(2);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(-2);
  });

  it("refuses bad options", () => {
    expect(() => periodicBrownian({ halfWidth: 0 })).toThrow(/^halfWidth/);
    expect(() => periodicBrownian({ halfWidth: 1, beta: NaN })).toThrow(/^beta/);
  });
});

describe("overdampedLangevin", () => {
  it("forgets its start", async () => {
    const process = overdampedLangevin({ potentials: quadratic({ variance: 0.5 }), beta: 2 });
    const n = 20000;
    const end = await process.simulate(key(5), new Float64Array(n).fill(4), 5, { stepSize: 0.01 });
    // Euler–Maruyama at step h has variance (s²/β) / (1 - h/(2 s²)): 0.25 / 0.99; e^{-10} of the start is left
    const square = end.reduce((sum, x) => sum + x * x, 0) / n;
    expect(Math.abs(square / (0.25 / 0.99) - 1)).toBeLessThan(6 * Math.sqrt(2 / n));
  });

  it("stays where it is at time 0, in an array of its own", async () => {
    const process = overdampedLangevin({ potentials: doubleWell() });
    const x = Float64Array.of(0.3, 1);
    const end = await process.simulate(key(1), x, 0);
    expect(end).toEqual(x);
    expect(end).not.toBe(x);
  });

  it("refuses bad options", async () => {
    expect(() => overdampedLangevin({ potentials: [] })).toThrow(/^potentials/);
    expect(() => overdampedLangevin({ potentials: polynomial([0, 1]) })).toThrow(/confines/);
    const process = overdampedLangevin({ potentials: doubleWell() });
    expect(() => process.simulate(key(1), Float64Array.of(1), 1, { stepSize: 0 })).toThrow(/^stepSize/);
    await expect(process.simulate(key(1), Float64Array.of(1), 0.1)).resolves.toHaveLength(1);
  });
});
