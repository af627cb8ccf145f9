import { describe, expect, it } from "vitest";
import {
  gaussFromRecurrence,
  gaussHermite,
  gaussLegendre,
  orthonormal,
  stieltjes,
  tridiagonalEigen,
  type Quadrature,
} from "../../src/linalg/index.js";

const EPS = Number.EPSILON;
const integrate = ({ nodes, weights }: Quadrature, f: (x: number) => number): number =>
  nodes.reduce((sum, x, q) => sum + weights[q] * f(x), 0);

/** (p - 1)!!, the p-th moment of the standard normal law for even p. */
function normalMoment(p: number): number {
  let moment = 1;
  for (let k = p - 1; k > 1; k -= 2) moment *= k;
  return moment;
}

describe("gaussLegendre", () => {
  it.each([1, 2, 3, 5, 10, 33, 64])(
    "with n = %i integrates degree 2n - 1 exactly, and not degree 2n",
    (n) => {
      const rule = gaussLegendre(n);
      for (let p = 0; p <= 2 * n - 1; p++) {
        const exact = p % 2 === 0 ? 2 / (p + 1) : 0;
        expect(Math.abs(integrate(rule, (x) => x ** p) - exact)).toBeLessThan(8 * n * EPS);
      }
      // the error at degree 2n is that of the monic Legendre polynomial's norm, visible for small n
      if (n < 10)
        expect(Math.abs(integrate(rule, (x) => x ** (2 * n)) - 2 / (2 * n + 1))).toBeGreaterThan(1e-7);
    },
  );

  it("has the known nodes of n = 3 on [0, 10]", () => {
    const { nodes, weights } = gaussLegendre(3, 0, 10);
    const root = Math.sqrt(0.6);
    [5 - 5 * root, 5, 5 + 5 * root].forEach((x, q) => expect(nodes[q]).toBeCloseTo(x, 13));
    [25 / 9, 40 / 9, 25 / 9].forEach((w, q) => expect(weights[q]).toBeCloseTo(w, 13));
  });

  it.each([200, 800, 3000])("stays accurate with %i nodes", (n) => {
    const rule = gaussLegendre(n, -7, 7);
    expect(rule.nodes.every((x, q) => q === 0 || x > rule.nodes[q - 1])).toBe(true);
    expect(rule.nodes.every((x, q) => x === -rule.nodes[n - 1 - q])).toBe(true);
    // the mass of the standard normal law outside [-7, 7] is 2.6e-12
    const mass = integrate(rule, (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI));
    expect(Math.abs(mass - (1 - 2.5596250877716736e-12))).toBeLessThan(1e-14 + n * EPS);
    expect(Math.abs(integrate(rule, () => 1) - 14)).toBeLessThan(14 * n * EPS);
  });

  it("refuses what is no interval", () => {
    expect(() => gaussLegendre(0)).toThrow(/^n: /);
    expect(() => gaussLegendre(4, 1, 1)).toThrow(/^to: expected more than from = 1, got 1/);
    expect(() => gaussLegendre(4, -Infinity, 1)).toThrow(/^from: /);
  });
});

describe("gaussHermite", () => {
  it.each([1, 2, 3, 8, 40, 85])("with n = %i gives the moments of the normal law to degree 2n - 1", (n) => {
    const rule = gaussHermite(n);
    for (let p = 0; p <= 2 * n - 1; p += 2) {
      // nodes are right to ε/2, which x^p multiplies by p
      const exact = normalMoment(p);
      expect(Math.abs(integrate(rule, (x) => x ** p) - exact) / exact).toBeLessThan((n + p + 10) * 4 * EPS);
    }
    const mirrored = [rule.nodes.map((x) => 0 - x).reverse(), rule.weights.slice().reverse()];
    expect([rule.nodes, rule.weights]).toEqual(mirrored);
  });

  it.each([100, 200, 300])("is stable with %i nodes: e^{sx} integrates to e^{s²/2}", (n) => {
    const rule = gaussHermite(n);
    expect(rule.weights.every((w) => w > 0)).toBe(true);
    for (const s of [0.5, 2, 5]) {
      // relative rounding: nodes times s, and n terms
      const ratio = integrate(rule, (x) => Math.exp(s * x - (s * s) / 2));
      expect(Math.abs(ratio - 1)).toBeLessThan((n + 30 * s) * EPS);
    }
  });

  it("keeps tiny weights right: at n = 200 the last one to 1e-12", () => {
    // mpmath: x = polyroots-free Newton on hermite(200, x) at 60 digits; w = 1 / sum_k he_k(x)^2 / k!
    const { nodes, weights } = gaussHermite(200);
    expect(Math.abs(nodes[199] / LAST_NODE - 1)).toBeLessThan(4 * EPS);
    expect(Math.abs(weights[199] / LAST_WEIGHT - 1)).toBeLessThan(1e-12);
  });

  it("refuses what it cannot hold", () => {
    expect(() => gaussHermite(0)).toThrow(/^n: expected a whole number from 1 to 300, got 0/);
    expect(() => gaussHermite(301)).toThrow(/^n: /);
  });
});

