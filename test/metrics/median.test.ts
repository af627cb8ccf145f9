import { describe, expect, it } from "vitest";
import { metrics, random } from "../../src/index.js";

describe("the median", () => {
  it("has as many numbers above as below, and between two is their mean", () => {
    const odd = random.normal(random.key(1), 101);
    const middle = metrics.median(odd);
    expect(odd.filter((value) => value < middle)).toHaveLength(50);
    expect(odd.filter((value) => value > middle)).toHaveLength(50);
    expect(metrics.median([10, 9, -2, 1])).toBe(5); // by size, not by their digits
    expect(metrics.median([7])).toBe(7);
  });

  it("leaves its argument in order, is NaN with a NaN among them, and refuses none", () => {
    const values = Float64Array.of(3, 1, 2);
    expect(metrics.median(values)).toBe(2);
    expect(values).toEqual(Float64Array.of(3, 1, 2));
    expect(metrics.median([1, NaN, 2])).toBeNaN();
    expect(() => metrics.median([])).toThrow(/values: .*at least one/);
  });
});
