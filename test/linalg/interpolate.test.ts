import { describe, expect, it } from "vitest";
import { interpolate } from "../../src/linalg/index.js";

const grid = (n: number, a: number, b: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => a + ((b - a) * i) / (n - 1));
const uneven = Float64Array.of(-2, -1.5, -1, 0.25, 0.5, 2, 3.5);
const METHODS = ["linear", "monotone", "natural"] as const;

describe.each(METHODS)("%s interpolation", (method) => {
  const y = uneven.map((x) => Math.sin(2 * x));
  const f = interpolate(uneven, y, { method });

  it("passes through its points", () => {
    uneven.forEach((x, i) => expect(Math.abs(f.value(x) - y[i])).toBeLessThan(1e-15));
  });

  it("reproduces a straight line with its slope", () => {
    const line = interpolate(
      uneven,
      uneven.map((x) => 3 * x - 1),
      { method },
    );
    for (const t of [-1.9, -1, 0, 0.3, 3.49]) {
      expect(Math.abs(line.value(t) - (3 * t - 1))).toBeLessThan(1e-14);
      expect(Math.abs(line.derivative(t) - 3)).toBeLessThan(1e-14);
    }
  });

  it("has the derivative of its values", () => {
    const h = 1e-6;
    for (const t of [-1.8, -0.3, 0.4, 1.1, 3]) {
      const difference = (f.value(t + h) - f.value(t - h)) / (2 * h);
      expect(Math.abs(f.derivative(t) - difference)).toBeLessThan(1e-8);
    }
  });

  it("clamps, extends or refuses beyond its ends", () => {
    expect(f.value(-9)).toBe(y[0]);
    expect(f.derivative(9)).toBe(0);
    const on = interpolate(uneven, y, { method, outside: "extend" });
    expect(on.derivative(9)).toBeCloseTo(f.derivative(3.5), 14);
    expect(on.value(5.5)).toBeCloseTo(y[6] + 2 * f.derivative(3.5), 13);
    expect(on.value(-3)).toBeCloseTo(y[0] - f.derivative(-2), 13);
    const strict = interpolate(uneven, y, { method, outside: "refuse" });
    expect(() => strict.value(3.51)).toThrow(/^x: expected a number from -2 to 3.5, got 3.51/);
    expect(strict.value(3.5)).toBeCloseTo(y[6], 14);
    expect(() => f.value(NaN)).toThrow(/^x: /);
  });

  it("does many at once", () => {
    const t = grid(50, -3, 4);
    expect([...f.values(t)]).toEqual([...t].map((x) => f.value(x)));
  });

  it("takes two points", () => {
    const two = interpolate(Float64Array.of(1, 3), Float64Array.of(5, 9), { method });
    expect(two.value(2)).toBeCloseTo(7, 14);
  });
});

describe("order of accuracy on a smooth function", () => {
  /** log2 of the ratio of errors on grids of 41 and 81 points, away from the ends. */
  function order(method: (typeof METHODS)[number]): number {
    const error = (n: number): number => {
      const x = grid(n, 0, 3);
      const f = interpolate(x, x.map(Math.exp), { method });
      return Math.max(...grid(501, 1, 2).map((t) => Math.abs(f.value(t) - Math.exp(t))));
    };
    return Math.log2(error(41) / error(81));
  }
  it.each([
    ["linear", 2],
    ["monotone", 3],
    ["natural", 4],
  ] as const)("%s: %i", (method, expected) => {
    // the monotone slopes are second-order accurate, which gives at least third order in the values
    expect(order(method)).toBeGreaterThan(expected - 0.2);
    expect(order(method)).toBeLessThan(expected + (method === "monotone" ? 1.2 : 0.2));
  });
});

describe("monotone", () => {
  it("never overshoots steps, and is monotone between them", () => {
    const x = Float64Array.of(0, 1, 2, 2.1, 3, 5, 6);
    const y = Float64Array.of(0, 0, 0.1, 5, 5, 5.01, 9);
    const f = interpolate(x, y, { method: "monotone" });
    const values = f.values(grid(2001, 0, 6));
    expect(values.every((v, i) => i === 0 || v >= values[i - 1] - 1e-14)).toBe(true);
    expect(Math.min(...values)).toBe(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(9 + 1e-14);
    const natural = interpolate(x, y, { method: "natural" }).values(grid(2001, 0, 6));
    expect(Math.max(...natural.subarray(0, 1200))).toBeGreaterThan(5.1);
  });
});

describe("natural", () => {
  it("has a continuous second derivative that vanishes at the ends", () => {
    const y = uneven.map((x) => Math.cos(x));
    const f = interpolate(uneven, y, { method: "natural" });
    const h = 1e-4;
    const curvature = (t: number): number => (f.derivative(t + h) - f.derivative(t - h)) / (2 * h);
    for (const knot of uneven.subarray(1, 6)) {
      // on both sides of a knot at distance 2h: differ by at most 4h times the third derivative
      expect(Math.abs(curvature(knot - 2 * h) - curvature(knot + 2 * h))).toBeLessThan(0.01);
    }
    expect(Math.abs(curvature(-2 + 2 * h))).toBeLessThan(0.01);
    expect(Math.abs(curvature(3.5 - 2 * h))).toBeLessThan(0.01);
  });
});

describe("refusals", () => {
  const x = Float64Array.of(0, 1, 2);
  it("name the argument", () => {
    expect(() => interpolate(Float64Array.of(0), Float64Array.of(0))).toThrow(
      /^x: expected at least two points/,
    );
    expect(() => interpolate(x, Float64Array.of(0, 1))).toThrow(/^y: expected a Float64Array of length 3/);
    expect(() => interpolate(Float64Array.of(0, 2, 2), x)).toThrow(
      /^x\[2\]: expected more than x\[1\] = 2, got 2/,
    );
    expect(() => interpolate(x, Float64Array.of(0, NaN, 1))).toThrow(/^y\[1\]: /);
    expect(() => interpolate(x, x, { method: "cubic" as never })).toThrow(/^options.method: .*one of linear/);
    expect(() => interpolate(x, x, { methd: "linear" } as never)).toThrow(/did you mean "method"/);
  });
});
