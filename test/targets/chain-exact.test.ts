import { describe, expect, it } from "vitest";
import { gaussLegendre } from "../../src/linalg/gauss-legendre.js";
import { ginzburgLandau, latticeChain, type Boundary, type ChainTarget } from "../../src/targets/index.js";

/** Reference numbers have eight decimals. */
const PRINTED = 0.6e-8;

// dim, h², log Z, <x_1²>, <x_m²>, <x_m x_{m+1}>, <x_m x_{m+2}>, <x_d²>; lambda = 1/2, beta = 1, left boundary, m = dim/2
const TABLE = [
  [10, 2, 7.47457462, 0.76938731, 0.78147195, 0.14837235, 0.02817168, 0.83537232],
  [10, 1, 6.14030169, 0.67983533, 0.71669885, 0.23438756, 0.07668578, 0.79944009],
  [10, 0.5, 4.2219697, 0.55610858, 0.65108596, 0.32975911, 0.16743446, 0.76026935],
  [10, 0.25, 1.78322442, 0.41105798, 0.61060875, 0.42164377, 0.29359825, 0.73227759],
  [20, 1, 12.15436163, 0.67983533, 0.71669905, 0.23438747, 0.07668473, 0.79944009],
  [20, 0.5, 8.2779703, 0.55610858, 0.65111335, 0.32975718, 0.16737716, 0.76026935],
  [50, 1, 30.19654144, 0.67983533, 0.71669905, 0.23438747, 0.07668473, 0.79944009],
  [50, 0.5, 20.44597212, 0.55610858, 0.65111335, 0.32975718, 0.16737715, 0.76026935],
] as const;

function expectMoments(chain: ChainTarget, moments: readonly (readonly [number, number, number])[]): void {
  const second = chain.secondMoment();
  for (const [i, j, value] of moments)
    expect(Math.abs(second[i * chain.dim + j] - value)).toBeLessThan(PRINTED);
}

describe("the reference table", () => {
  it.each(TABLE)("dim %d, h² = %d", (dim, h2, logZ, first, middle, next, afterNext, last) => {
    const chain = ginzburgLandau({ dim, lambda: 0.5, h: Math.sqrt(h2) });
    const m = dim / 2 - 1;
    expect(Math.abs(chain.logNormConst - logZ)).toBeLessThan(PRINTED);
    expectMoments(chain, [
      [0, 0, first],
      [m, m, middle],
      [m, m + 1, next],
      [m, m + 2, afterNext],
      [dim - 1, dim - 1, last],
    ]);
  });

  it("three sites by brute force", () => {
    const chain = ginzburgLandau({ dim: 3, lambda: 0.5, h: 1, beta: 1 });
    expect(Math.abs(chain.logNormConst - 1.930443336)).toBeLessThan(1e-9);
    expectMoments(chain, [
      [0, 0, 0.6800281958],
      [1, 2, 0.2601147812],
      [0, 2, 0.0810226045],
    ]);
  });

  it.each([
    [1, 6.01407399, 0.71670768, 0.23441626],
    [0.5, 4.05713676, 0.65174107, 0.33100362],
  ])("periodic, h² = %d", (h2, logZ, square, neighbours) => {
    const chain = ginzburgLandau({ dim: 10, lambda: 0.5, h: Math.sqrt(h2), boundary: "periodic" });
    expect(Math.abs(chain.logNormConst - logZ)).toBeLessThan(PRINTED);
    expectMoments(chain, [
      [0, 0, square],
      [7, 7, square],
      [3, 4, neighbours],
      [0, 9, neighbours],
    ]);
  });

  it("a nearly rigid chain with both ends pinned", () => {
    const chain = ginzburgLandau({ dim: 50, lambda: 0.04, h: 1 / 51, beta: 1 / 8, boundary: "both" });
    expect(Math.abs(chain.logNormConst + 37.16582464)).toBeLessThan(PRINTED);
    expectMoments(chain, [
      [0, 0, 0.1370434],
      [24, 24, 0.85501973],
      [24, 25, 0.82632334],
      [49, 49, 0.1370434],
    ]);
  });
});

