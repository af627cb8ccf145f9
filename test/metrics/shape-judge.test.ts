import { afterAll, describe, expect, it } from "vitest";
import { metrics, random } from "../../src/index.js";
import { pool } from "../../src/onnx/index.js";

afterAll(() => pool().close());

/** Signed distances of discs (class 0) and of pairs of discs (class 1), somewhere in the square. */
function shapes(key: random.Key, count: number, size: number) {
  const places = random.uniform(key, 2 * count);
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const values = Float64Array.from({ length: count * size * size }, (_, p) => {
    const i = Math.floor(p / size ** 2);
    const [y, x] = [Math.floor((p % size ** 2) / size), p % size].map((a) => (a + 0.5) / size);
    const [v, u] = [0.4 + 0.2 * places[2 * i], 0.4 + 0.2 * places[2 * i + 1]];
    const to = (shift: number, radius: number) => Math.hypot(y - v, x - u - shift) - radius;
    return labels[i] === 0 ? to(0, 0.2) : Math.min(to(-0.2, 0.14), to(0.2, 0.14));
  });
  return { labels, values };
}

describe("a record of shapes", () => {
  const { values } = shapes(random.key(0), 3, 16);

  it("holds the pictures and the statistics of each", () => {
    const { pictures, statistics } = metrics.shapeRecord(values, 16, 4);
    expect(pictures).toEqual(metrics.coverage(values, 16, 4));
    for (let i = 0; i < 3; i++) {
      const each = metrics.shapeStatistics(values.slice(256 * i, 256 * (i + 1)), 16);
      const { area, perimeter, eulerNumber, eikonal } = each;
      expect([...statistics.slice(4 * i, 4 * i + 4)]).toEqual([area, perimeter, eulerNumber, eikonal]);
    }
  });

  it("is judged in one part or several alike", async () => {
    const judge = {
      classes: 2,
      params: new Float32Array(0),
      // sure of class 1 where the picture's first cells have any ink
      probabilities: (pictures: Float64Array) =>
        Promise.resolve(
          Float64Array.from({ length: pictures.length / 8 }, (_, k) => {
            const one = pictures
              .slice(16 * Math.floor(k / 2), 16 * Math.floor(k / 2) + 8)
              .some((a) => a > 0.9);
            return one === (k % 2 === 1) ? 0.95 : 0.05;
          }),
        ),
    };
    const of = (from: number, to: number) => metrics.shapeRecord(values.slice(256 * from, 256 * to), 16, 4);
    const whole = await metrics.judgeShapes(judge, [of(0, 3)], { asked: [0, 1, 1] });
    expect(await metrics.judgeShapes(judge, [of(0, 1), of(1, 3)], { asked: [0, 1, 1] })).toEqual(whole);
    const probabilities = await judge.probabilities(of(0, 3).pictures);
    expect(whole).toMatchObject(metrics.confidence(probabilities, 2, { asked: [0, 1, 1] }));
    const each = [0, 1, 2].map((i) => metrics.shapeStatistics(values.slice(256 * i, 256 * (i + 1)), 16));
    const mean = (quantity: (one: metrics.ShapeStatistics) => number) =>
      each.reduce((sum, one) => sum + quantity(one) / 3, 0);
    expect(whole.area).toBeCloseTo(
      mean((one) => one.area),
      14,
    );
    expect(whole.outline).toBeCloseTo(mean((one) => one.perimeter) / mean((one) => one.area), 12);
    expect(whole.eulerNumber).toBeCloseTo(4 / 3, 14); // one, two and one disc
    expect(whole.eikonal).toBeCloseTo(
      mean((one) => one.eikonal),
      14,
    );
    await expect(metrics.judgeShapes(judge, [])).rejects.toThrow(/records: .*at least one/);
    await expect(metrics.judgeShapes(judge, [of(0, 3)], { asked: [0] })).rejects.toThrow(
      /asked: .*3 classes/,
    );
  });
});

describe("a judge of shapes", () => {
  it("tells one disc from two, on the grid that it learned on and on a finer one", async () => {
    const { values, labels } = shapes(random.key(1), 400, 16);
    const options = {
      size: 16,
      cells: 8,
      labels,
      upsampled: [32],
      key: random.key(2),
      numSteps: 200,
      width: 32,
    };
    const judge = await metrics.fitShapeJudge(values, options);
    for (const size of [16, 64]) {
      const fresh = shapes(random.key(3), 200, size);
      const found = await metrics.judgeShapes(judge, [metrics.shapeRecord(fresh.values, size, 8)], {
        asked: fresh.labels,
      });
      expect(found.likeliest).toBeGreaterThan(0.98); // they never look alike: what fails is the learning
      expect(found.eulerNumber).toBe(1.5);
      const swapped = fresh.labels.map((label) => 1 - label);
      const wrong = await metrics.judgeShapes(judge, [metrics.shapeRecord(fresh.values, size, 8)], {
        asked: swapped,
      });
      expect(wrong.likeliest).toBeCloseTo(1 - found.likeliest, 12);
    }
  });

  it("refuses labels that are not one a shape", async () => {
    const options = { size: 16, cells: 8, labels: [0], upsampled: [32], key: random.key(2), numSteps: 1 };
    await expect(metrics.fitShapeJudge(new Float64Array(512), options)).rejects.toThrow(/labels.*2 classes/);
  });
});
