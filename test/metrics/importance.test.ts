import { describe, expect, it } from "vitest";
import { key, normal } from "../../src/random/index.js";
import {
  effectiveSampleSize,
  evidenceLowerBound,
  logMeanExp,
  normalisedWeights,
} from "../../src/metrics/index.js";

describe("importance weights", () => {
  it("that are constant give their log and a full sample size", () => {
    const log = new Float64Array(1000).fill(-1234.5);
    expect(logMeanExp(log)).toBe(-1234.5);
    expect(effectiveSampleSize(log)).toBe(1);
    expect(evidenceLowerBound(log)).toBe(-1234.5);
  });

  it("shifted by a constant shift log Z and leave the sample size", () => {
    const log = normal(key(1), 1000);
    const shifted = log.map((value) => value + 700);
    expect(logMeanExp(shifted)).toBeCloseTo(logMeanExp(log) + 700, 10);
    expect(effectiveSampleSize(shifted)).toBeCloseTo(effectiveSampleSize(log), 12);
  });

  it("log-normal have the closed mean and sample size", () => {
    // log w ~ N(-s²/2, s²): E w = 1, E w² = exp(s²), ESS -> exp(-s²)
    const n = 40_000;
    const s2 = 0.25;
    const log = normal(key(2), n).map((z) => Math.sqrt(s2) * z - s2 / 2);
    // relative variances: exp(s²) - 1 = 0.28; for w² exp(4 s²) - 1 = 1.7; six standard errors
    expect(Math.abs(logMeanExp(log))).toBeLessThan(6 * Math.sqrt(0.29 / n));
    expect(Math.abs(effectiveSampleSize(log) - Math.exp(-s2))).toBeLessThan(6 * Math.sqrt(1.8 / n));
    expect(Math.abs(evidenceLowerBound(log) + s2 / 2)).toBeLessThan(6 * Math.sqrt(s2 / n));
  });

  it("of zero count as points", () => {
    const log = Float64Array.of(0, -Infinity);
    expect(logMeanExp(log)).toBeCloseTo(-Math.log(2), 14);
    expect(effectiveSampleSize(log)).toBe(0.5);
    expect([...normalisedWeights(log)]).toEqual([1, 0]);
  });

  it("are refused by name where they are no numbers", () => {
    expect(() => logMeanExp(Float64Array.of(0, NaN))).toThrow(/^logWeights\[1\]/);
    expect(() => effectiveSampleSize(Float64Array.of(Infinity))).toThrow(/^logWeights\[0\]/);
    expect(() => logMeanExp(Float64Array.of(-Infinity))).toThrow(/at least one weight above zero/);
    expect(() => logMeanExp(new Float64Array(0))).toThrow(/at least one number/);
    expect(() => evidenceLowerBound(Float64Array.of(-Infinity))).toThrow(/^logWeights\[0\]/);
  });
});
