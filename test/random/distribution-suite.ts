/**
 * Distributions and independence. Seeds are fixed (three more in the slow suite); each bound is five standard errors of its statistic (two-sided failure
 * probability 5.7e-7 for a right generator and a fresh seed) or the 1e-6 quantile of its law.
 */
import { erf } from "mathjs";
import { describe, expect, it } from "vitest";
import {
  bits,
  categorical,
  foldIn,
  key,
  normal,
  permutation,
  randint,
  split,
  uniform,
} from "../../src/random/index.js";

const N = 1_000_000;

function meanOf(n: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += term(i);
  return sum / n;
}

/** sqrt(n) sup |F_n - F|; above 2.69 with probability 2 exp(-2 · 2.69²) = 1e-6 under the law F. */
function kolmogorov(sample: Float64Array, cdf: (x: number) => number): number {
  const sorted = sample.slice().sort();
  const n = sorted.length;
  let worst = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    worst = Math.max(worst, p - i / n, (i + 1) / n - p);
  });
  return worst * Math.sqrt(n);
}

function chiSquared(counts: ArrayLike<number>, expected: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += (counts[i] - expected(i)) ** 2 / expected(i);
  return sum;
}

function popCount(word: number): number {
  let count = 0;
  for (let w = word; w !== 0; w &= w - 1) count++;
  return count;
}

/** All of the checks, with keys counted from `seed`. */
export function distributionSuite(seed: number): void {
  describe("uniform", () => {
    const u = uniform(key(seed + 11), N);

    it("lies in the open interval, on the grid of odd multiples of 2^-53", () => {
      expect(u.every((x) => x > 0 && x < 1 && (x * 2 ** 53) % 2 === 1)).toBe(true);
    });

    it("has the moments 1/2, 1/3, 1/4 and the right law", () => {
      for (const p of [1, 2, 3]) {
        const standardError = Math.sqrt((1 / (2 * p + 1) - 1 / (p + 1) ** 2) / N);
        expect(Math.abs(meanOf(N, (i) => u[i] ** p) - 1 / (p + 1))).toBeLessThan(5 * standardError);
      }
      expect(kolmogorov(u, (x) => x)).toBeLessThan(2.69);
    });

    it("sets each of the 64 bits of a block half of the time", () => {
      const words = bits(key(seed + 12), N);
      for (let bit = 0; bit < 64; bit++) {
        const frequency = meanOf(N / 2, (b) => (words[2 * b + (bit >> 5)] >>> (bit & 31)) & 1);
        expect(Math.abs(frequency - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / (N / 2)));
      }
    });
  });

  describe("normal", () => {
    const z = normal(key(seed + 13), 4 * N);

    it("has the moments 0, 1, 0, 3, 0, 15", () => {
      const moment = [1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395];
      for (let p = 1; p <= 6; p++) {
        const standardError = Math.sqrt((moment[2 * p] - moment[p] ** 2) / z.length);
        expect(Math.abs(meanOf(z.length, (i) => z[i] ** p) - moment[p])).toBeLessThan(5 * standardError);
      }
    });

    it("has the right law", () => {
      const cdf = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;
      expect(kolmogorov(z.subarray(0, 200_000), cdf)).toBeLessThan(2.69);
    });

    // P(z > t): scipy.stats.norm.sf(t); a count's standard error is the root of its expectation
    it.each([
      [2, 0.022750131948179195],
      [3, 0.0013498980316300933],
      [4, 3.167124183311986e-5],
    ])("exceeds %i on both sides as often as it should", (t, probability) => {
      const expected = probability * z.length;
      for (const sign of [1, -1]) {
        const count = z.reduce((sum, x) => sum + (sign * x > t ? 1 : 0), 0);
        expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
      }
    });

    it("is uncorrelated along the stream, within and across pairs, also in squares", () => {
      const n = 2 * N;
      for (const lag of [1, 2, 3, 4096]) {
        expect(Math.abs(meanOf(n, (i) => z[i] * z[i + lag]))).toBeLessThan(5 / Math.sqrt(n));
        const squares = meanOf(n, (i) => (z[i] ** 2 - 1) * (z[i + lag] ** 2 - 1));
        expect(Math.abs(squares)).toBeLessThan((5 * 2) / Math.sqrt(n));
      }
    });
  });

  describe("streams of related keys", () => {
    const parent = key(seed + 14);
    const [first, second] = split(parent);
    const n = 200_000;
    it.each([
      ["two split keys", first, second],
      ["a parent and a child", parent, first],
      ["two folded keys", foldIn(parent, 0), foldIn(parent, 1)],
      ["a split and a folded key", first, foldIn(parent, 0)],
      ["neighbouring seeds", key(seed), key(seed + 1)],
      ["seeds that differ in the high word", key(seed + 5), key(seed + 5 + 2 ** 32)],
    ])("%s are uncorrelated, and half of their bits differ", (_, a, b) => {
      const [za, zb] = [normal(a, n), normal(b, n)];
      expect(Math.abs(meanOf(n, (i) => za[i] * zb[i]))).toBeLessThan(5 / Math.sqrt(n));
      const [wa, wb] = [bits(a, n), bits(b, n)];
      const differing = meanOf(n, (i) => popCount(wa[i] ^ wb[i]));
      expect(Math.abs(differing - 16)).toBeLessThan(5 * Math.sqrt(8 / n));
    });

    it("differ in half of their bits over many neighbouring seeds", () => {
      const heads = Uint32Array.from({ length: 20_000 }, (_, i) => bits(key(seed + i), 1)[0]);
      const differing = meanOf(heads.length - 1, (i) => popCount(heads[i] ^ heads[i + 1]));
      // neighbouring differences share a word but are uncorrelated: variance 8 each
      expect(Math.abs(differing - 16)).toBeLessThan(5 * Math.sqrt(8 / heads.length));
    });
  });

  describe("discrete draws", () => {
    it("randint is flat", () => {
      const counts = new Float64Array(7);
      for (const i of randint(key(seed + 15), 70_000, 10, 17)) counts[i - 10]++;
      expect(chiSquared(counts, () => 10_000)).toBeLessThan(38.26); // chi2.ppf(1 - 1e-6, 6)
    });

    it("categorical follows its weights and never draws weight zero", () => {
      const weights = [0, 1, 0, 2.5, 4, 0.5, 2, 0];
      const counts = new Float64Array(8);
      for (const i of categorical(key(seed + 16), weights, 100_000)) counts[i]++;
      expect([counts[0], counts[2], counts[7]]).toEqual([0, 0, 0]);
      const drawn = [1, 3, 4, 5, 6];
      const observed = drawn.map((i) => counts[i]);
      expect(chiSquared(observed, (i) => weights[drawn[i]] * 10_000)).toBeLessThan(33.38); // chi2.ppf(1 - 1e-6, 4)
    });

    it("permutation makes every order of four equally often", () => {
      const counts = new Map<string, number>();
      for (const child of split(key(seed + 17), 24_000)) {
        const order = permutation(child, 4).join("");
        counts.set(order, (counts.get(order) ?? 0) + 1);
      }
      expect(counts.size).toBe(24);
      expect(chiSquared([...counts.values()], () => 1000)).toBeLessThan(70.55); // chi2.ppf(1 - 1e-6, 23)
    });
  });
}
