import { describe, expect, it } from "vitest";
import { curvePoints, project } from "../../src/data/curve.js";
import type { CurveTarget } from "../../src/data/curve-target.js";
import { moons } from "../../src/data/moons.js";
import { swissRoll } from "../../src/data/swiss-roll.js";
import { twoSpirals } from "../../src/data/two-spirals.js";
import { gaussLegendre } from "../../src/linalg/index.js";
import { key } from "../../src/random/index.js";

const toys: Record<string, CurveTarget> = {
  "swiss roll": swissRoll(),
  "swiss roll in 3-D": swissRoll({ dim: 3 }),
  "swiss roll in 6-D": swissRoll({ dim: 6 }),
  moons: moons(),
  "two spirals": twoSpirals(),
};
const names = Object.keys(toys);

/**
 * Mass, entropy, E (log p)² and Fisher information over a square by the trapezoidal rule; with steps of 0.75 of the noise its
 * relative error is about 2 exp(-2π² / 0.75²) = 1e-15.
 */
function integrals(toy: CurveTarget, half: number): [number, number, number, number] {
  const step = 0.75 * toy.noise;
  const side = 2 * Math.ceil(half / step) + 1;
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (let row = 0; row < side; row++) {
    const x = new Float64Array(2 * side);
    for (let k = 0; k < side; k++) x.set([(k - (side - 1) / 2) * step, (row - (side - 1) / 2) * step], 2 * k);
    const s = toy.score(x);
    toy.logDensity(x).forEach((log, k) => {
      const mass = Math.exp(log) * step * step;
      [1, -log, log * log, s[2 * k] ** 2 + s[2 * k + 1] ** 2].forEach((v, i) => (sums[i] += mass * v));
    });
  }
  return sums;
}

// entropy and Fisher information as estimated elsewhere, from 500 test points and with the given standard error
const plane: [string, number, number, number, number][] = [
  ["swiss roll", 4, 2.648, 24.4, 0.5],
  ["two spirals", 4, 2.61, 77, 5],
  ["moons", 3.3, 0.037, 2479, 58],
];

describe.each(plane)("the density of the %s", (name, half, entropy, fisher, error) => {
  const [mass, ours, square, information] = integrals(toys[name], half);

  it("has mass 1", () => expect(Math.abs(mass - 1)).toBeLessThan(1e-8));

  it("has the entropy and Fisher information that were estimated elsewhere, within 3 standard errors", () => {
    const standardError = Math.sqrt((square - ours * ours) / 500);
    expect(Math.abs(ours - entropy)).toBeLessThan(3 * standardError);
    expect(Math.abs(information - fisher)).toBeLessThan(3 * error);
  });

  it("has an entropy and a Fisher information that its samples confirm within 4 standard errors", () => {
    const n = 4000;
    const x = toys[name].sample(key(8), n);
    const score = toys[name].score(x);
    const squares = Float64Array.from({ length: n }, (_, i) => score[2 * i] ** 2 + score[2 * i + 1] ** 2);
    for (const [terms, exact] of [
      [toys[name].logDensity(x).map((log) => -log), ours],
      [squares, information],
    ] as const) {
      const mean = terms.reduce((sum, v) => sum + v, 0) / n;
      const variance = terms.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
      expect(Math.abs(mean - exact)).toBeLessThan(4 * Math.sqrt(variance / n));
    }
  });
});

describe.each(names)("%s", (name) => {
  const toy = toys[name];
  const { dim } = toy;
  const n = 5000;
  const x = toy.sample(key(3), n);

  it("samples n·dim numbers, the same for the same key", () => {
    expect(x).toHaveLength(n * dim);
    expect(toy.sample(key(3), n)).toEqual(x);
    expect(toy.sample(key(4), n)).not.toEqual(x);
    expect(() => toy.sample(key(3), 0)).toThrow(/n: expected a whole number/);
  });

  it("has a score that is the gradient of its log density", () => {
    const points = x.slice(0, 20 * dim);
    const score = toy.score(points);
    const h = 1e-5;
    for (let c = 0; c < dim; c++) {
      const shifted = (by: number): Float64Array =>
        toy.logDensity(points.map((value, at) => (at % dim === c ? value + by : value)));
      const [up, down] = [shifted(h), shifted(-h)];
      for (let i = 0; i < 20; i++) {
        // truncation h²/6 of the third derivative, up to a few noise⁻³; rounding eps |log p| / h
        const difference = (up[i] - down[i]) / (2 * h);
        expect(Math.abs(difference - score[i * dim + c])).toBeLessThan((h * h * 10) / toy.noise ** 3 + 1e-8);
      }
    }
  });

  it("is the law of its samples: Stein's identity E[x s(x)'] = -I within 5 standard errors", () => {
    const score = toy.score(x);
    for (let a = 0; a < dim; a++) {
      for (let b = 0; b < dim; b++) {
        let [sum, squares] = [0, 0];
        for (let i = 0; i < n; i++) {
          const term = x[i * dim + a] * score[i * dim + b] + (a === b ? 1 : 0);
          sum += term;
          squares += term * term;
        }
        expect(Math.abs(sum / n)).toBeLessThan((5 * Math.sqrt(squares / n)) / Math.sqrt(n));
      }
    }
  });

  it("stays finite far away", () => {
    const far = new Float64Array(dim).fill(1e3);
    expect(Number.isFinite(toy.logDensity(far)[0])).toBe(true);
    expect([...toy.score(far)].every(Number.isFinite)).toBe(true);
    expect(() => toy.score(new Float64Array(dim + 1))).toThrow(/multiple of dim/);
  });
});

