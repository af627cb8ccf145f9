import { describe, expect, it } from "vitest";
import { exponential, schedule, steps, warmupCosine } from "../../src/train/schedule.js";

describe("warmupCosine", () => {
  const rate = warmupCosine({ peak: 0.01, final: 1e-4, warmup: 50, numSteps: 1050 });

  it("grows linearly and reaches its peak with the last step of the warm-up", () => {
    expect(rate(0)).toBeCloseTo(0.01 / 50, 15);
    expect(rate(24)).toBeCloseTo(0.005, 15);
    expect(rate(49)).toBe(0.01);
  });

  it("is the peak, the mean and the final rate at the ends and the middle of the cosine", () => {
    expect(rate(50)).toBe(0.01);
    expect(rate(550)).toBeCloseTo((0.01 + 1e-4) / 2, 15);
    expect(rate(1050)).toBeCloseTo(1e-4, 15);
    expect(rate(5000)).toBe(rate(1050));
  });

  it("begins at the peak without a warm-up", () => {
    expect(warmupCosine({ peak: 3, numSteps: 10 })(0)).toBe(3);
  });
});

describe("exponential", () => {
  it("passes through its two ends and is geometric in between", () => {
    const rate = exponential({ start: 1, final: 0.01, numSteps: 100 });
    expect(rate(0)).toBe(1);
    expect(rate(50)).toBeCloseTo(0.1, 15);
    expect(rate(100)).toBeCloseTo(0.01, 15);
    expect(rate(200)).toBe(rate(100));
  });

  it("held for 100 steps is 0.02^(100/60000) every 100 steps, from 0.005 to 1e-4", () => {
    const rate = exponential({ start: 0.005, final: 1e-4, numSteps: 60_000, every: 100 });
    expect(rate(99)).toBe(0.005);
    expect(rate(100)).toBeCloseTo(0.005 * 0.02 ** (100 / 60_000), 15);
    expect(rate(59_999)).toBeCloseTo(0.005 * 0.02 ** (599 / 600), 15);
  });
});

describe("steps", () => {
  it("change at every multiple", () => {
    const rate = steps({ start: 0.01, factor: 0.8, at: 2000 });
    expect([0, 1999, 2000, 6000].map(rate)).toEqual([0.01, 0.01, 0.01 * 0.8, 0.01 * 0.8 ** 3]);
  });

  it("change at listed steps: 10, 50, 250", () => {
    const clip = steps({ start: 10, factor: 5, at: [200, 400] });
    expect([0, 199, 200, 399, 400, 1000].map(clip)).toEqual([10, 10, 50, 50, 250, 250]);
  });
});

it("a fixed rate is a constant schedule; a function is called with the step", () => {
  expect(schedule("learningRate", 0.1)(7)).toBe(0.1);
  expect(schedule("learningRate", (step) => 2 * step)(7)).toBe(14);
});

it.each<[string, () => unknown, string]>([
  [
    "a rate of zero",
    () => schedule("learningRate", 0),
    "learningRate: expected a positive finite number, got 0",
  ],
  [
    "a schedule that gives NaN",
    () => schedule("learningRate", () => NaN)(3),
    "learningRate(3): expected a finite number",
  ],
  ["a warm-up longer than the run", () => warmupCosine({ peak: 1, warmup: 10, numSteps: 10 }), "numSteps"],
  ["a decay to zero", () => exponential({ start: 1, final: 0, numSteps: 5 }), "final"],
  ["no steps", () => exponential({ start: 1, final: 1, numSteps: 0 }), "numSteps"],
  [
    "changes out of order",
    () => steps({ start: 1, factor: 2, at: [5, 5] }),
    "at[1]: expected a step after 5",
  ],
])("%s is refused by name", (_, run, message) => {
  expect(run).toThrow(message);
});
