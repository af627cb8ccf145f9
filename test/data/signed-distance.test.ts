import { describe, expect, it } from "vitest";
import { data, metrics, random } from "../../src/index.js";

describe("signed distances", () => {
  it("are the least distances to the other side, by trying all", () => {
    const n = 13;
    const mask = random
      .uniform(random.key(3), n * n)
      .map((u, p) => (u < 0.15 || (p % n > 4 && p % n < 8) ? 1 : 0));
    const brute = (p: number, wanted: boolean) => {
      let least = Infinity;
      for (let q = 0; q < n * n; q++) {
        if (mask[q] > 0 !== wanted) continue;
        least = Math.min(least, Math.hypot((p % n) - (q % n), Math.floor(p / n) - Math.floor(q / n)));
      }
      return least;
    };
    data.signedDistance(mask, n).forEach((d, p) => {
      expect(d).toBeCloseTo((brute(p, true) - brute(p, false)) / n, 12);
    });
  });

  it("of a mask that is all one side are one", () => {
    expect([...data.signedDistance(new Float64Array(4), 2)]).toEqual([1, 1, 1, 1]);
    expect([...data.signedDistance(new Float64Array(4).fill(1), 2)]).toEqual([-1, -1, -1, -1]);
  });

  it("of digits are small and negative where there is ink", () => {
    const shapes = data.mnistShapes({ count: 20 });
    expect(shapes.size).toBe(32);
    const inside = shapes.values.filter((d) => d < 0).length / shapes.values.length;
    expect(inside).toBeGreaterThan(0.05);
    expect(inside).toBeLessThan(0.25);
    expect(shapes.values.every((d) => Math.abs(d) >= 1 / 32 && Math.abs(d) < 1)).toBe(true);
  });
});

describe("resizing", () => {
  it("keeps lines, between the outermost centres", () => {
    const image = Float64Array.from({ length: 16 }, (_, p) => (p % 4) + 0.5 + 10 * (Math.floor(p / 4) + 0.5));
    const wide = data.resizeBilinear(image, 4, 8);
    for (let i = 1; i < 7; i++)
      for (let j = 1; j < 7; j++) expect(wide[i * 8 + j]).toBeCloseTo((j + 0.5) / 2 + 5 * (i + 0.5), 12);
    expect([...data.resizeBilinear(image, 4, 4)]).toEqual([...image]);
  });
});

describe("statistics of shapes", () => {
  const disc = (n: number, radius: number, hole: number) =>
    Float64Array.from({ length: n * n }, (_, p) => {
      const r = Math.hypot(((p % n) + 0.5) / n - 0.5, (Math.floor(p / n) + 0.5) / n - 0.5);
      return Math.max(r - radius, hole - r);
    });

  it("of a disc and a ring", () => {
    const one = metrics.shapeStatistics(disc(256, 0.3, -1), 256);
    expect(one.area).toBeCloseTo(Math.PI * 0.09, 3);
    // along pixel edges a circle is as long as its square
    expect(one.perimeter).toBeCloseTo(8 * 0.3, 1);
    expect(one.eulerNumber).toBe(1);
    expect(one.eikonal).toBeLessThan(1e-3);
    expect(metrics.shapeStatistics(disc(256, 0.3, 0.1), 256).eulerNumber).toBe(0);
    const doubled = metrics.shapeStatistics(
      disc(64, 0.3, -1).map((d) => 2 * d),
      64,
    );
    expect(doubled.eikonal).toBeCloseTo(1, 1);
  });

  it("count pieces, those at a corner as one", () => {
    const mask = new Float64Array(25).fill(1);
    mask[0] = mask[24] = -1;
    expect(metrics.shapeStatistics(mask, 5).eulerNumber).toBe(2);
    mask[18] = -1;
    expect(metrics.shapeStatistics(mask, 5).eulerNumber).toBe(2);
  });
});
