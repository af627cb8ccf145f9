import { describe, expect, it } from "vitest";
import {
  NotPositiveDefiniteError,
  choleskyInPlace,
  choleskySmall,
  solveCholesky,
  solveTriangular,
} from "../../src/linalg/index.js";
import { key, normal } from "../../src/random/index.js";
import { largestDifference, positiveDefinite, product, transposed } from "./reference.js";

const EPS = Number.EPSILON;

describe("choleskySmall", () => {
  it("finds the exact factor of a matrix with an integer one", () => {
    // L = [[2, 0, 0], [1, 3, 0], [-4, 5, 1]]
    const a = Float64Array.of(4, 2, -8, 2, 10, 11, -8, 11, 42);
    expect([...choleskySmall(a, 3)]).toEqual([2, 0, 0, 1, 3, 0, -4, 5, 1]);
  });

  // sizes below, at and beside the panel width of 16, and with every remainder of rows modulo four
  it.each([1, 2, 3, 4, 15, 16, 17, 18, 33, 50, 127])("gives L Lᵀ = A for n = %i", (n) => {
    const a = positiveDefinite(n);
    const l = choleskySmall(a, n);
    const back = product(l, transposed(l, n, n), n, n, n);
    // Higham, Accuracy and Stability, theorem 10.3: |A - L Lᵀ| <= (n + 1) ε/2 |L||L|ᵀ <= (n + 1) ε/2 max a_ii, and the product's own n ε/2
    const bound = (2 * n + 1) * (EPS / 2) * Math.max(...a);
    expect(largestDifference(back, a)).toBeLessThanOrEqual(bound);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l[i * n + j]).toBe(0);
  });

  it("reads the lower triangle only and leaves its argument alone", () => {
    const a = positiveDefinite(20);
    const lower = a.map((entry, at) => (at % 20 > Math.floor(at / 20) ? NaN : entry));
    const before = lower.slice();
    expect(choleskySmall(lower, 20)).toEqual(choleskySmall(a, 20));
    expect(lower).toEqual(before);
  });

  it("works in place inside a longer array", () => {
    const all = new Float64Array(5 + 2 * 400).fill(7);
    all.set(positiveDefinite(20, 1), 5);
    all.set(positiveDefinite(20, 2), 405);
    choleskyInPlace(all, 20, 5);
    choleskyInPlace(all, 20, 405);
    expect(all.slice(0, 5)).toEqual(new Float64Array(5).fill(7));
    expect(all.slice(5, 405)).toEqual(choleskySmall(positiveDefinite(20, 1), 20));
    expect(all.slice(405)).toEqual(choleskySmall(positiveDefinite(20, 2), 20));
  });

  it("factors a matrix of condition number 1e12 with a small residual", () => {
    const n = 40;
    const q = choleskySmall(positiveDefinite(n), n);
    const scaled = q.map((entry, at) => entry * 10 ** (-6 * (Math.floor(at / n) / (n - 1))));
    const a = product(scaled, transposed(scaled, n, n), n, n, n);
    const l = choleskySmall(a, n);
    const back = product(l, transposed(l, n, n), n, n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const bound = (2 * n + 1) * (EPS / 2) * Math.sqrt(a[i * (n + 1)] * a[j * (n + 1)]);
        expect(Math.abs(back[i * n + j] - a[i * n + j])).toBeLessThanOrEqual(bound);
      }
    }
  });
});

describe("a matrix without a factor", () => {
  const failure = (a: Float64Array, n: number): NotPositiveDefiniteError => {
    try {
      choleskySmall(a, n, { argument: "gram" });
    } catch (error) {
      if (error instanceof NotPositiveDefiniteError) return error;
    }
    throw new Error("it was accepted");
  };

  it("is refused with the argument, the pivot and its value", () => {
    const a = positiveDefinite(30);
    a[20 * 31] = -2;
    const error = failure(a, 30);
    expect(error).toMatchObject({ name: "NotPositiveDefiniteError", argument: "gram", index: 20 });
    expect(error.value).toBeLessThan(-2);
    expect(error.message).toContain("gram: expected a positive definite matrix");
    expect(error.message).toContain(`pivot 20 of 0..29 is ${error.value}`);
  });

  it.each([3, 25, 40])("is refused when column %i of its Gram matrix repeats another", (copy) => {
    const [n, rows] = [41, 200];
    const x = normal(key(4), rows * n);
    for (let r = 0; r < rows; r++) x[r * n + copy] = x[r * n + 1];
    const gram = product(transposed(x, rows, n), x, n, n, rows);
    expect(failure(gram, n).index).toBe(copy);
  });

  it("is refused for NaN and infinite entries on the way", () => {
    const a = positiveDefinite(20);
    a[7 * 20 + 3] = NaN;
    expect(failure(a, 20)).toMatchObject({ index: 7, value: NaN });
    a[7 * 20 + 3] = 1;
    a[9 * 21] = Infinity;
    expect(failure(a, 20).index).toBe(9);
  });

  it("does not refuse small numbers for being small", () => {
    const a = positiveDefinite(20).map((entry) => entry * 1e-200);
    expect(choleskySmall(a, 20)[0]).toBeCloseTo(Math.sqrt(a[0]), 110);
  });
});

describe("solveTriangular and solveCholesky", () => {
  it.each([
    [1, 1],
    [5, 1],
    [16, 3],
    [37, 4],
    [70, 9],
  ])("solve %i equations with %i right-hand sides", (n, r) => {
    const a = positiveDefinite(n);
    const l = choleskySmall(a, n);
    const x = normal(key(5), n * r);
    const bound = 50 * n * EPS; // condition number below 10, entries of x below 5
    const lt = transposed(l, n, n);
    expect(largestDifference(solveTriangular(l, n, product(l, x, n, r, n)), x)).toBeLessThan(bound);
    const back = solveTriangular(l, n, product(lt, x, n, r, n), { transpose: true });
    expect(largestDifference(back, x)).toBeLessThan(bound);
    expect(largestDifference(solveCholesky(l, n, product(a, x, n, r, n)), x)).toBeLessThan(bound);
  });

  it("give the same numbers for right-hand sides laid out by rows", () => {
    const [n, r] = [33, 6];
    const l = choleskySmall(positiveDefinite(n), n);
    const b = normal(key(6), n * r);
    const rows = solveCholesky(l, n, transposed(b, n, r), { rhs: "rows" });
    expect(transposed(rows, r, n)).toEqual(solveCholesky(l, n, b));
  });

  it("refuse what does not fit, and a singular triangle", () => {
    const l = choleskySmall(positiveDefinite(3), 3);
    expect(() => solveCholesky(l, 3, new Float64Array(4))).toThrow(/^b: expected .* multiple of n = 3/);
    expect(() => solveCholesky(l, 3, new Float64Array(0))).toThrow(/^b: /);
    expect(() => solveCholesky(l, 4, new Float64Array(4))).toThrow(
      /^l: expected a Float64Array of length 4 x 4/,
    );
    l[4] = 0;
    expect(() => solveTriangular(l, 3, new Float64Array(3))).toThrow(/^l\[1, 1\]: expected a finite pivot/);
    expect(() => choleskySmall(new Float64Array(8), 3)).toThrow(
      /^a: expected a Float64Array of length 3 x 3 = 9/,
    );
    expect(() => choleskySmall([1] as unknown as Float64Array, 1)).toThrow(/^a: /);
    expect(() => choleskyInPlace(new Float64Array(9), 3, 1)).toThrow(/^a: expected at least 3 x 3 entries/);
  });
});
