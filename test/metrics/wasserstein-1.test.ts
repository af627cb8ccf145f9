import { describe, expect, it } from "vitest";
import { metrics, random } from "../../src/index.js";

describe("the Wasserstein-1 distance of numbers", () => {
  it("is the shift of a shifted set, and the area between two distribution functions", () => {
    const x = random.normal(random.key(1), 100);
    expect(
      metrics.wasserstein1(
        x,
        x.map((value) => value + 0.3),
      ),
    ).toBeCloseTo(0.3, 12);
    const y = random.normal(random.key(2), 37).map((value) => 2 * value);
    // ∫ |F - G| by the merged points
    const points = [...x, ...y].sort((a, b) => a - b);
    const below = (set: Float64Array, t: number) => set.filter((value) => value <= t).length / set.length;
    let area = 0;
    for (let i = 0; i + 1 < points.length; i++) {
      area += (points[i + 1] - points[i]) * Math.abs(below(x, points[i]) - below(y, points[i]));
    }
    expect(metrics.wasserstein1(x, y)).toBeCloseTo(area, 12);
  });
});
