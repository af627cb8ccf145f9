import { describe, expect, it } from "vitest";
import { gaussLegendre } from "../../src/linalg/gauss-legendre.js";
import { latticeChain, type Boundary } from "../../src/targets/index.js";

const SHAPES = (["left", "free", "both", "periodic"] as Boundary[]).flatMap((boundary) =>
  (
    [
      [1, 0.5],
      [0, 2],
      [300, 0.05],
    ] as const
  ).map(([coupling, barrier]) => ({ dim: 6, coupling, barrier, boundary })),
);

describe.each(SHAPES)("marginals, $boundary, J = $coupling, B = $barrier", (shape) => {
  const chain = latticeChain(shape);
  const second = chain.secondMoment();

  it("of one site have the moments of the chain", () => {
    for (const site of [0, 2, 5]) {
      const law = chain.marginal(site);
      expect(law.mass).toBeGreaterThan(0);
      expect(Math.abs(law.mean) / chain.std()[site]).toBeLessThan(1e-11);
      expect(Math.abs(law.variance / second[site * 6 + site] - 1)).toBeLessThan(1e-11);
      expect(Math.abs(law.moment(4) / chain.fourthMoment()[site * 7] - 1)).toBeLessThan(1e-11);
    }
  });

  it("of two sites integrate to one and give E[x_i x_j]", () => {
    const width = Math.max(...chain.std());
    const half = Math.min(8 * width, Math.sqrt(1 + Math.sqrt(46 / shape.barrier)));
    for (const [i, j] of [
      [1, 2],
      [0, 4],
      [5, 2],
    ] as const) {
      const { nodes, weights } = gaussLegendre(400, -half, half);
      const joint = chain.pairMarginal([i, j], nodes, nodes);
      let mass = 0;
      let product = 0;
      for (let a = 0; a < nodes.length; a++) {
        for (let b = 0; b < nodes.length; b++) {
          const p = weights[a] * weights[b] * joint[a * nodes.length + b];
          mass += p;
          product += p * nodes[a] * nodes[b];
        }
      }
      // beyond eight standard deviations lie at most the Gaussian 1e-15; nodes are at most 0.045 apart, the narrowest bond is
      // 0.058 wide: exp(-2π² (0.058 / 0.045)²) = 1e-14
      expect(Math.abs(mass - 1)).toBeLessThan(1e-9);
      expect(Math.abs(product - second[i * 6 + j]) / width ** 2).toBeLessThan(1e-9);
    }
  });
});

describe("chain symmetries", () => {
  it("pinning both ends is symmetric under reversal, a ring under rotation", () => {
    const both = latticeChain({ dim: 5, coupling: 3, barrier: 1, boundary: "both" });
    expect(both.pairMarginal([0, 2], Float64Array.of(0.3), Float64Array.of(-1))[0]).toBeCloseTo(
      both.pairMarginal([4, 2], Float64Array.of(0.3), Float64Array.of(-1))[0],
      12,
    );
    const ring = latticeChain({ dim: 5, coupling: 3, barrier: 1, boundary: "periodic" });
    expect(ring.pairMarginal([0, 4], Float64Array.of(0.3), Float64Array.of(-1))[0]).toBeCloseTo(
      ring.pairMarginal([2, 3], Float64Array.of(0.3), Float64Array.of(-1))[0],
      12,
    );
  });

  it("long and stiff chains stay in range", () => {
    const long = latticeChain({ dim: 2000, coupling: 1000, barrier: 0.5, boundary: "free" });
    // one more site adds the log of the operator's greatest eigenvalue: log Z is linear in dim
    const growth = (dim: number): number =>
      latticeChain({ dim: dim + 1, coupling: 1000, barrier: 0.5, boundary: "free" }).logNormConst -
      latticeChain({ dim, coupling: 1000, barrier: 0.5, boundary: "free" }).logNormConst;
    expect(growth(1500)).toBeCloseTo(growth(2000), 9);
    expect(long.marginal(1000).cdf(0)).toBeCloseTo(0.5, 11);
    expect(long.pairMarginal([0, 1999], Float64Array.of(1), Float64Array.of(1))[0]).toBeGreaterThan(0);
  });
});
