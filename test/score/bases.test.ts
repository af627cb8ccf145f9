import { describe, expect, it } from "vitest";
import { gaussHermite, gaussLegendre } from "../../src/linalg/index.js";
import { key } from "../../src/random/index.js";
import type { SpectralBasis1d } from "../../src/score/spectral/basis.js";
import { fourier } from "../../src/score/spectral/fourier.js";
import { hermite } from "../../src/score/spectral/hermite.js";
import { meanField } from "../../src/score/spectral/mean-field.js";
import { potentialBasis } from "../../src/score/spectral/potential-basis.js";
import { restoreBasis } from "../../src/score/spectral/restore.js";
import { gibbsDensity, parsePotential } from "../../src/targets/index.js";

/** Nodes and normalised weights of the stationary law, and φ and φ' there. */
interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

function hermiteRule(mean: number, std: number): Rule {
  const { nodes, weights } = gaussHermite(60);
  return { nodes: nodes.map((z) => mean + std * z), weights };
}

function uniformRule(low: number, high: number): Rule {
  const count = 256;
  const step = (high - low) / count;
  return {
    nodes: Float64Array.from({ length: count }, (_, i) => low + i * step),
    weights: new Float64Array(count).fill(1 / count),
  };
}

function gibbsRule(text: string, beta: number): Rule {
  const law = gibbsDensity(parsePotential(text), { beta });
  const { nodes, weights } = gaussLegendre(1000, law.low, law.high);
  return { nodes, weights: weights.map((w, q) => w * law.density(nodes[q])) };
}

const WELL = "(1 - x^2)^2";

const cases: [string, SpectralBasis1d, Rule, number][] = [
  ["hermite", hermite({ n: 5, mean: 0.3, variance: 0.8, beta: 2 }), hermiteRule(0.3, Math.sqrt(0.4)), 1e-11],
  [
    "fourier",
    fourier({ halfWidth: 2.5, center: 0.4, harmonics: 3, beta: 0.5 }),
    uniformRule(-2.1, 2.9),
    1e-13,
  ],
  ["double well", potentialBasis({ potential: WELL, n: 4 }), gibbsRule(WELL, 1), 1e-9],
  ["warm double well", potentialBasis({ potential: WELL, n: 3, beta: 0.25 }), gibbsRule(WELL, 0.25), 1e-9],
];

function row(values: Float64Array, q: number, size: number): Float64Array {
  return values.subarray(q * size, (q + 1) * size);
}

/** Rows φ'(x_i) by fourth-order central differences. */
function slopesAt(basis: SpectralBasis1d, x: Float64Array, step: number): Float64Array {
  const [a, b, c, d] = [-2, -1, 1, 2].map((i) => basis.evaluate(x.map((value) => value + i * step)));
  return a.map((value, m) => (value - 8 * b[m] + 8 * c[m] - d[m]) / (12 * step));
}