describe("the swiss roll", () => {
  it("has the mean and covariance of the formula", () => {
    const { arcs } = swissRoll().curve;
    const { nodes, weights } = gaussLegendre(200, arcs[0].low, arcs[0].high);
    const moment = (f: (c: Float64Array) => number): number => {
      const c = new Float64Array(2);
      let sum = 0;
      nodes.forEach((t, q) => {
        arcs[0].point(t, c);
        sum += weights[q] * arcs[0].density(t) * f(c);
      });
      return sum;
    };
    const [mx, my] = [moment((c) => c[0]), moment((c) => c[1])];
    const got = [
      mx,
      my,
      moment((c) => c[0] * c[0]) - mx * mx + 0.04,
      moment((c) => c[0] * c[1]) - mx * my,
      moment((c) => c[1] * c[1]) - my * my + 0.04,
    ];
    // numpy, means over 10^6 midpoints of t
    const exact = [0.4, 0.04244132, 1.79457286, 0.17151903, 1.97277159];
    exact.forEach((v, i) => expect(Math.abs(got[i] - v)).toBeLessThan(1e-8));
  });

  it("adds 1401 to the Fisher information in six dimensions, within 5 standard errors", () => {
    // sections: 100 (4 + 2 + 5) from the lifted coordinates' pull on the plane, 300 their own, 1 from the last
    const n = 10_000;
    const x = toys["swiss roll in 6-D"].sample(key(5), n);
    const six = toys["swiss roll in 6-D"].score(x);
    const two = swissRoll().score(
      Float64Array.from({ length: 2 * n }, (_, at) => x[6 * (at >> 1) + (at & 1)]),
    );
    const terms = Float64Array.from({ length: n }, (_, i) => {
      const square = (s: Float64Array, d: number): number =>
        s.subarray(i * d, (i + 1) * d).reduce((sum, value) => sum + value * value, 0);
      return square(six, 6) - square(two, 2) - 1401;
    });
    const mean = terms.reduce((sum, v) => sum + v, 0) / n;
    const spread = Math.sqrt(terms.reduce((sum, v) => sum + v * v, 0) / n);
    expect(Math.abs(mean)).toBeLessThan((5 * spread) / Math.sqrt(n));
  });

  it("refuses another dimension", () => {
    expect(() => swissRoll({ dim: 4 as 2 })).toThrow(/dim: expected one of 2, 3, 6/);
  });
});

describe("projection on a curve", () => {
  it("gives back the foot, the distance and the tangent of a point beside the curve", () => {
    const { curve } = swissRoll();
    const [arc] = curve.arcs;
    const [c, v] = [new Float64Array(2), new Float64Array(2)];
    for (const t of [5, 8.3, 11, 14]) {
      arc.point(t, c);
      arc.velocity(t, v);
      const speed = Math.hypot(v[0], v[1]);
      const x = Float64Array.of(c[0] - (0.3 * v[1]) / speed, c[1] + (0.3 * v[0]) / speed);
      const { distance, foot, tangent } = project(curve, x);
      expect(distance[0]).toBeCloseTo(0.3, 12);
      expect(Math.hypot(foot[0] - c[0], foot[1] - c[1])).toBeLessThan(1e-12);
      expect(Math.hypot(tangent[0] - v[0] / speed, tangent[1] - v[1] / speed)).toBeLessThan(1e-12);
    }
  });

  it("stops at an arc's end, and finds the nearer of two arcs", () => {
    const { curve } = moons();
    const { distance } = project(curve, Float64Array.of(1, -1.2, -2.5, 0.8, 1, 0.8));
    // below the right end (1, -0.2) of the upper arc lies the lower arc, of radius 2 about (1, 0.8)
    expect(distance[0]).toBeCloseTo(0, 12);
    // the upper arc, of radius 2 about (-1, -0.2)
    expect(distance[1]).toBeCloseTo(Math.abs(Math.hypot(1.5, 1) - 2), 12);
    // the centre of the lower arc is 1 above the upper arc's end
    expect(distance[2]).toBeCloseTo(Math.abs(Math.hypot(2, 1) - 2), 12);
  });

  it("counts the first coordinates only, so a roll in 3-D is as far from its surface as its plane part", () => {
    const flat = project(swissRoll().curve, Float64Array.of(0.3, 0.1)).distance;
    expect(project(swissRoll({ dim: 3 }).curve, Float64Array.of(0.3, 0.1, 9), 3).distance).toEqual(flat);
  });

  it("is zero on the curve of the roll in 6-D", () => {
    const { curve } = swissRoll({ dim: 6 });
    const points = curvePoints(curve, 50);
    // positions of size 5 rounded to 1e-15, parameters to 2^-48 of a step of 0.01
    expect(Math.max(...project(curve, points).distance)).toBeLessThan(1e-13);
  });
});
