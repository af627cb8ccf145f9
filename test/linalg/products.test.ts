import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  NotPositiveDefiniteError,
  cholesky,
  choleskySmall,
  gram,
  matmul,
  transpose,
} from "../../src/linalg/index.js";
import { inOrder } from "../../src/linalg/in-order.js";
import { key, normal } from "../../src/random/index.js";
import { largestDifference, positiveDefinite, product, transposed } from "./reference.js";

/** Two orders of summation of k products: 2 k u Σ|a b| with u = 2^-53; entries of normal(…) stay below 6. */
const summation = (k: number): number => 2 * k * 2 ** -53 * k * 36;

describe("matmul", () => {
  it.each([
    // plain JavaScript: every remainder of rows and columns
    [1, 1, 1],
    [3, 5, 7],
    [4, 2, 9],
    [7, 6, 1],
    [17, 9, 33],
    // the pool: one task, several stretches of rows, of k, and a transposed copy
    [120, 110, 100],
    [2000, 30, 60],
    [40, 50, 70_000 / 50],
  ])("agrees with the triple loop for m %i, n %i, k %i in all four forms", async (m, n, k) => {
    const a = normal(key(1), m * k);
    const b = normal(key(2), k * n);
    const expected = product(a, b, m, n, k);
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const left = transposeA ? transposed(a, m, k) : a;
        const right = transposeB ? transposed(b, k, n) : b;
        const c = await matmul(left, right, { m, n, k, transposeA, transposeB });
        expect(largestDifference(c, expected)).toBeLessThanOrEqual(summation(k));
      }
    }
  });

  it("sums over stretches of a long k", async () => {
    const [m, n, k] = [3, 2, 200_000];
    const a = normal(key(1), k * m);
    const b = normal(key(2), k * n);
    const c = await matmul(a, b, { m, n, k, transposeA: true });
    expect(largestDifference(c, product(transposed(a, k, m), b, m, n, k))).toBeLessThanOrEqual(summation(k));
  });

  it("reads views and shared memory, and lets NaN through", async () => {
    const all = new Float64Array(new SharedArrayBuffer(8 * 40_010));
    all.set(normal(key(3), 40_000), 10);
    const a = all.subarray(10);
    const b = normal(key(4), 40_000);
    const c = await matmul(a, b, { m: 200, n: 200, k: 200 });
    expect(largestDifference(c, product(a, b, 200, 200, 200))).toBeLessThanOrEqual(summation(200));
    b[5] = NaN;
    const spoiled = await matmul(a, b, { m: 200, n: 200, k: 200 });
    expect(spoiled.every((x, at) => Number.isNaN(x) === (at % 200 === 5))).toBe(true);
  });

  it("refuses lengths that do not fit and unknown options", async () => {
    const a = new Float64Array(6);
    await expect(matmul(a, a, { m: 2, n: 3, k: 3 })).rejects.toThrow(/^b: expected .* length 3 x 3 = 9/);
    await expect(matmul(a, a, { m: 2, n: 0, k: 3 })).rejects.toThrow(
      /^n: expected a whole number of at least 1/,
    );
    const misspelt = { m: 2, n: 2, k: 3, transposedA: true } as never;
    await expect(matmul(a, a, misspelt)).rejects.toThrow(/did you mean "transposeA"/);
  });
});

describe("gram", () => {
  it.each([
    [5, 3],
    [1, 4],
    [100, 33], // plain JavaScript
    [900, 70],
    [700, 300],
    [3000, 65],
    [40, 1700], // one, three and the most tiles of columns
  ])(
    "of %i rows and %i columns agrees with the triple loop and is symmetric to the bit",
    async (rows, cols) => {
      const a = normal(key(5), rows * cols);
      const g = await gram(a, rows, cols);
      const expected = product(transposed(a, rows, cols), a, cols, cols, rows);
      expect(largestDifference(g, expected)).toBeLessThanOrEqual(summation(rows));
      expect(largestDifference(g, transposed(g, cols, cols))).toBe(0);
    },
  );

  it("takes several stretches of rows, of shared memory too", async () => {
    const [rows, cols] = [20_000, 12];
    const a = normal(key(6), rows * cols);
    const view = new Float64Array(new SharedArrayBuffer(8 * a.length));
    view.set(a);
    const g = await gram(a, rows, cols);
    expect(await gram(view, rows, cols)).toEqual(g);
    expect(largestDifference(g, product(transposed(a, rows, cols), a, cols, cols, rows))).toBeLessThan(
      summation(rows),
    );
  });

  it("refuses ragged rows", async () => {
    await expect(gram(new Float64Array(7), 2, 3)).rejects.toThrow(
      /^a: expected a Float64Array of length 2 x 3 = 6/,
    );
    await expect(gram(new Float64Array(0), 0, 3)).rejects.toThrow(/^rows: /);
  });
});

