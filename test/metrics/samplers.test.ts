import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { modeWeights, signPatternWeights, standardDeviations, stdError } from "../../src/metrics/index.js";
import { manyWell, nineModes } from "../../src/targets/index.js";

describe("standard deviations", () => {
  it("are those by hand, with and without weights", () => {
    const points = Float64Array.of(0, 1, 2, 1, 4, 1);
    const [first, second] = standardDeviations(points, 2);
    expect(first).toBeCloseTo(Math.sqrt(8 / 3), 14);
    expect(second).toBe(0);
    const weighted = standardDeviations(points, 2, Float64Array.of(0.5, 0, 0.5));
    expect(weighted[0]).toBe(2);
  });

  it("of exact draws miss by their sampling error", () => {
    const target = nineModes();
    const n = 20_000;
    // std s of each coordinate with kurtosis below 3: error below s/sqrt(2n), averaged over two; five of them
    const bound = (5 * target.std()[0]) / Math.sqrt(4 * n);
    expect(stdError(target.sample(key(1), n), target.std())).toBeLessThan(bound);
    const wide = target.sample(key(1), n).map((x) => 1.1 * x);
    expect(stdError(wide, target.std())).toBeGreaterThan(0.3);
  });
});

describe("mode weights", () => {
  it("count the nearest centres", () => {
    const nine = nineModes();
    const n = 9000;
    const shares = modeWeights(nine.sample(key(2), n), nine.means, 2);
    expect(shares.length).toBe(9);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const share of shares) expect(Math.abs(share - 1 / 9)).toBeLessThan(5 * Math.sqrt(8 / 81 / n));
    const weights = new Float64Array(2).fill(0);
    weights[1] = 1;
    expect([...modeWeights(Float64Array.of(-1, 3), Float64Array.of(0, 4), 1, weights)]).toEqual([0, 1]);
  });

  it("count patterns of signs", () => {
    const wells = manyWell({ dim: 4, wells: 3 });
    const n = 8000;
    const shares = signPatternWeights(wells.sample(key(3), n), 4, 3);
    expect(shares.length).toBe(8);
    for (const share of shares) expect(Math.abs(share - 1 / 8)).toBeLessThan(5 * Math.sqrt(7 / 64 / n));
    expect([...signPatternWeights(Float64Array.of(1, -1), 2, 2)]).toEqual([0, 1, 0, 0]);
  });

  it("are refused where weights do not fit", () => {
    const x = normal(key(1), 8);
    expect(() => modeWeights(x, Float64Array.of(0, 0), 2, new Float64Array(3))).toThrow(
      /^weights: expected 4/,
    );
    expect(() => signPatternWeights(x, 2, 3)).toThrow(/^wells/);
    expect(() => standardDeviations(x, 3)).toThrow(/multiple of dim = 3/);
  });
});
