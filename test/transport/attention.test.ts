import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { attendChunk, attendDirectly } from "../../src/transport/attention-chunk.js";
import { attention, sinkhorn, squaredNorms } from "../../src/transport/index.js";

/** Straight from the definition, one query at a time. */
function naive(x: Float64Array, z: Float64Array, dim: number, variance: number, bias: Float64Array) {
  const [n, m] = [x.length / dim, z.length / dim];
  const out = {
    logSum: new Float64Array(n),
    mean: new Float64Array(n * dim),
    meanSquare: new Float64Array(n),
  };
  for (let i = 0; i < n; i++) {
    const square = (j: number): number => {
      let sum = 0;
      for (let c = 0; c < dim; c++) sum += (x[i * dim + c] - z[j * dim + c]) ** 2;
      return sum;
    };
    const exponents = Array.from({ length: m }, (_, j) => bias[j] - square(j) / (2 * variance));
    const peak = Math.max(...exponents);
    const total = exponents.reduce((sum, l) => sum + Math.exp(l - peak), 0);
    out.logSum[i] = peak + Math.log(total);
    exponents.forEach((l, j) => {
      const w = Math.exp(l - peak) / total;
      out.meanSquare[i] += w * square(j);
      for (let c = 0; c < dim; c++) out.mean[i * dim + c] += w * z[j * dim + c];
    });
  }
  return out;
}

function expectClose(ours: Float64Array, exact: Float64Array, tolerance: number): void {
  expect(ours).toHaveLength(exact.length);
  ours.forEach((v, k) =>
    expect(Math.abs(v - exact[k])).toBeLessThan(tolerance * Math.max(1, Math.abs(exact[k]))),
  );
}

describe("Gaussian attention", () => {
  it.each([
    ["few points, on the calling thread", 30, 50, 3, 0.3],
    ["queries apart on the pool", 700, 6000, 2, 0.05],
    ["products", 40, 300, 20, 4],
    ["products in several stretches and with sharp weights", 300, 20_000, 100, 0.5],
  ])("is the definition: %s", async (_, n, m, dim, variance) => {
    const [x, z, bias] = [normal(key(1), n * dim), normal(key(2), m * dim), normal(key(3), m)];
    const ours = await attention(x, z, { dim, variance, bias });
    const few = 12;
    const exact = naive(x.subarray(0, few * dim), z, dim, variance, bias);
    // exponents of size up to dim/v ~ 400 are rounded to 1e-16 of the squares' size over v
    const tolerance = 1e-11;
    expectClose(ours.logSum.subarray(0, few), exact.logSum, tolerance);
    expectClose(ours.mean.subarray(0, few * dim), exact.mean, tolerance);
    expectClose(ours.meanSquare.subarray(0, few), exact.meanSquare, tolerance);
    expect(ours.logSum).toHaveLength(n);
    expect([...ours.logSum, ...ours.mean].every(Number.isFinite)).toBe(true);
  });

  it("gives the same numbers by differences and by products", async () => {
    const dim = 20;
    const chunk = {
      x: normal(key(1), 10 * dim),
      z: normal(key(2), 90 * dim),
      bias: undefined,
      dim,
      variance: 0.4,
      means: true,
    };
    const [a, b] = [attendDirectly(chunk), await attendChunk(chunk)];
    expectClose(b.peak, a.peak, 1e-12);
    expectClose(b.sum, a.sum, 1e-10);
    expectClose(b.first, a.first, 1e-10);
    expectClose(b.second, a.second, 1e-10);
  });

  it("takes squared norms that are known: the same bits", async () => {
    const [x, z] = [normal(key(1), 5 * 20), normal(key(2), 90 * 20)];
    const options = { dim: 20, variance: 2 };
    const known = await attention(x, z, { ...options, squares: squaredNorms(z, 20) });
    expect(known).toEqual(await attention(x, z, options));
    const wrong = attention(x, z, { ...options, squares: new Float64Array(3) });
    await expect(wrong).rejects.toThrow(/squares: expected a Float64Array of length 90/);
  });

  it("leaves out points of weight zero", async () => {
    const z = Float64Array.of(0, 1, 2);
    const bias = Float64Array.of(-Infinity, 0, -Infinity);
    const { mean, logSum } = await attention(Float64Array.of(0.5), z, { dim: 1, variance: 1, bias });
    expect([mean[0], logSum[0]]).toEqual([1, -0.125]);
  });

  it("refuses what does not fit", async () => {
    const options = { dim: 2, variance: 1 };
    await expect(attention(new Float64Array(3), new Float64Array(4), options)).rejects.toThrow(/x: expected/);
    await expect(attention(new Float64Array(4), new Float64Array(3), options)).rejects.toThrow(/z: expected/);
    await expect(
      attention(new Float64Array(4), new Float64Array(4), { ...options, bias: new Float64Array(3) }),
    ).rejects.toThrow(/bias: expected/);
    await expect(
      attention(new Float64Array(4), new Float64Array(4), { dim: 2, variance: 0 }),
    ).rejects.toThrow(/variance/);
  });
});

