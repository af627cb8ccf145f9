import { describe, expect, it } from "vitest";
import { key, normal } from "../../../../src/random/index.js";
import { dds, dis, disX, optimalControl, pis } from "../../../../src/samplers/path/index.js";
import {
  custom,
  doubleWell,
  funnel,
  gaussianMixture,
  gibbs,
  manyWell,
  nineModes,
} from "../../../../src/targets/index.js";

/** exp(-½ ∫ β) over what is left at t = k/N. */
function factor(k: number, numSteps: number): number {
  const left = 1 - k / numSteps;
  return Math.exp(-(0.1 * left + 4.95 * left * left) / 2);
}

function largest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** ∫ y w dy / ∫ w dy on a fine grid. */
function meanOf(logWeight: (y: number) => number, low: number, high: number): number {
  const count = 5000;
  const step = (high - low) / count;
  const logs = Float64Array.from({ length: count + 1 }, (_, j) => logWeight(low + j * step));
  const top = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  let [mass, first] = [0, 0];
  for (let j = 0; j <= count; j++) {
    const weight = Math.exp(logs[j] - top);
    mass += weight;
    first += weight * (low + j * step);
  }
  return first / mass;
}

const N = 40;

describe("optimal controls", () => {
  it("of PIS and DIS for a Gaussian are the closed formulas", () => {
    const [m, s2] = [1.2, 0.4];
    const target = gaussianMixture({ means: [[m, m]], variances: s2 });
    const x = normal(key(1), 40);
    for (const k of [0, 1, 20, N - 1]) {
      const v = 1 - k / N;
      const a = 1 / s2 - 1;
      const expected = x.map((value) => (m / s2 - a * value) / (1 + a * v));
      expect(largest(optimalControl(target, pis({ dim: 2, numSteps: N }))(k, x), expected)).toBeLessThan(
        1e-11,
      );
      const al = factor(k, N);
      const reversed = x.map((value) => -(value - al * m) / (al * al * s2 + 1 - al * al));
      const found = optimalControl(target, dis({ dim: 2, numSteps: N }))(k, x);
      // differences of numbers of size 1/(1 - al²), below 400 here
      expect(largest(found, reversed)).toBeLessThan(1e-11);
      expect(optimalControl(target, disX({ dim: 2, numSteps: N }))(k, x)).toEqual(found);
    }
  });

  it("of DIS for a mixture is the score of the noised mixture", () => {
    const nine = nineModes();
    const control = optimalControl(nine, dis({ dim: 2, numSteps: N }));
    const x = normal(key(2), 200).map((z) => 3 * z);
    for (const k of [0, 7, 25, N - 1]) {
      const al = factor(k, N);
      const means = Array.from({ length: 9 }, (_, c) => [al * nine.means[2 * c], al * nine.means[2 * c + 1]]);
      const noised = gaussianMixture({ means, variances: al * al * 0.3 + 1 - al * al });
      expect(largest(control(k, x), noised.score(x))).toBeLessThan(1e-9);
    }
  });

  it("of PIS for a mixture is the formula with weights of the bridges", () => {
    const nine = nineModes();
    const control = optimalControl(nine, pis({ dim: 2, numSteps: N }));
    const x = normal(key(3), 100).map((z) => 2 * z);
    for (const k of [0, 9, N - 1]) {
      const v = 1 - k / N;
      const a = 1 / 0.3 - 1;
      const expected = new Float64Array(x.length);
      for (let row = 0; row < x.length; row += 2) {
        const logs = Array.from({ length: 9 }, (_, c) => {
          const [m0, m1] = [nine.means[2 * c], nine.means[2 * c + 1]];
          const dot = (m0 * x[row] + m1 * x[row + 1]) / 0.3;
          const square = (m0 ** 2 + m1 ** 2) / 0.09;
          const radius = x[row] ** 2 + x[row + 1] ** 2;
          return ((-a * radius) / 2 + dot + (v * square) / 2) / (1 + a * v) - (m0 ** 2 + m1 ** 2) / 0.6;
        });
        const top = Math.max(...logs);
        const weights = logs.map((log) => Math.exp(log - top));
        const sum = weights.reduce((total, weight) => total + weight, 0);
        for (const j of [0, 1]) {
          const pull =
            weights.reduce((total, weight, c) => total + (weight * nine.means[2 * c + j]) / 0.3, 0) / sum;
          expected[row + j] = (pull - a * x[row + j]) / (1 + a * v);
        }
      }
      expect(largest(control(k, x), expected)).toBeLessThan(1e-10);
    }
  });

  it.each([
    ["pis", pis({ dim: 1, numSteps: N }), 0],
    ["dis", dis({ dim: 1, numSteps: N }), 0],
    ["dds", dds({ dim: 1, numSteps: 64 }), 1],
  ] as const)("of %s for wells agree with quadrature on a fine grid", (method, scheme, excess) => {
    const wells = [manyWell({ dim: 1 }), gibbs({ potentials: doubleWell({ barrier: 3 }) })];
    for (const target of wells) {
      const control = optimalControl(target, scheme);
      for (const share of [0, 0.3, 0.7, 0.9, 0.99]) {
        const k = Math.floor(share * scheme.numSteps);
        const signal = scheme.times.signal[k];
        const places = Float64Array.from(
          [-2.3, -0.4, 0.005, 0.013, 1.1, 2.1],
          (y) => y * Math.sqrt(Math.max(signal, 0.1)),
        );
        const expected = places.map((x) => {
          const log = (y: number): number => target.logDensity(Float64Array.of(y))[0];
          if (method === "pis") {
            const v = 1 - signal;
            return (meanOf((y) => log(y) + (y * y) / 2 - (x - y) ** 2 / (2 * v), -5, 5) - x) / v;
          }
          const al = Math.sqrt(signal);
          const mean = meanOf((y) => log(y) - (x - al * y) ** 2 / (2 * (1 - signal)), -5, 5);
          return (al * mean - x) / (1 - signal) + excess * x;
        });
        const size = 1 + scheme.times.signal[k] / (1 - scheme.times.signal[k]);
        // cubic Hermite at distance 0.01: (0.01 / width)^4 / 384 of the jump between the wells, width 0.03 at the sharpest
        expect(largest(control(k, places), expected)).toBeLessThan(1e-4 * size);
      }
    }
  });

  it("of Gaussian coordinates beside wells leave them alone", () => {
    const target = manyWell({ dim: 4, wells: 1, delta: 2 });
    const x = normal(key(4), 80);
    const found = optimalControl(target, dis({ dim: 4, numSteps: N }))(17, x);
    const free = optimalControl(target, pis({ dim: 4, numSteps: N }))(17, x);
    for (let i = 0; i < x.length; i++) {
      if (i % 4 === 0) continue;
      expect(Math.abs(found[i] + x[i])).toBeLessThan(1e-12);
      expect(Math.abs(free[i])).toBeLessThan(1e-12);
    }
  });

  it("of a funnel agree with quadrature in the plane", () => {
    const target = funnel({ dim: 2 });
    const scheme = disX({ dim: 2, numSteps: N });
    const control = optimalControl(target, scheme);
    for (const k of [0, 12, 30]) {
      const al = factor(k, N);
      const noise = 1 - al * al;
      for (const [x1, x2] of [
        [0.3, -0.2],
        [1.4, 2.5],
        [-1.2, 0.4],
      ]) {
        // y_2 = exp(y_1/2) z; halving these steps moves the sums by 3e-8
        let [mass, first, second] = [0, 0, 0];
        for (let y1 = -24; y1 <= 24; y1 += 0.1) {
          for (let z = -9; z <= 9; z += 0.025) {
            const y2 = Math.exp(y1 / 2) * z;
            const miss = (x1 - al * y1) ** 2 + (x2 - al * y2) ** 2;
            const weight = Math.exp(-(y1 * y1) / 18 - (z * z) / 2 - miss / (2 * noise));
            mass += weight;
            first += weight * y1;
            second += weight * y2;
          }
        }
        const expected = [(al * first) / mass - x1, (al * second) / mass - x2].map((value) => value / noise);
        const found = control(k, Float64Array.of(x1, x2));
        expect(Math.abs(found[0] - expected[0])).toBeLessThan(1e-6);
        expect(Math.abs(found[1] - expected[1])).toBeLessThan(1e-6);
      }
    }
  });

  it("are refused for a density that is only typed", () => {
    const target = custom({ dim: 1, logDensity: (x) => x.square().sum(1).neg() });
    expect(() => optimalControl(target, pis({ dim: 1, numSteps: 4 }))).toThrow(
      /^target: expected a Gaussian mixture/,
    );
  });
});
