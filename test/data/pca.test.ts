import { describe, expect, it } from "vitest";
import { mnist, nearestNeighbours, pca, rowsOf } from "../../src/data/index.js";
import { symmetricEigen } from "../../src/linalg/index.js";
import { key, normal } from "../../src/random/index.js";

const DIM = 7;
const SCALES = [5, 3, 2, 1, 0.5, 0.2, 0.1];

function ellipsoid(n: number, offset = 4): Float64Array {
  return normal(key(3), n * DIM).map((z, i) => offset + z * SCALES[i % DIM] + 0.3 * (i % DIM));
}

function covariance(x: Float64Array, dim: number): Float64Array {
  const n = x.length / dim;
  const mean = Array.from(
    { length: dim },
    (_, i) => x.filter((_, at) => at % dim === i).reduce((a, b) => a + b) / n,
  );
  const c = new Float64Array(dim * dim);
  for (let s = 0; s < n; s++)
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++)
        c[i * dim + j] += ((x[s * dim + i] - mean[i]) * (x[s * dim + j] - mean[j])) / n;
  return c;
}

describe("pca", () => {
  it("finds the eigenpairs that a full decomposition finds", async () => {
    const x = ellipsoid(500);
    const found = await pca(rowsOf(x, DIM), { components: 3 });
    const full = symmetricEigen(covariance(x, DIM), DIM);
    for (let r = 0; r < 3; r++) {
      const value = full.values[DIM - 1 - r];
      expect(Math.abs(found.variances[r] - value)).toBeLessThan(1e-12 * full.values[DIM - 1]);
      const overlap = Array.from(
        { length: DIM },
        (_, i) => full.vectors[i * DIM + DIM - 1 - r] * found.directions[r * DIM + i],
      );
      expect(Math.abs(Math.abs(overlap.reduce((a, b) => a + b)) - 1)).toBeLessThan(1e-12);
    }
    const share = [6, 5, 4].reduce((sum, i) => sum + full.values[i], 0) / full.values.reduce((a, b) => a + b);
    expect(found.explained).toBeCloseTo(share, 12);
  });

  it("whitens: scores have mean 0 and covariance 1", async () => {
    const x = ellipsoid(400);
    const scores = await (await pca(rowsOf(x, DIM), { components: 4 })).encode(rowsOf(x, DIM));
    const c = covariance(scores, 4);
    for (let i = 0; i < 16; i++) expect(Math.abs(c[i] - (i % 5 === 0 ? 1 : 0))).toBeLessThan(1e-9);
  });

  it("decodes what it encodes when no component is left out, and fixes the signs", async () => {
    const x = ellipsoid(50);
    const found = await pca(rowsOf(x, DIM), { components: DIM });
    const back = await found.decode(await found.encode(rowsOf(x, DIM)));
    for (let i = 0; i < x.length; i++) expect(Math.abs(back[i] - x[i])).toBeLessThan(1e-10);
    for (let r = 0; r < DIM; r++) {
      const row = Array.from(found.directions.subarray(r * DIM, (r + 1) * DIM));
      expect(Math.max(...row)).toBe(Math.max(...row.map(Math.abs)));
    }
  });

  it("refuses more components than the data's rank, and NaN", async () => {
    const flat = ellipsoid(40).map((v, i) => (i % DIM < 2 ? v : 1));
    await expect(pca(rowsOf(flat, DIM), { components: 3 })).rejects.toThrow("components: expected at most 2");
    const bad = ellipsoid(40);
    bad[11] = NaN;
    await expect(pca(rowsOf(bad, DIM), { components: 1 })).rejects.toThrow(
      "points[11]: expected a finite number",
    );
  });
});

describe("nearestNeighbours", () => {
  it("agrees with the comparison of all pairs, and can leave a point's self out", async () => {
    const x = ellipsoid(300);
    const { indices, distances } = await nearestNeighbours(rowsOf(x, DIM), rowsOf(x, DIM), {
      exclude: (i) => i,
    });
    for (let q = 0; q < 300; q++) {
      let [best, at] = [Infinity, -1];
      for (let i = 0; i < 300; i++) {
        const d = Math.hypot(...Array.from({ length: DIM }, (_, k) => x[q * DIM + k] - x[i * DIM + k]));
        if (i !== q && d < best) [best, at] = [d, i];
      }
      expect(indices[q]).toBe(at);
      expect(distances[q]).toBeCloseTo(best, 12);
    }
  });

  it("gives a copy the distance 0", async () => {
    const x = ellipsoid(30, 1000);
    const { distances } = await nearestNeighbours(rowsOf(x.slice(0, 70), DIM), rowsOf(x, DIM));
    expect(Math.max(...distances)).toBe(0);
  });
});

describe("mnist", () => {
  it("reads 70,000 digits with their labels", () => {
    const test = mnist({ split: "test" });
    expect([mnist().count, test.count, test.dim]).toEqual([60_000, 10_000, 784]);
    // the ten classes of the test set, as counted in the file's own label column by LeCun's page
    const counts = new Array<number>(10).fill(0);
    test.labels.forEach((label) => counts[label]++);
    expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    const pixels = test.rows(0, 100);
    expect([Math.min(...pixels), Math.max(...pixels)]).toEqual([0, 1]);
  });

  it("refuses more images than there are and a split that does not exist", () => {
    expect(() => mnist({ split: "test", count: 10_001 })).toThrow(
      "count: expected a whole number from 1 to 10000",
    );
    expect(() => mnist({ split: "tests" as "test" })).toThrow('did you mean "test"');
  });
});
