import { describe, expect, it } from "vitest";
import { key } from "../../src/random/index.js";
import { manyWell } from "../../src/targets/index.js";

describe("manyWell", () => {
  it("has the published constants of (5, 5, 4)", () => {
    const target = manyWell({ dim: 5, wells: 5, delta: 4 });
    expect(Math.abs(target.logNormConst - -0.541055512881)).toBeLessThan(1e-9);
    for (const std of target.std()) expect(Math.abs(std - 1.983457749067)).toBeLessThan(1e-9);
    expect(Math.abs(target.well.moment(2) - 3.934104642334)).toBeLessThan(1e-9);
    expect(Math.abs(target.well.moment(4) - 15.98641857)).toBeLessThan(1e-8);
    expect(Math.abs(target.well.expectation(Math.abs) - 1.97501508795)).toBeLessThan(1e-9);
  });

  it("has the published constants of (50, 5, 2)", () => {
    const target = manyWell({ dim: 50, wells: 5, delta: 2 });
    expect(Math.abs(target.logNormConst - 42.817242677529)).toBeLessThan(1e-9);
    const std = target.std();
    expect(Math.abs(std[4] - 1.354747844246)).toBeLessThan(1e-9);
    expect(std[5]).toBe(1);
    expect(Math.abs(std.reduce((sum, value) => sum + value, 0) / 50 - 1.035474784425)).toBeLessThan(1e-9);
    expect(Math.abs(target.well.moment(2) - 1.83534172149)).toBeLessThan(1e-9);
    expect(Math.abs(target.well.moment(4) - 3.92068344)).toBeLessThan(5e-9 + 1e-9);
    // ∫ |x| e^{-(x² - δ)²} dx = ½ sqrt(π) (1 + erf(δ)) in closed form, erf(2) = 0.995322265018953
    const size = ((Math.sqrt(Math.PI) / 2) * 1.995322265018953) / Math.exp(target.well.logNormConst);
    expect(Math.abs(target.well.expectation(Math.abs) - size)).toBeLessThan(1e-12);
  });

  it("draws every sign pattern equally often, with the right second moment", () => {
    const target = manyWell({ dim: 6, wells: 5, delta: 4 });
    const n = 32_000;
    const draws = target.sample(key(8), n);
    const counts = new Float64Array(32);
    let second = 0;
    for (let s = 0; s < n; s++) {
      const row = draws.subarray(6 * s, 6 * s + 6);
      counts[row.slice(0, 5).reduce((code, x) => 2 * code + (x > 0 ? 1 : 0), 0)]++;
      second += row[0] ** 2 / n;
    }
    // counts have deviation sqrt(1000 31/32); var x² = 15.986 - 3.934²; six standard errors
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(6 * Math.sqrt(969));
    expect(Math.abs(second - 3.934104642334)).toBeLessThan(
      6 * Math.sqrt((15.98641857 - 3.934104642334 ** 2) / n),
    );
  });

  it("refuses more wells than coordinates", () => {
    expect(() => manyWell({ dim: 3, wells: 4 })).toThrow(/^wells: expected a whole number from 0 to 3/);
    expect(() => manyWell({ dim: 3, delta: 0 })).toThrow(/^delta: expected a positive/);
    expect(() => manyWell({ dim: 3, well: 1 } as never)).toThrow(/did you mean "wells"/);
  });
});