describe("cholesky", () => {
  // calling thread; panels of 192 with a remainder; several tiles of rows
  it.each([5, 192, 193, 500, 700])("gives L Lᵀ = A for n = %i", async (n) => {
    const x = normal(key(7), n * n);
    const a = await gram(x, n, n);
    for (let i = 0; i < n; i++) a[i * n + i] += n;
    const l = await cholesky(a, n);
    const back = await matmul(l, l, { m: n, n, k: n, transposeB: true });
    const largest = a.reduce((max, entry) => Math.max(max, entry), 0);
    // as for choleskySmall: (2n + 1) ε/2 max a_ii, and a panel's solve by products adds its width
    expect(largestDifference(back, a)).toBeLessThanOrEqual((2 * n + 200) * 2 ** -53 * largest);
    expect(l.every((entry, at) => at % n <= Math.floor(at / n) || entry === 0)).toBe(true);
    // two backward stable factors differ by about κ(A) n u ‖L‖, where κ = 5 and ‖L‖² = 5n
    expect(largestDifference(l, choleskySmall(a, n))).toBeLessThan(5 * n * 2 ** -53 * Math.sqrt(5 * n));
  });

  it("names the argument, the pivot and its value, on the calling thread and on the pool", async () => {
    for (const [n, bad] of [
      [50, 33],
      [600, 130],
      [600, 511],
    ]) {
      const a = positiveDefinite(n);
      a[bad * (n + 1)] = -1;
      const error: unknown = await cholesky(a, n, { argument: "gram" }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(NotPositiveDefiniteError);
      expect(error).toMatchObject({ argument: "gram", index: bad });
      expect((error as Error).message).toContain(`pivot ${bad} of 0..${n - 1}`);
    }
    await expect(cholesky(new Float64Array(5), 2, { argument: "gram" })).rejects.toThrow(/^gram: /);
  });

  it("finds a repeated column far down", async () => {
    const n = 400;
    const x = normal(key(8), 900 * n);
    for (let r = 0; r < 900; r++) x[r * n + 350] = 2 * x[r * n + 20];
    await expect(cholesky(await gram(x, 900, n), n)).rejects.toMatchObject({ index: 350 });
  });
});

describe("the number of threads", () => {
  it("does not change a bit of any result", () => {
    const script = fileURLToPath(new URL("./fixtures/digest.js", import.meta.url));
    const digests = ["1", "2", "3"].map((threads) => {
      const env = { ...process.env, SCOREBOOK_THREADS: threads };
      const run = spawnSync(process.execPath, [script], { env, encoding: "utf8", timeout: 60_000 });
      expect(run.stderr).toBe("");
      return run.stdout;
    });
    expect(digests[0]).toMatch(/^[0-9a-f]{64}\n$/);
    expect(new Set(digests).size).toBe(1);
  });
});

describe("inOrder", () => {
  it("keeps the order and the limit", async () => {
    const taken: number[] = [];
    let [running, most] = [0, 0];
    const start = async (i: number): Promise<number> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, ((7 * i) % 5) + 1));
      running--;
      return i * i;
    };
    await inOrder(12, 3, start, (result) => taken.push(result));
    expect(taken).toEqual(Array.from({ length: 12 }, (_, i) => i * i));
    expect(most).toBe(3);
  });

  it("reports the first failure and starts no more", async () => {
    let started = 0;
    const start = (i: number): Promise<number> => {
      started++;
      return i >= 1 ? Promise.reject(new Error(`task ${i}`)) : Promise.resolve(i);
    };
    await expect(inOrder(10, 2, start, () => undefined)).rejects.toThrow("task 1");
    expect(started).toBeLessThan(5);
  });
});

describe("transpose", () => {
  it.each([
    [1, 5],
    [16, 16],
    [17, 40],
    [33, 2],
  ])("of %i x %i", (rows, cols) => {
    const a = normal(key(9), rows * cols);
    expect(transpose(a, rows, cols)).toEqual(transposed(a, rows, cols));
  });
});
