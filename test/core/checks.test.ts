import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  checkDecreasing,
  checkFinite,
  checkInteger,
  checkKeys,
  checkLinearObservation,
  checkNumber,
  checkOneOf,
  checkPoints,
  checkPositive,
  editDistance,
  nearest,
} from "../../src/core/index.js";

describe("number checks", () => {
  it("return what they accept", () => {
    expect(checkNumber("x", -2.5)).toBe(-2.5);
    expect(checkNumber("x", 1, { min: 1, max: 1 })).toBe(1);
    expect(checkPositive("x", Number.MIN_VALUE)).toBe(Number.MIN_VALUE);
    expect(checkInteger("x", 3, { min: 3 })).toBe(3);
  });

  it.each([NaN, Infinity, -Infinity, "1", null, undefined, 1n])("refuse %s", (value) => {
    for (const check of [checkNumber, checkPositive, checkInteger]) {
      expect(() => check("x", value as number)).toThrow(ArgumentError);
    }
  });

  it("take numbers that fall as an array of their own, and name the first that does not", () => {
    const values = [3, 2, 0.5];
    expect(checkDecreasing("times", values, checkPositive)).toEqual(Float64Array.from(values));
    const refused = (given: ArrayLike<number>) => () => checkDecreasing("times", given, checkPositive);
    expect(refused([])).toThrow("times: expected at least one number");
    expect(refused(undefined as never)).toThrow("times: expected at least one number");
    expect(refused([3, 2, 2, 3])).toThrow("times[2]: expected decreasing times, got 2");
    expect(refused([3, -1, 2])).toThrow("times[1]: expected a positive finite number, got -1");
    expect(refused([3, NaN])).toThrow("times[1]: expected a positive finite number, got NaN");
  });

  it("say what was given and what is expected", () => {
    expect(() => checkNumber("eta", 2, { max: 1 })).toThrow(
      "eta: expected a finite number of at most 1, got 2",
    );
    expect(() => checkNumber("eta", 2, { min: 3, max: 4 })).toThrow("a finite number from 3 to 4, got 2");
    expect(() => checkPositive("beta", 0)).toThrow("beta: expected a positive finite number, got 0");
    expect(() => checkInteger("n", 2.5, { min: 0 })).toThrow(
      "n: expected a whole number of at least 0, got 2.5",
    );
  });

  it("carry the argument's name", () => {
    try {
      checkPositive("temperature", -1);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "ArgumentError", argument: "temperature" });
    }
  });
});

describe("checkLinearObservation", () => {
  const good = { matrix: Float64Array.of(1, 0, 0, 1, 1, 0), value: Float64Array.of(2, 3), noise: 0.1 };
  const check = (change: Partial<typeof good>, dim = 3, minNoise = 0) => {
    checkLinearObservation("seen", { ...good, ...change }, { dim, minNoise });
  };

  it("takes as many rows as values", () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({ noise: 0 })).not.toThrow();
  });

  it("names what is wrong", () => {
    expect(() => check({}, 2)).toThrow("seen.matrix: expected 2 rows of 2 numbers");
    expect(() => check({ value: new Float64Array(0) })).toThrow("seen.value: expected at least one number");
    expect(() => check({ value: Float64Array.of(1, NaN) })).toThrow("seen.value[1]: expected a finite");
    expect(() => check({ matrix: good.matrix.map(() => Infinity) })).toThrow("seen.matrix[0]");
    expect(() => check({ noise: 0 }, 3, 1e-12)).toThrow("seen.noise: expected a finite number of at least");
  });
});

describe("checkFinite and checkPoints", () => {
  it("name the first bad entry", () => {
    expect(() => checkFinite("data", Float64Array.of(1, 2, NaN, Infinity))).toThrow(
      "data[2]: expected a finite number, got NaN",
    );
  });

  it("count points, and refuse empty, ragged or other arrays", () => {
    expect(checkPoints("data", new Float64Array(6), 3)).toBe(2);
    expect(() => checkPoints("data", new Float64Array(0), 3)).toThrow(/^data: .* multiple of dim = 3, got/);
    expect(() => checkPoints("data", new Float64Array(7), 3)).toThrow(/^data: .* got Float64Array\(7\)/);
    expect(() => checkPoints("data", [1, 2] as never, 2)).toThrow(/^data: .* got an array of length 2/);
    expect(() => checkPoints("data", Float64Array.of(0, NaN), 2)).toThrow(/^data\[1\]: /);
  });
});

describe("names", () => {
  it("are checked against a list, with the nearest one as a hint", () => {
    expect(checkOneOf("basis", "fourier", ["hermite", "fourier"])).toBe("fourier");
    expect(() => checkOneOf("basis", "furier", ["hermite", "fourier"])).toThrow(
      'basis: expected one of hermite, fourier (did you mean "fourier"?), got "furier"',
    );
    expect(() => checkKeys("options", { stepsize: 1 }, ["stepSize", "numSteps"])).toThrow(
      /options\.stepsize: .*did you mean "stepSize"/,
    );
    expect(() => checkKeys("options", { numSteps: 1 }, ["stepSize", "numSteps"])).not.toThrow();
  });

  it("have the edit distance of Levenshtein, and no neighbour when all are far", () => {
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(editDistance("", "abc")).toBe(3);
    expect(nearest("xyzxyz", ["hermite", "fourier"])).toBeUndefined();
  });
});
