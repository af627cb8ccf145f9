import { describe, expect, it } from "vitest";
import { foldIn, key, normal } from "../../src/random/index.js";
import { convergedSinkhorn, tableSinkhorn } from "../../src/metrics/index.js";
import { euclideanPlan } from "../../src/transport/index.js";
import { funnel, manyWell, nineModes, type ExactTarget } from "../../src/targets/index.js";

describe("the tables' Sinkhorn value", () => {
  it("of a cloud with itself is about 1e-6", async () => {
    const x = normal(key(1), 1000);
    const { cost } = await tableSinkhorn(x, x, 2);
    expect(cost).toBeLessThan(1e-5);
  });

  const published: readonly (readonly [string, ExactTarget, value: number, spread: number])[] = [
    ["nine modes", nineModes(), 0.158, 0.004],
    ["many-well (5, 5, 4)", manyWell({ dim: 5 }), 0.299, 0.002],
    ["many-well (50, 5, 2)", manyWell({ dim: 50, wells: 5, delta: 2 }), 7.852, 0.019],
    ["the funnel", funnel(), 10.5, 1.3],
  ];
  it.each(published)(
    "between exact draws of %s at n = 1000 is the published one",
    async (_, target, value, spread) => {
      const draws = [0, 1].map((i) => target.sample(foldIn(key(11), i), 1000));
      const { cost, rounds, marginalError } = await tableSinkhorn(draws[0], draws[1], target.dim);
      // The spread was taken from one to four repetitions: three of it, and the last digit.
      expect(Math.abs(cost - value)).toBeLessThan(3 * spread + 5e-4);
      expect(rounds).toBe(100);
      expect(marginalError).toBeGreaterThan(0.05); // far from converged
    },
  );
});

describe("the converged Sinkhorn value", () => {
  it("finds the shift between two Gaussian clouds on the line", async () => {
    const x = normal(key(5), 400);
    const shifted = x.map((value) => value + 3);
    const { cost, converged, marginalError, epsilon } = await convergedSinkhorn(x, shifted, 1);
    // W1 of a shift is the shift; the entropic plan pays at most ε (1 + log n) more
    expect(converged).toBe(true);
    expect(marginalError).toBeLessThan(1e-3);
    expect(cost).toBeGreaterThan(3 - 1e-6);
    expect(cost).toBeLessThan(3 + epsilon * (1 + Math.log(400)));
  });
});

describe("euclideanPlan", () => {
  it("is the direct computation of its rounds", async () => {
    const [n, m, dim, epsilon] = [7, 5, 3, 0.4];
    const [x, y] = [normal(key(7), n * dim), normal(key(8), m * dim)];
    const cost = (i: number, j: number): number =>
      Math.hypot(...[0, 1, 2].map((c) => x[i * dim + c] - y[j * dim + c]));
    const [u, v] = [new Float64Array(n), new Float64Array(m)];
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < n; i++) {
        const sum = v.reduce((total, value, j) => total + Math.exp((value - cost(i, j)) / epsilon), 0);
        u[i] = epsilon * (Math.log(1 / n) - Math.log(sum));
      }
      for (let j = 0; j < m; j++) {
        const sum = u.reduce((total, value, i) => total + Math.exp((value - cost(i, j)) / epsilon), 0);
        v[j] = epsilon * (Math.log(1 / m) - Math.log(sum));
      }
    }
    let expected = 0;
    u.forEach((ui, i) =>
      v.forEach((vj, j) => (expected += Math.exp((ui + vj - cost(i, j)) / epsilon) * cost(i, j))),
    );
    const plan = await euclideanPlan(x, y, { dim, epsilons: [epsilon, epsilon, epsilon, epsilon] });
    expect(plan.cost).toBeCloseTo(expected, 12);
    expect(plan.rounds).toBe(4);
  });

  it("refuses no rounds, ragged clouds and a stop", async () => {
    const x = normal(key(1), 6);
    await expect(euclideanPlan(x, x, { dim: 2, epsilons: [] })).rejects.toThrow(/^epsilons/);
    await expect(euclideanPlan(x, x, { dim: 4, epsilons: [1] })).rejects.toThrow(/multiple of dim = 4/);
    await expect(euclideanPlan(x, x, { dim: 2, epsilons: [0] })).rejects.toThrow(/^epsilons\[0\]/);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(euclideanPlan(x, x, { dim: 2, epsilons: [1], signal })).rejects.toThrow("enough");
  });
});
