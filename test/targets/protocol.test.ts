import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import {
  doubleWell,
  funnel,
  gaussianMixture,
  gibbs,
  ginzburgLandau,
  latticeChain,
  manyWell,
  nineModes,
  parsePotential,
  quadratic,
  type Boundary,
  type Target,
} from "../../src/targets/index.js";

const BOUNDARIES: readonly Boundary[] = ["left", "free", "both", "periodic"];

const TARGETS: readonly (readonly [string, Target])[] = [
  ["double well", gibbs({ potentials: doubleWell(), beta: 2 })],
  ["product", gibbs({ potentials: [quadratic(), doubleWell(), parsePotential("x^4 - x")] })],
  ["shared potential", gibbs({ potentials: doubleWell(), dim: 4 })],
  ...BOUNDARIES.flatMap((boundary) =>
    [1, 2, 5].map(
      (dim) =>
        [`chain, ${boundary}, dim ${dim}`, ginzburgLandau({ dim, lambda: 0.5, h: 0.7, boundary })] as const,
    ),
  ),
  [
    "mixture on the line",
    gaussianMixture({ means: [[-1.5], [1]], variances: [0.15, 0.25], weights: [1, 3] }),
  ],
  ["nine modes", nineModes()],
  [
    "mixture with axes",
    gaussianMixture({
      means: [
        [0, 1, 2],
        [-1, 0, 1],
      ],
      variances: [[0.5, 1, 2], 0.7],
    }),
  ],
  ["funnel", funnel({ dim: 4, scale: 1 })],
  ["one well", manyWell({ dim: 1, delta: 2 })],
  ["wells and Gaussians", manyWell({ dim: 5, wells: 2, delta: 4 })],
  ["stiff chain", latticeChain({ dim: 6, coupling: 500, barrier: 8 })],
];

describe.each(TARGETS)("%s", (_, target) => {
  const { dim } = target;
  const n = 20;
  const points = normal(key(1), n * dim);

  it("gives arrays of the right length and leaves its input alone", () => {
    const before = points.slice();
    expect(target.logDensity(points).length).toBe(n);
    expect(target.score(points).length).toBe(n * dim);
    expect(points).toEqual(before);
    expect(target.mean?.().length).toBe(dim);
    expect(target.std?.().length).toBe(dim);
    expect(target.sample?.(key(1), 3).length).toBe(3 * dim);
  });

  it("has the score of its log density", () => {
    const score = target.score(points);
    const step = 1e-4;
    const [plus, minus] = [points.slice(), points.slice()];
    for (let i = 0; i < dim; i++) {
      for (let s = 0; s < n; s++) {
        plus[s * dim + i] += step;
        minus[s * dim + i] -= step;
      }
      const [above, below] = [target.logDensity(plus), target.logDensity(minus)];
      for (let s = 0; s < n; s++) {
        const slope = (above[s] - below[s]) / (2 * step);
        // quartics with leading coefficient B: third derivative 24 B x, |x| below 4, B at most 8, more than that of the mixtures
        // and the funnel; rounding 1e-16 |log density|
        const truncation = (24 * 8 * 4 * step ** 2) / 6;
        const rounding = (4e-16 * Math.abs(above[s])) / step;
        expect(Math.abs(score[s * dim + i] - slope)).toBeLessThan(truncation + rounding + 1e-11);
        plus[s * dim + i] = minus[s * dim + i] = points[s * dim + i];
      }
    }
  });

  it("treats points one by one", () => {
    const row = points.subarray(3 * dim, 4 * dim).slice();
    expect(target.logDensity(row)[0]).toBe(target.logDensity(points)[3]);
    expect(target.score(row)).toEqual(target.score(points).subarray(3 * dim, 4 * dim));
  });

  it("has the moments that its draws show", () => {
    const count = 20000;
    const samples = target.sample?.(key(2), count) as Float64Array;
    const [mean, std] = [target.mean?.() as Float64Array, target.std?.() as Float64Array];
    for (let i = 0; i < dim; i++) {
      let sum = 0;
      for (let s = 0; s < count; s++) sum += samples[s * dim + i];
      // six standard errors: failure probability 2e-9
      expect(Math.abs(sum / count - mean[i])).toBeLessThan((6 * std[i]) / Math.sqrt(count));
    }
  });

  it("refuses ragged, empty, infinite and NaN points", () => {
    expect(() => target.logDensity(new Float64Array(0))).toThrow(/^x: expected/);
    expect(() => target.score(new Float64Array(0))).toThrow(/^x: expected/);
    if (dim > 1) expect(() => target.score(new Float64Array(dim + 1))).toThrow(`multiple of dim = ${dim}`);
    for (const bad of [NaN, Infinity]) {
      const broken = points.slice();
      broken[1] = bad;
      expect(() => target.logDensity(broken)).toThrow(/x\[1\]/);
      expect(() => target.score(broken)).toThrow(/x\[1\]/);
    }
    expect(() => target.sample?.(key(1), 0)).toThrow(/n: expected/);
  });
});

describe("normalised targets integrate to one", () => {
  it.each(TARGETS.filter(([, target]) => target.dim === 1))("%s", (_, target) => {
    // trapezoidal rule for entire integrands: error far below 1e-12 at this step
    const grid = Float64Array.from({ length: 4001 }, (_, q) => -5 + q / 400);
    const logDensity = target.logDensity(grid);
    const mass =
      logDensity.reduce((sum, value) => sum + Math.exp(value - (target.logNormConst ?? NaN)), 0) / 400;
    expect(Math.abs(mass - 1)).toBeLessThan(1e-12);
  });
});

describe("bad options", () => {
  it.each([
    [() => ginzburgLandau({ dim: 0, lambda: 1, h: 1 }), /^dim: expected a whole number of at least 1/],
    [() => ginzburgLandau({ dim: 3, lambda: 0, h: 1 }), /^lambda: expected a positive/],
    [() => ginzburgLandau({ dim: 3, lambda: 1, h: -1 }), /^h: expected a positive/],
    [() => ginzburgLandau({ dim: 3, lambda: 1, h: 1, beta: NaN }), /^beta: expected a positive/],
    [() => ginzburgLandau({ dim: 3, lambda: 1, h: 1, boundary: "rigth" as Boundary }), /^boundary: .*left/],
    [() => ginzburgLandau({ dim: 3, lamda: 1, h: 1 } as never), /did you mean "lambda"/],
    [
      () => latticeChain({ dim: 3, coupling: -1, barrier: 1 }),
      /^coupling: expected a finite number of at least 0/,
    ],
    [() => latticeChain({ dim: 3, coupling: 1, barrier: 0 }), /^barrier/],
    [() => latticeChain({ dim: 2, coupling: 1e13, barrier: 1, boundary: "free" }).logNormConst, /nodes/],
    [
      () => latticeChain({ dim: 2, coupling: 1, barrier: 1 }).marginal(2),
      /^site: expected a whole number from 0 to 1/,
    ],
    [
      () =>
        latticeChain({ dim: 2, coupling: 1, barrier: 1 }).pairMarginal(
          [1, 1],
          new Float64Array(1),
          new Float64Array(1),
        ),
      /two different sites/,
    ],
    [() => gibbs({ potentials: [] }), /^potentials/],
    [() => gibbs({ potentials: [doubleWell()], dim: 2 }), /^dim/],
    [() => gibbs({ potentials: {} as never }), /^potentials/],
    [() => gibbs({ potentials: doubleWell(), beta: -1 }), /^beta/],
  ])("%#", (make, message) => {
    expect(make).toThrow(message);
  });
});
