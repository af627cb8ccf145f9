import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../src/linalg/index.js";
import { largestDifference, positiveDefinite, product, transposed } from "./reference.js";

describe("symmetricEigen", () => {
  it.each([1, 2, 5, 40])("diagonalises a matrix of size %i, ascending", (n) => {
    const a = positiveDefinite(n);
    const { values, vectors } = symmetricEigen(a, n);
    expect([...values]).toEqual([...values].sort((x, y) => x - y));
    const scaled = vectors.map((v, at) => v * values[at % n]);
    const bound = 20 * n * Number.EPSILON * 6; // entries and eigenvalues are below 6
    expect(largestDifference(product(scaled, transposed(vectors, n, n), n, n, n), a)).toBeLessThan(bound);
    const identity = a.map((_, at) => (at % (n + 1) === 0 ? 1 : 0));
    expect(largestDifference(product(transposed(vectors, n, n), vectors, n, n, n), identity)).toBeLessThan(
      bound,
    );
  });

  it("refuses a matrix that is not symmetric, finite and square", () => {
    expect(() => symmetricEigen(Float64Array.of(1, 2, 3, 4), 2)).toThrow(
      /^a\[1, 0\]: expected a\[0, 1\] = 2/,
    );
    expect(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 4), 2)).toThrow(
      /^a\[1\]: expected a finite number/,
    );
    expect(() => symmetricEigen(new Float64Array(3), 2)).toThrow(/^a: /);
  });
});