describe.each(cases)("%s basis", (_, basis, rule, tolerance) => {
  const { n, extended } = basis;
  const size = extended + 1;
  const phi = basis.evaluate(rule.nodes);
  const integral = (f: (values: Float64Array, x: number) => number): number =>
    rule.weights.reduce((sum, w, q) => sum + w * f(row(phi, q, size), rule.nodes[q]), 0);

  it("is orthonormal under its stationary law", () => {
    for (let a = 0; a <= n; a++) {
      for (let b = 0; b <= extended; b++) {
        expect(Math.abs(integral((p) => p[a] * p[b]) - Number(a === b))).toBeLessThan(tolerance);
      }
    }
  });

  it("has the product table of quadrature", () => {
    for (let a = 0; a <= n; a++) {
      for (let b = 0; b <= n; b++) {
        for (let m = 0; m <= extended; m++) {
          const mu = basis.products[(a * (n + 1) + b) * size + m];
          expect(Math.abs(mu - integral((p) => p[a] * p[b] * p[m]))).toBeLessThan(tolerance);
        }
      }
    }
  });

  it("has ∫ φ_i' φ_j' exp(-βV)/Z = -β λ_i δ_ij through its derivative table", () => {
    const { derivatives: nu, eigenvalues, beta } = basis;
    for (let i = 1; i <= Math.min(3, n); i++) {
      for (let j = 1; j <= Math.min(3, n); j++) {
        let inner = 0;
        for (let m = 0; m < size; m++) inner += nu[i * size + m] * nu[j * size + m];
        const expected = i === j ? -beta * eigenvalues[i] : 0;
        // a potential's derivatives are infinite sums, whose rest after M = 4n terms is small
        const missing = basis.kind === "potential" ? 1e-6 : 0;
        expect(Math.abs(inner - expected)).toBeLessThan(missing + 1e-10 * Math.abs(eigenvalues[n]));
      }
    }
  });

  it("has ν and its transpose: φ' and D* φ = β V' φ - φ' projected on φ_m", () => {
    const inside = rule.nodes.map((x) => (basis.periodic ? x : clampInside(basis, x, 0.01)));
    const slopes = slopesAt(basis, inside, 1e-3);
    for (let a = 0; a <= n; a++) {
      for (let m = 0; m <= n; m++) {
        let [direct, adjoint] = [0, 0];
        for (let q = 0; q < inside.length; q++) {
          const [w, at] = [rule.weights[q], q * size];
          const steep = basis.beta * basis.potentialGradient(inside[q]);
          direct += w * slopes[at + a] * phi[at + m];
          adjoint += w * (steep * phi[at + m] - slopes[at + m]) * phi[at + a];
        }
        // fourth-order differences: step⁴/30 times a fifth derivative of about 1e3, and rounding 1e-13/step
        expect(Math.abs(basis.derivatives[a * size + m] - direct)).toBeLessThan(2e-8);
        expect(Math.abs(basis.derivatives[a * size + m] - adjoint)).toBeLessThan(2e-8);
      }
    }
  });

  it("evaluates the same functions in a generator's site, on all of the stationary bulk", () => {
    const [low, high] = basis.bulk(1000);
    const site = basis.site(low, high);
    const count = 501;
    const [stride, lanes] = [3, 503];
    const x = new Float64Array(1 + count * stride);
    for (let i = 0; i < count; i++) x[1 + i * stride] = low + ((high - low) * i) / (count - 1);
    const points = { x, at: 1, stride, count };
    const out = new Float64Array(1 + n * lanes);
    const slopes = new Float64Array(x.length).fill(1);
    site.write(points, out, 1, lanes);
    site.addGradient(points, -2, slopes);
    for (let i = 0; i < count; i++) {
      const value = x[1 + i * stride];
      const exact = basis.evaluate(Float64Array.of(value));
      for (let a = 1; a <= n; a++) {
        const error = Math.abs(out[1 + (a - 1) * lanes + i] - exact[a]);
        expect(error).toBeLessThan(1e-8 * Math.max(1, Math.abs(exact[a])));
      }
      expect(slopes[1 + i * stride]).toBeCloseTo(1 - 2 * basis.potentialGradient(value), 12);
      expect(slopes[2 + i * stride] ?? 1).toBe(1);
    }
    expect(out[0]).toBe(0);
  });

  it("comes back from its state", () => {
    const copy = restoreBasis(structuredClone(basis.state));
    const x = Float64Array.of(basis.bulk(10)[0], 0.1, basis.bulk(10)[1]);
    expect(copy.evaluate(x)).toEqual(basis.evaluate(x));
    expect(copy.products).toEqual(basis.products);
    expect(copy.eigenvalues).toEqual(basis.eigenvalues);
    expect(copy.sampleStationary(key(1), 5)).toEqual(basis.sampleStationary(key(1), 5));
  });

  it("draws from its stationary law", () => {
    const count = 10_000;
    const values = basis.evaluate(basis.sampleStationary(key(7), count));
    for (let m = 1; m <= 3; m++) {
      let [sum, square] = [0, 0];
      for (let i = 0; i < count; i++) {
        sum += values[i * size + m];
        square += values[i * size + m] ** 2;
      }
      // E φ_m = 0; 5 standard errors: fails once in 1.7e6
      expect(Math.abs(sum / count)).toBeLessThan((5 * Math.sqrt(square)) / count);
    }
  });

  it("keeps all but one in N draws in its bulk", () => {
    const [low, high] = basis.bulk(1e4);
    const draws = basis.sampleStationary(key(3), 20_000);
    const outside = draws.filter((x) => x < low || x > high).length;
    // at most Poisson(2) draws are expected; more than 14 have probability 1e-8
    expect(outside).toBeLessThanOrEqual(14);
  });
});

