import { describe, expect, it } from "vitest";
import { choleskySmall, matmul } from "../../src/linalg/index.js";
import { key, normal } from "../../src/random/index.js";
import { solveRows, subtractOuter } from "../../src/score/spectral/eliminate.js";

async function factorOf(width: number): Promise<Float64Array> {
  const a = normal(key(1), width * width);
  const gram = await matmul(a, a, { m: width, n: width, k: width, transposeB: true });
  for (let i = 0; i < width; i++) gram[i * width + i] += width;
  return choleskySmall(gram, width);
}

const largest = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

describe("elimination of the common block", () => {
  it.each([
    ["few rows", 20, 30],
    ["many rows", 400, 120],
  ])("solves Y Lᵀ = B for %s", async (_, count, width) => {
    const factor = await factorOf(width);
    const b = normal(key(2), count * width);
    const y = await solveRows(b.slice(), count, factor, width);
    const back = await matmul(y, factor, { m: count, n: width, k: width, transposeB: true });
    // backward error of a triangular solve: width ε times the sizes of Y and L
    const bound = width * Number.EPSILON * largest(y) * largest(factor) * Math.sqrt(width);
    expect(largest(back.map((value, i) => value - b[i]))).toBeLessThan(bound);
  });

  it.each([
    [4, 30],
    [100, 400],
  ])("subtracts products of blocks of %i rows of %i", async (block, width) => {
    const y = normal(key(3), 3 * block * width);
    const c = new Float64Array(block * block).fill(1);
    await subtractOuter(c, y, 0, 2, block, width);
    for (const [i, j] of [
      [0, 0],
      [block - 1, 1],
      [2, block - 1],
    ]) {
      let sum = 1;
      for (let k = 0; k < width; k++) sum -= y[i * width + k] * y[(2 * block + j) * width + k];
      expect(Math.abs(c[i * block + j] - sum)).toBeLessThan(1e-11);
    }
  });
});