const LAST_NODE = 27.34982775226612;
const LAST_WEIGHT = 1.2576313313555794e-163;

describe("tridiagonalEigen", () => {
  it("knows the eigenvalues of the discrete Laplacian", () => {
    const n = 50;
    const { values, first } = tridiagonalEigen(new Float64Array(n).fill(2), new Float64Array(n - 1).fill(-1));
    for (let k = 1; k <= n; k++) {
      const angle = (k * Math.PI) / (n + 1);
      expect(Math.abs(values[k - 1] - (2 - 2 * Math.cos(angle)))).toBeLessThan(n * 4 * EPS);
      const component = Math.sqrt(2 / (n + 1)) * Math.sin(angle);
      expect(Math.abs(Math.abs(first[k - 1]) - component)).toBeLessThan(n * 100 * EPS);
    }
  });

  it("takes a matrix that falls apart", () => {
    const { values } = tridiagonalEigen(Float64Array.of(3, 1, 2), Float64Array.of(0, 0));
    expect([...values]).toEqual([1, 2, 3]);
  });

  it("refuses ragged and non-finite input", () => {
    expect(() => tridiagonalEigen(new Float64Array(3), new Float64Array(3))).toThrow(/^offDiagonal: /);
    expect(() => tridiagonalEigen(Float64Array.of(1, NaN), Float64Array.of(1))).toThrow(/^diagonal\[1\]: /);
    expect(() => tridiagonalEigen(new Float64Array(0), new Float64Array(0))).toThrow(/^diagonal: /);
  });
});

describe("stieltjes", () => {
  it("finds the recurrence of Legendre's polynomials", () => {
    const { nodes, weights } = gaussLegendre(60);
    const { a, b } = stieltjes(nodes, weights, 50);
    for (let k = 0; k < 50; k++) {
      expect(Math.abs(a[k])).toBeLessThan(60 * EPS);
      const exact = k === 0 ? 2 : (k * k) / (4 * k * k - 1);
      expect(Math.abs(b[k] - exact)).toBeLessThan(60 * EPS);
    }
  });

  it("makes polynomials that are orthonormal under a double-well density, and their derivatives", () => {
    const { nodes, weights } = gaussLegendre(400, -4, 4);
    const rho = weights.map((w, q) => w * Math.exp(-((nodes[q] ** 2 - 1) ** 2)));
    const n = 40;
    const recurrence = stieltjes(nodes, rho, n);
    const { values, derivatives } = orthonormal(recurrence, nodes);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const inner = rho.reduce((sum, w, q) => sum + w * values[q * n + i] * values[q * n + j], 0);
        worst = Math.max(worst, Math.abs(inner - (i === j ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(1e-11);
    // derivatives against differences: error h²/6 p''' + ε/h, both below 1e-7 relative to the largest slope for low degrees
    const h = 1e-5;
    const [up, down] = [h, -h].map(
      (s) =>
        orthonormal(
          recurrence,
          nodes.map((x) => x + s),
        ).values,
    );
    for (let k = 0; k < 6; k++) {
      for (let q = 150; q < 250; q++) {
        const difference = (up[q * n + k] - down[q * n + k]) / (2 * h);
        expect(Math.abs(derivatives[q * n + k] - difference)).toBeLessThan(1e-6);
      }
    }
  });

  it("gives a Gauss rule of its measure", () => {
    const points = Float64Array.from({ length: 100 }, (_, q) => Math.sin(q) * 3 + q / 50);
    const masses = Float64Array.from({ length: 100 }, (_, q) => 1 + (q % 7));
    const rule = gaussFromRecurrence(stieltjes(points, masses, 8));
    for (let p = 0; p < 16; p++) {
      const exact = points.reduce((sum, x, q) => sum + masses[q] * x ** p, 0);
      const size = points.reduce((sum, x, q) => sum + masses[q] * Math.abs(x) ** p, 0);
      expect(Math.abs(integrate(rule, (x) => x ** p) - exact)).toBeLessThan(1e-13 * size);
    }
  });

  it("refuses a measure that is too small, negative or not finite", () => {
    const x = Float64Array.of(0, 1, 2);
    expect(() => stieltjes(x, Float64Array.of(1, 1), 2)).toThrow(/^weights: /);
    expect(() => stieltjes(x, Float64Array.of(1, -1, 1), 2)).toThrow(/^weights\[1\]: /);
    expect(() => stieltjes(x, Float64Array.of(1, 0, 1), 3)).toThrow(
      /^n: expected at most 2, the number of points/,
    );
    expect(() => stieltjes(Float64Array.of(0, NaN, 2), x, 1)).toThrow(/^nodes\[1\]: /);
  });
});