function clampInside({ domain: [low, high] }: SpectralBasis1d, x: number, margin: number): number {
  return Math.min(Math.max(x, low + margin), high - margin);
}

/** E[φ_a φ_b (X_t) | x] for a, b ≤ 4 at every x, from the first `kept` functions of the dictionary. */
function conditionals(basis: SpectralBasis1d, x: Float64Array, t: number, kept: number): Float64Array[] {
  const { size, products, rates, evaluate } = basis.dictionary("score");
  const psi = evaluate(x);
  return Array.from({ length: 25 }, (_, c) => {
    const at = (Math.floor(c / 5) * (basis.n + 1) + (c % 5)) * size;
    return x.map((_, q) => {
      let sum = 0;
      for (let m = 0; m < Math.min(size, kept); m++) {
        sum += products[at + m] * Math.exp(rates[m] * t) * psi[q * size + m];
      }
      return sum;
    });
  });
}

describe("hermite", () => {
  it("has the product table of the closed form", () => {
    const { products } = hermite({ n: 3 });
    const mu = (a: number, b: number): Record<number, number> => {
      const entries = [...products.subarray((a * 4 + b) * 7, (a * 4 + b + 1) * 7).entries()];
      return Object.fromEntries(entries.filter(([, value]) => value !== 0));
    };
    const near = (found: Record<number, number>, expected: Record<number, number>): void => {
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      for (const m of Object.keys(expected)) expect(found[Number(m)]).toBeCloseTo(expected[Number(m)], 9);
    };
    near(mu(1, 1), { 0: 1, 2: 1.4142135624 });
    near(mu(1, 2), { 1: 1.4142135624, 3: 1.7320508076 });
    near(mu(2, 2), { 0: 1, 2: 2.8284271247, 4: 2.4494897428 });
    near(mu(2, 3), { 1: 1.7320508076, 3: 4.2426406871, 5: 3.1622776602 });
    near(mu(3, 3), { 0: 1, 2: 4.2426406871, 4: 7.3484692283, 6: 4.472135955 });
  });

  it("is an eigenfunction of the exact transition: E[φ_k(X_t) | x] = e^{λ_k t} φ_k(x)", () => {
    const [mean, variance, beta] = [0.3, 0.8, 2];
    const basis = hermite({ n: 5, mean, variance, beta });
    const { nodes, weights } = gaussHermite(30);
    const [t, x] = [0.4, 1.1];
    const decay = Math.exp(-t / variance);
    const spread = Math.sqrt((variance / beta) * (1 - decay * decay));
    const later = basis.evaluate(nodes.map((z) => mean + decay * (x - mean) + spread * z));
    const now = basis.evaluate(Float64Array.of(x));
    for (let k = 0; k <= 10; k++) {
      const expectation = weights.reduce((sum, w, q) => sum + w * later[q * 11 + k], 0);
      expect(Math.abs(expectation - Math.exp(basis.eigenvalues[k] * t) * now[k])).toBeLessThan(1e-11);
    }
  });

  it("keeps eigenvalues -n at every temperature for V = x²/2, and φ_n' = sqrt(β n) φ_{n-1}", () => {
    const basis = hermite({ n: 3, beta: 0.25 });
    expect([...basis.eigenvalues]).toEqual([0, -1, -2, -3, -4, -5, -6]);
    for (let k = 1; k <= 6; k++)
      expect(basis.derivatives[k * 7 + k - 1]).toBeCloseTo(Math.sqrt(0.25 * k), 14);
    expect(basis.evaluate(Float64Array.of(2))[1]).toBeCloseTo(Math.sqrt(0.25) * 2, 14);
  });
});