const BOUNDARIES: readonly Boundary[] = ["left", "free", "both", "periodic"];
const COUPLINGS = [0, 0.003, 0.5, 13, 1000];
const BARRIERS = [0.005, 0.5, 10];

interface BruteForce {
  readonly logNormConst: number;
  readonly second: Float64Array;
  readonly fourth: Float64Array;
}

/**
 * Tensor Gauss–Legendre over the first site and the increments after it: bonds are resolved whatever their width. The first
 * site itself is an increment where it is pinned.
 */
function bruteForce(dim: number, J: number, B: number, boundary: Boundary, nodes: number): BruteForce {
  const radius = Math.sqrt(1 + Math.sqrt(50 / B));
  const bond = Math.min(2 * radius, 12 / Math.sqrt(J) + (J < 10 * B ? 2 : 0));
  const pinned = boundary === "left" || boundary === "both";
  const rules = Array.from({ length: dim }, (_, i) => {
    const width = i === 0 ? (pinned ? Math.min(radius, bond) : radius) : bond;
    return gaussLegendre(nodes, -width, width);
  });
  const second = new Float64Array(dim * dim);
  const fourth = new Float64Array(dim * dim);
  const x = new Float64Array(dim);
  let mass = 0;
  // configurations whose weight is below exp(-200) are skipped; log Z is above -60 here
  const visit = (i: number, weight: number, energy: number): void => {
    if (i === dim) {
      let total = energy;
      if (boundary === "both") total += (J / 2) * x[dim - 1] ** 2;
      if (boundary === "periodic") total += (J / 2) * (x[0] - x[dim - 1]) ** 2;
      const p = weight * Math.exp(-total);
      mass += p;
      for (let a = 0; a < dim; a++)
        for (let b = 0; b < dim; b++) {
          second[a * dim + b] += p * x[a] * x[b];
          fourth[a * dim + b] += p * x[a] ** 2 * x[b] ** 2;
        }
      return;
    }
    for (let q = 0; q < nodes; q++) {
      const step = rules[i].nodes[q];
      x[i] = (i === 0 ? 0 : x[i - 1]) + step;
      const bonded = i > 0 || pinned;
      const next = energy + (bonded ? (J / 2) * step * step : 0) + B * (1 - x[i] ** 2) ** 2;
      if (next < 200) visit(i + 1, weight * rules[i].weights[q], next);
    }
  };
  visit(0, 1, 0);
  return {
    logNormConst: Math.log(mass),
    second: second.map((value) => value / mass),
    fourth: fourth.map((value) => value / mass),
  };
}

function expectEqual(chain: ChainTarget, brute: BruteForce): void {
  expect(Math.abs(chain.logNormConst - brute.logNormConst)).toBeLessThan(1e-10);
  const [second, fourth] = [chain.secondMoment(), chain.fourthMoment()];
  const [m2, m4] = [Math.max(...brute.second), Math.max(...brute.fourth)];
  for (let at = 0; at < second.length; at++) {
    expect(Math.abs(second[at] - brute.second[at]) / m2).toBeLessThan(1e-10);
    expect(Math.abs(fourth[at] - brute.fourth[at]) / m4).toBeLessThan(1e-10);
  }
}

describe.each(BOUNDARIES)("brute force, boundary %s", (boundary) => {
  const cases = COUPLINGS.flatMap((J) => BARRIERS.map((B) => [J, B] as const));

  it.each(cases)("J = %d, B = %d: one and two sites", (coupling, barrier) => {
    for (const [dim, nodes] of [
      [1, 1000],
      [2, 500],
    ] as const) {
      const chain = latticeChain({ dim, coupling, barrier, boundary });
      expectEqual(chain, bruteForce(dim, coupling, barrier, boundary, nodes));
    }
  });

  it.each([
    [0.5, 0.5],
    [1000, 10],
    [1000, 0.005],
  ])("J = %d, B = %d: three sites", (coupling, barrier) => {
    const chain = latticeChain({ dim: 3, coupling, barrier, boundary });
    expectEqual(chain, bruteForce(3, coupling, barrier, boundary, 120));
  });
});
