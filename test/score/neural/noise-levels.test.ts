import { describe, expect, it } from "vitest";
import { key } from "../../../src/random/index.js";
import { levelRows, timeDraws } from "../../../src/score/neural/noise-levels.js";
import { varianceExploding, variancePreserving } from "../../../src/sde/index.js";

describe("training times", () => {
  const process = varianceExploding({ horizon: 100 });
  const n = 20_000;

  it.each([
    ["uniform", (t: number) => (t - 1e-4) / (100 - 1e-4)],
    ["logUniform", (t: number) => Math.log(t / 1e-4) / Math.log(1e6)],
  ] as const)("are %s", (law, cdf) => {
    const u = timeDraws(process, { law, earliest: 1e-4 })(key(1), n).map(cdf).sort();
    const distance = u.reduce((most, value, i) => Math.max(most, Math.abs(value - (i + 0.5) / n)), 0);
    // Kolmogorov: exceeded once in a million times at 2.69/√n
    expect(distance).toBeLessThan(2.69 / Math.sqrt(n));
  });

  it("lie between the ends that are asked for", () => {
    const t = timeDraws(process, { earliest: 2, latest: 3 })(key(2), 100);
    expect(Math.min(...t)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...t)).toBeLessThanOrEqual(3);
    expect(() => timeDraws(process, { earliest: 3, latest: 2 })).toThrow(
      /times\.earliest: expected a time before/,
    );
  });
});

describe("what a net sees of a level", () => {
  it("is factor, deviation, scale and code", () => {
    const process = variancePreserving();
    const [m, std, scale, code] = levelRows(process, Float64Array.of(0.4), 0.5);
    expect(m ** 2 + std ** 2).toBeCloseTo(1, 12);
    expect(scale).toBeCloseTo(1 / Math.sqrt(0.25 * m * m + std * std), 12);
    expect(Math.exp(4 * code)).toBeCloseTo(std ** 2 / m ** 2, 10);
  });

  it("is ¼ log v for noise that is only added", () => {
    const rows = levelRows(varianceExploding({ horizon: 9 }), Float64Array.of(0.01, 9), 1);
    expect(rows[3]).toBeCloseTo(0.25 * Math.log(0.01), 12);
    expect([...rows.subarray(4)]).toEqual([1, 3, 1 / Math.sqrt(10), expect.closeTo(0.25 * Math.log(9), 12)]);
  });
});