describe("fourier", () => {
  it("has c1² = 1 + c2/sqrt2, s1² = 1 - c2/sqrt2, c1 s1 = s2/sqrt2", () => {
    const { products } = fourier({ halfWidth: 1, harmonics: 1 });
    const line = (a: number, b: number): number[] => [
      ...products.subarray((a * 3 + b) * 5, (a * 3 + b + 1) * 5),
    ];
    const half = Math.SQRT1_2;
    expect(line(1, 1)).toEqual([1, 0, 0, half, 0]);
    expect(line(2, 2)).toEqual([1, 0, 0, -half, 0]);
    expect(line(1, 2)).toEqual([0, 0, 0, 0, half]);
  });

  it("has λ = -(π j/L)²/β", () => {
    const { eigenvalues } = fourier({ halfWidth: Math.PI, harmonics: 2, beta: 2 });
    expect([...eigenvalues].map((value) => value * 2)).toEqual(
      [-0, -1, -1, -4, -4, -9, -9, -16, -16].map((v) => v || 0),
    );
  });
});

describe("potential basis", () => {
  it.each([
    ["x^2/2", [1, 2, 3, 4, 5]],
    ["x^4", [2.73718504, 8.90741833, 16.51938745, 25.51613907, 35.71540474]],
    ["(1 - x^2)^2 / 2", [0.84588929, 4.62982649, 9.00755763, 14.35095078, 20.55577028]],
    ["(1 - x^2)^2", [0.74868167, 6.00411367, 11.66069556, 18.64314678, 26.87045527]],
    ["2 (1 - x^2)^2", [0.4545466, 8.15655978, 15.20805669, 23.90288451, 34.49257738]],
    ["x^4/4 - x^2/2", [0.79208843, 3.54888918, 6.84354846, 10.82697395, 15.41527272]],
  ])("has the reference spectrum of V = %s", (potential, expected) => {
    const { eigenvalues } = potentialBasis({ potential, n: 4 });
    expected.forEach((value, i) => expect(Math.abs(-eigenvalues[i + 1] - value)).toBeLessThan(1.01e-8));
  });

  it("reproduces Hermite's eigenvalues and tables for a quadratic potential", () => {
    const options = { mean: 0.4, variance: 0.7, beta: 1.5, n: 4 };
    const exact = hermite(options);
    const found = potentialBasis({ potential: "(x - 0.4)^2 / 1.4", beta: 1.5, n: 4, extended: 8 });
    exact.eigenvalues.forEach((value, m) =>
      expect(Math.abs(found.eigenvalues[m] - value)).toBeLessThan(1e-9),
    );
    exact.products.forEach((value, at) => expect(Math.abs(found.products[at] - value)).toBeLessThan(1e-8));
    exact.derivatives.forEach((value, at) =>
      expect(Math.abs(found.derivatives[at] - value)).toBeLessThan(1e-8),
    );
    const x = Float64Array.of(-1.5, 0.2, 2);
    exact
      .evaluate(x)
      .forEach((value, at) => expect(Math.abs(found.evaluate(x)[at] - value)).toBeLessThan(1e-7));
  });

  it("has functions that are positive at the right end", () => {
    const basis = potentialBasis({ potential: "2 (1 - x^2)^2" });
    for (const value of basis.evaluate(Float64Array.of(1.75))) expect(value).toBeGreaterThan(0);
  });

  it("completes its product table: conditional expectations to 2e-3 at every time with M = 3n, 1e-4 with M = 4n", () => {
    const law = gibbsRule(WELL, 1);
    const reference = potentialBasis({ potential: WELL, n: 10, extended: 40 });
    for (const [extended, bound] of [
      [12, 2e-3],
      [16, 1e-4],
    ]) {
      const basis = potentialBasis({ potential: WELL, n: 4, extended });
      const worst = (t: number, kept: number): number => {
        const [ours, theirs] = [basis, reference].map((b) =>
          conditionals(b, law.nodes, t, b === basis ? kept : Infinity),
        );
        let most = 0;
        for (let c = 0; c < 25; c++) {
          let square = 0;
          for (let q = 0; q < law.nodes.length; q++)
            square += law.weights[q] * (ours[c][q] - theirs[c][q]) ** 2;
          most = Math.max(most, Math.sqrt(square));
        }
        return most;
      };
      for (const t of [0, 0.003, 0.01, 0.03, 0.1]) expect(worst(t, Infinity)).toBeLessThan(bound);
      // the table cut at M, without its completion, is at least ten times worse where it matters
      expect(worst(0, extended + 1)).toBeGreaterThan(10 * bound);
    }
  });

  it.each(["residual", "score"] as const)("has a dictionary that is exact at t = 0 in %s form", (form) => {
    const basis = potentialBasis({ potential: WELL, n: 4 });
    const dictionary = basis.dictionary(form);
    const { size, products, slopes } = dictionary;
    const x = Float64Array.of(-1.3, -0.2, 0.9, 1.6);
    const [psi, phi] = [dictionary.evaluate(x), basis.evaluate(x)];
    const read = (table: Float64Array, at: number, q: number): number =>
      row(psi, q, size).reduce((sum, value, m) => sum + table[at * size + m] * value, 0);
    for (let q = 0; q < x.length; q++) {
      const p = row(phi, q, 17);
      const dp = slopesAt(basis, x.subarray(q, q + 1), 1e-3);
      for (let a = 0; a <= 4; a++) {
        for (let b = 0; b <= 4; b++)
          expect(Math.abs(read(products, a * 5 + b, q) - p[a] * p[b])).toBeLessThan(1e-9);
        const slope = (form === "residual" ? basis.potentialGradient(x[q]) * p[a] : 0) - dp[a];
        expect(Math.abs(read(slopes, a, q) - slope)).toBeLessThan(1e-7);
      }
    }
  });

  it.each([
    ["potential", "x^4 +", "formula"],
    ["potential", "x", "confines"],
    ["potential", "-x^2", "confines"],
  ])("refuses %s %j", (argument, potential, expected) => {
    expect(() => potentialBasis({ potential })).toThrow(expected);
    expect(argument).toBe("potential");
  });

  it("refuses points where the potential's law has no mass", () => {
    expect(() => potentialBasis({ potential: "x^2/2" }).evaluate(Float64Array.of(0, 40))).toThrow("x[1]");
  });
});

