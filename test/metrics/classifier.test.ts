import { afterAll, describe, expect, it } from "vitest";
import { metrics, random } from "../../src/index.js";
import { pool } from "../../src/onnx/index.js";

afterAll(() => pool().close());

describe("a classifier", () => {
  const draw = (key: random.Key, n: number) => {
    const labels = Array.from({ length: n }, (_, i) => i % 2);
    const points = random.normal(key, 2 * n).map((z, i) => (i % 2 === 0 ? z + (i % 4 === 0 ? -1 : 1) : z));
    return { labels, points };
  };

  it("of two Gaussian classes comes near the exact posterior", async () => {
    const train = draw(random.key(1), 4000);
    const judge = await metrics.fitClassifier(train.points, {
      dim: 2,
      labels: train.labels,
      key: random.key(2),
      numSteps: 400,
      width: 16,
    });
    const test = draw(random.key(3), 600);
    const found = await judge.probabilities(test.points);
    let error = 0;
    for (let i = 0; i < 600; i++) {
      expect(found[2 * i] + found[2 * i + 1]).toBeCloseTo(1, 5);
      // p(1 | x) = 1/(1 + e^{-2x}) for unit variances and means -1 and 1
      error += Math.abs(found[2 * i + 1] - 1 / (1 + Math.exp(-2 * test.points[2 * i]))) / 600;
    }
    expect(error).toBeLessThan(0.05);
    // Bayes: Φ(1) = 0.8413, of 600 draws with a standard error of 0.015
    const { likeliest } = metrics.confidence(found, 2, { asked: test.labels });
    expect(Math.abs(likeliest - 0.8413)).toBeLessThan(4 * 0.015 + 0.01);
  });

  it("refuses labels that are not one a point", async () => {
    const options = { dim: 2, labels: [0, 1], key: random.key(0), numSteps: 1 };
    await expect(metrics.fitClassifier(new Float64Array(6), options)).rejects.toThrow(/labels.*3 classes/);
    await expect(metrics.fitClassifier(new Float64Array(4), { ...options, labels: [0, -1] })).rejects.toThrow(
      /labels\[1\]/,
    );
  });
});

describe("confidence", () => {
  const probabilities = Float64Array.from([0.95, 0.05, 0.3, 0.7, 0.1, 0.9, 0.6, 0.4]);

  it("counts what is sure, and what is right", () => {
    const found = metrics.confidence(probabilities, 2, { asked: [0, 1, 0, 0] });
    expect(found).toEqual({ sure: 0.5, asAsked: 0.25, likeliest: 0.75 });
    expect(metrics.confidence(probabilities, 2, { threshold: 0.65 }).sure).toBe(0.75);
    expect(metrics.confidence(probabilities, 2).asAsked).toBeNaN();
  });

  it("refuses a threshold that is no probability", () => {
    expect(() => metrics.confidence(probabilities, 2, { threshold: 2 })).toThrow(/threshold/);
    expect(() => metrics.confidence(probabilities, 2, { asked: [0] })).toThrow(/asked/);
  });
});

describe("coverage", () => {
  it("is the share of each cell that is inside, shape by shape", () => {
    const n = 12;
    const fields = random.normal(random.key(5), 2 * n * n);
    const found = metrics.coverage(fields, n, 4);
    for (let shape = 0; shape < 2; shape++) {
      for (let cell = 0; cell < 16; cell++) {
        let inside = 0;
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) {
            const [row, column] = [3 * Math.floor(cell / 4) + i, 3 * (cell % 4) + j];
            if (fields[shape * n * n + row * n + column] < 0) inside++;
          }
        expect(found[16 * shape + cell]).toBeCloseTo(inside / 9, 12);
      }
    }
  });

  it("of a half plane is the same from every grid", () => {
    for (const n of [8, 32, 128]) {
      const half = Float64Array.from({ length: n * n }, (_, p) => ((p % n) + 0.5) / n - 0.5);
      expect([...metrics.coverage(half, n, 4)]).toEqual(
        Array.from({ length: 16 }, (_, p) => (p % 4 < 2 ? 1 : 0)),
      );
    }
  });

  it("refuses cells that the grid does not fill", () => {
    expect(() => metrics.coverage(new Float64Array(100), 10, 4)).toThrow(/to.*divisor of n = 10/);
  });
});
