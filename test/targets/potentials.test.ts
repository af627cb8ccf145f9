import { describe, expect, it } from "vitest";
import { doubleWell, parsePotential, polynomial, quadratic, quartic } from "../../src/targets/index.js";

const POTENTIALS = [
  quadratic(),
  quadratic({ mean: -1.5, variance: 0.3 }),
  doubleWell(),
  doubleWell({ barrier: 2.5 }),
  quartic({ scale: 0.5 }),
  polynomial([1, 0, -2, 0.5, 1]),
  parsePotential("(1 - x^2)^2"),
  parsePotential("x^4/4 - x^2/2 + 0.3 sin(2 pi x) exp(-x^2)"),
  parsePotential("log(cosh(x)) + sqrt(1 + x^2)"),
  parsePotential("x^2 / (1 + exp(-3x)) - -x"),
];

describe("potentials", () => {
  it.each(POTENTIALS.map((p) => [p.text, p] as const))(
    "%s: derivative is that of the value",
    (_, potential) => {
      for (let i = 0; i <= 40; i++) {
        const x = -2 + i / 10;
        const step = 1e-5;
        const slope = (potential.value(x + step) - potential.value(x - step)) / (2 * step);
        // third derivatives are below 400 here: truncation 400 step²/6, rounding 1e-14/step
        expect(Math.abs(potential.derivative(x) - slope)).toBeLessThan((400 * step ** 2) / 6 + 1e-13 / step);
      }
    },
  );

  it("write themselves", () => {
    expect(polynomial([1, 0, -2, 0.5, 1]).text).toBe("1 - 2 x^2 + 0.5 x^3 + x^4");
    expect(polynomial([0, -1]).text).toBe("-x");
    expect(polynomial([0]).text).toBe("0");
    expect(doubleWell({ barrier: 2 }).tex).toBe("2 \\left(1 - x^2\\right)^2");
    expect(quadratic({ mean: -1, variance: 2 }).text).toBe("(x + 1)^2 / 4");
  });

  it("parse from their own text", () => {
    for (const potential of POTENTIALS) {
      const again = parsePotential(potential.text);
      for (const x of [-1.7, 0, 0.4]) expect(again.value(x)).toBeCloseTo(potential.value(x), 12);
    }
  });

  it("refuse bad numbers", () => {
    expect(() => quadratic({ variance: 0 })).toThrow(/variance: expected a positive/);
    expect(() => doubleWell({ barrier: -1 })).toThrow(/barrier/);
    expect(() => quartic({ scale: NaN })).toThrow(/scale/);
    expect(() => polynomial([])).toThrow(/coefficients/);
    expect(() => polynomial([1, Infinity])).toThrow(/coefficients\[1\]/);
  });
});

describe("parsePotential", () => {
  it("gives TeX and keeps the text", () => {
    const potential = parsePotential("(1 - x^2)^2 / 4");
    expect(potential.text).toBe("(1 - x ^ 2) ^ 2 / 4");
    expect(potential.tex).toBe("\\frac{{\\left(1-{x}^{2}\\right)}^{2}}{4}");
  });

  it("takes the mean slope at a kink", () => {
    const potential = parsePotential("abs(x) + 2x");
    expect(potential.derivative(0)).toBeCloseTo(2, 7);
    expect(potential.derivative(-1)).toBe(1);
  });

  it.each([
    ["x^2 + y", /got "y"/],
    ["x^2 + sinn(x)", /did you mean "sin"/],
    ["x > 0", /operations/],
    ["x^2; x", /one real variable x/],
    ["x = 3", /one real variable x/],
    ["log(x, 2)", /one argument/],
    ["(1 - x", /Parenthesis/],
    ["x + i", /got "i"/],
    ["constructor(x)", /got "constructor"/],
    ["toString", /got "toString"/],
    [" ", /a formula in x/],
  ])("refuses %s", (text, message) => {
    expect(() => parsePotential(text)).toThrow(message);
  });
});