describe("mean field", () => {
  it("finds the law that the data come from", () => {
    const law = gibbsDensity(parsePotential(WELL));
    const basis = meanField(law.sample(key(5), 20_000));
    // the spectrum of the true potential; sampling noise of 1/sqrt(20000) in the moments moves it by a few per cent
    [0.74868167, 6.00411367, 11.66069556].forEach((value, i) => {
      expect(Math.abs(-basis.eigenvalues[i + 1] / value - 1)).toBeLessThan(0.08);
    });
  });

  it("scales with the unit of x, and its time with β", () => {
    const data = gibbsDensity(parsePotential(WELL)).sample(key(5), 2000);
    const [one, other] = [
      meanField(data),
      meanField(
        data.map((x) => 100 + 3 * x),
        { beta: 2 },
      ),
    ];
    one.eigenvalues.forEach((value, m) => expect(other.eigenvalues[m] * 9 * 2).toBeCloseTo(value, 5));
    one.products.forEach((value, at) => expect(other.products[at]).toBeCloseTo(value, 5));
  });

  it.each([
    ["constant data", new Float64Array(50).fill(2), "not all alike"],
    ["too few data", Float64Array.of(1, 2, 3), "more than 4"],
    ["data that are not finite", Float64Array.of(1, 2, NaN, 4, 5, 6), "data[2]"],
    ["two-point data", Float64Array.from({ length: 60 }, (_, i) => i % 2), "moments"],
  ])("refuses %s", (_, data, message) => {
    expect(() => meanField(data)).toThrow(message);
  });
});