describe("sinkhorn", () => {
  const [n, m, dim] = [60, 50, 2];
  const x = normal(key(1), n * dim);
  const y = normal(key(2), m * dim).map((v) => v + 0.5);

  const squares = (i: number, j: number): number =>
    (x[2 * i] - y[2 * j]) ** 2 + (x[2 * i + 1] - y[2 * j + 1]) ** 2;

  it("finds potentials whose plan has both marginals, and values that fit the plan", async () => {
    const epsilon = 0.3;
    const run = await sinkhorn(x, y, { dim, epsilon, tolerance: 1e-10 });
    expect(run.converged).toBe(true);
    expect(run.marginalError).toBeLessThan(1e-10);
    const columns = new Float64Array(m);
    let [cost, entropy] = [0, 0];
    for (let i = 0; i < n; i++) {
      let row = 0;
      for (let j = 0; j < m; j++) {
        const log = (run.f[i] + run.g[j] - squares(i, j)) / epsilon;
        const p = Math.exp(log) / (n * m);
        row += p;
        columns[j] += p;
        cost += p * squares(i, j);
        entropy += p * log;
      }
      expect(Math.abs(row - 1 / n)).toBeLessThan(1e-12);
    }
    columns.forEach((mass) => expect(Math.abs(mass - 1 / m)).toBeLessThan(1e-10));
    expect(Math.abs(run.cost - cost)).toBeLessThan(1e-10);
    expect(Math.abs(run.value - (cost + epsilon * entropy))).toBeLessThan(1e-9);
  });

  it("tends to the assignment of sorted points on the line as ε falls, and to the product plan as it grows", async () => {
    const [a, b] = [normal(key(5), 40), normal(key(6), 40)];
    const sorted = [a, b].map((points) => points.slice().sort());
    const exact = sorted[0].reduce((sum, v, i) => sum + (v - sorted[1][i]) ** 2 / 40, 0);
    const sharp = await sinkhorn(a, b, { dim: 1, epsilon: 0.01, tolerance: 1e-5, maxIterations: 20_000 });
    expect(sharp.converged).toBe(true);
    // entropic bias: Σ P C - exact <= ε log n, and the marginals' error times the largest cost
    expect(sharp.cost - exact).toBeGreaterThan(-1e-5 * 30);
    expect(sharp.cost - exact).toBeLessThan(0.01 * Math.log(40) + 1e-5 * 30);
    const blunt = await sinkhorn(a, b, { dim: 1, epsilon: 1e6 });
    const mean = (p: Float64Array, f: (v: number) => number): number =>
      p.reduce((sum, v) => sum + f(v) / 40, 0);
    const product = mean(a, (v) => v * v) + mean(b, (v) => v * v) - 2 * mean(a, (v) => v) * mean(b, (v) => v);
    // the plan's first order change is C²/ε
    expect(Math.abs(blunt.cost - product)).toBeLessThan(1e-3);
  });

  it("takes masses and says when rounds run out", async () => {
    const mass = Float64Array.of(0.25, 0.75, 0);
    const three = Float64Array.of(0, 1, 50);
    const run = await sinkhorn(three, Float64Array.of(0, 1), { dim: 1, epsilon: 0.01, a: mass });
    // one half must move from 1 ... to 0: a quarter of the mass by a distance of 1
    expect(run.converged).toBe(true);
    expect(Math.abs(run.cost - 0.25)).toBeLessThan(1e-6);
    const short = await sinkhorn(x, y, { dim, epsilon: 1e-3, maxIterations: 2, scaling: 1 });
    expect(short).toMatchObject({ converged: false, iterations: 2 });
    await expect(sinkhorn(x, y, { dim, epsilon: 1, a: mass })).rejects.toThrow(/a: expected 60 masses/);
  });
});
