import { describe, expect, it } from "vitest";
import { pde, random } from "../../src/index.js";

const size = 32;
const cells = size * size;
const fieldsOf = (n: number, f: (field: number, x: number, y: number) => number) =>
  Float64Array.from({ length: n * cells }, (_, i) => {
    const at = i % cells;
    const [x, y] = [at % size, Math.floor(at / size)].map((j) => (2 * Math.PI * j) / size);
    return f(Math.floor(i / cells), x, y);
  });

describe("the flatness of a derivative", () => {
  it("is 3/2 for a wave, on every grid and along the fast axis only", () => {
    const waves = fieldsOf(2, (field, x, y) => Math.sin(3 * x + field) + Math.cos(5 * y));
    const { flatness, standardError } = pde.derivativeFlatness(waves, { size });
    expect(flatness).toBeCloseTo(1.5, 10);
    expect(standardError).toBeCloseTo(0, 10);
  });

  it("differentiates exactly what the grid resolves", () => {
    const fields = fieldsOf(2, (field, x) => Math.exp((1 + field) * Math.cos(x)));
    const slopes = fieldsOf(
      2,
      (field, x) => -(1 + field) * Math.sin(x) * Math.exp((1 + field) * Math.cos(x)),
    );
    const mean = (power: number) => slopes.reduce((sum, value) => sum + value ** power / slopes.length, 0);
    const { flatness } = pde.derivativeFlatness(fields, { size });
    expect(flatness).toBeCloseTo(mean(4) / mean(2) ** 2, 9);
  });

  it("has the standard error of the ratio's linearisation", () => {
    const n = 400;
    const z = random.normal(random.key(1), n).map((value) => 1 + 0.2 * value);
    const { flatness, standardError } = pde.derivativeFlatness(
      fieldsOf(n, (field, x) => z[field] * Math.sin(x)),
      { size },
    );
    // of a wave with amplitude z: ⟨s²⟩ = z²/2, ⟨s⁴⟩ = 3z⁴/8
    const mean = (f: (value: number) => number) => z.reduce((sum, value) => sum + f(value) / n, 0);
    const [second, fourth] = [mean((a) => a ** 2 / 2), mean((a) => (3 * a ** 4) / 8)];
    const variance = mean((a) => ((3 * a ** 4) / 8 / fourth - 1 - 2 * (a ** 2 / 2 / second - 1)) ** 2);
    expect(flatness).toBeCloseTo(fourth / second ** 2, 10);
    expect(standardError / (flatness * Math.sqrt(variance / n))).toBeCloseTo(1, 1);
  });

  it("refuses a single field and grids that are not powers of two", () => {
    expect(() => pde.derivativeFlatness(new Float64Array(cells), { size })).toThrow(/two fields/);
    expect(() => pde.derivativeFlatness(new Float64Array(2 * 900), { size: 30 })).toThrow(/16 and 32/);
  });
});
