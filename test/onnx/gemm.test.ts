import { afterAll, describe, expect, it } from "vitest";
import { gemmOnPool } from "../../src/onnx/gemm.js";
import { createPool } from "../../src/onnx/pool.js";

const two = createPool(2);
afterAll(() => two.close());

/** A fixed sequence without pattern: fractional parts of multiples of the golden ratio, minus one half. */
const sequence = (length: number, offset: number) =>
  Float64Array.from({ length }, (_, i) => (((i + offset) * 0.6180339887498949) % 1) - 0.5);

function reference(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  ta: boolean,
  tb: boolean,
) {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      for (let l = 0; l < k; l++)
        c[i * n + j] += a[ta ? l * m + i : i * k + l] * b[tb ? j * k + l : l * n + j];
  return c;
}

describe("the float64 product in a thread", () => {
  it.each([
    [7, 5, 11, false, false],
    [7, 5, 11, true, false],
    [7, 5, 11, false, true],
    [7, 5, 11, true, true],
    [1, 1, 1, true, true],
    [64, 3, 200, true, false],
  ])("m %i, n %i, k %i, transposed %s %s", async (m, n, k, transposeA, transposeB) => {
    const a = sequence(m * k, 1);
    const b = sequence(k * n, 1000);
    const c = await gemmOnPool({ a, b, m, n, k, transposeA, transposeB }, two);
    const expected = reference(a, b, m, n, k, transposeA, transposeB);
    // Two orders of summation differ by at most 2 (k - 1) u sum|a b|, u = 2^-53, and |a b| <= 1/4.
    const bound = 2 * k * 2 ** -53 * (k / 4);
    c.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(bound));
    expect(c).toHaveLength(m * n);
  });

  it("reads views and shared memory, and writes to shared memory", async () => {
    const shared = new SharedArrayBuffer(8 * 10);
    const view = new Float64Array(shared, 16, 2);
    view.set([3, 4]);
    const out = new Float64Array(shared, 48, 1);
    const result = await gemmOnPool(
      { a: view, b: Float64Array.of(9, 1, 2, 9).subarray(1, 3), m: 1, n: 1, k: 2, out },
      two,
    );
    expect(out[0]).toBe(11);
    expect(result).toHaveLength(0);
  });

  it("names what does not fit", async () => {
    const a = Float64Array.of(1, 2);
    const good = { a, b: a, m: 1, n: 1, k: 2 };
    await expect(gemmOnPool({ ...good, k: 3 }, two)).rejects.toThrow(
      /a: expected a Float64Array of length 3/,
    );
    await expect(gemmOnPool({ ...good, b: Float64Array.of(1) }, two)).rejects.toThrow(/^b: expected/);
    await expect(gemmOnPool({ ...good, m: 0 }, two)).rejects.toThrow(/^m: expected a whole number/);
    await expect(gemmOnPool({ ...good, out: new Float64Array(1) }, two)).rejects.toThrow(/SharedArrayBuffer/);
  });
});
