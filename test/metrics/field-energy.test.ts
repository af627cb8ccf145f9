import { describe, expect, it } from "vitest";
import { metrics, random } from "../../src/index.js";

describe("energies of fields", () => {
  it("are sums of squares, and signs are counted", () => {
    const modes = Float64Array.from([3, 4, -1, 0, 2, 2]);
    expect([...metrics.fieldEnergies(modes, 2)]).toEqual([25, 1, 8]);
    const share = metrics.positiveShare(modes, 2, 0);
    expect(share.mean).toBeCloseTo(2 / 3, 14);
    expect(share.standardError).toBeCloseTo(Math.sqrt(2 / 27), 14);
  });

  it("have means with their standard errors", () => {
    const { mean, standardError } = metrics.meanEstimate(Float64Array.from([1, 2, 3, 4]));
    expect(mean).toBe(2.5);
    expect(standardError).toBeCloseTo(Math.sqrt(5 / 3 / 4), 14);
    expect(() => metrics.meanEstimate(Float64Array.from([1]))).toThrow(/values: .*at least two/);
  });

  it("are known better by a control variate", () => {
    const control = random.normal(random.key(1), 100);
    const values = control.map((y, i) => 1 + y + 0.01 * Math.sin(i));
    const found = metrics.controlledMean(values, control, { mean: 0, standardError: 0 });
    expect(Math.abs(found.mean - 1)).toBeLessThan(0.005);
    expect(found.standardError).toBeLessThan(0.001);
    expect(metrics.meanEstimate(values).standardError).toBeGreaterThan(0.05);
  });
});
