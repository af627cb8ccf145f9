import { describe, expect, it } from "vitest";
import { kernelModel, localAxes, wayLength } from "../../../src/score/wasserstein-proximal/index.js";

/** Rows of the precision with variances 0.01 along `angle` and 4 across it. */
function turned(angle: number): number[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [100 * c * c + 0.25 * s * s, 99.75 * c * s, 99.75 * c * s, 100 * s * s + 0.25 * c * c];
}

describe("local axes", () => {
  const model = kernelModel(
    2,
    Float64Array.of(0, 0, 1, 5),
    Float64Array.from([turned(0.3), turned(-1.1)].flat()),
  );

  it("are the eigenvectors of each kernel's covariance, the short one first", () => {
    const [short, long] = [localAxes(model, 0), localAxes(model, 1)];
    [0.3, -1.1].forEach((angle, i) => {
      expect(short.deviations[i]).toBeCloseTo(0.1, 12);
      expect(long.deviations[i]).toBeCloseTo(2, 12);
      const [x, y] = short.directions.subarray(2 * i, 2 * i + 2);
      expect(Math.abs(x * Math.cos(angle) + y * Math.sin(angle))).toBeCloseTo(1, 12);
      const [u, v] = long.directions.subarray(2 * i, 2 * i + 2);
      expect(x * u + y * v).toBeCloseTo(0, 12);
    });
    expect(() => localAxes(model, 2)).toThrow(/j: expected a whole number from 0 to 1, got 2/);
  });
});

describe("the length of a way", () => {
  it("is that of straight pieces, in a metric that is the same everywhere", async () => {
    const flat = (x: Float64Array) =>
      Promise.resolve(Float64Array.from({ length: 2 * x.length }, (_, k) => [4, 1, 1, 9][k % 4]));
    const found = await wayLength(Float64Array.of(0, 0, 3, 4, 3, 0), 2, flat);
    expect(found.paper).toBeCloseTo(9, 12);
    // (3, 4): 4·9 + 2·12 + 9·16 = 204; (0, -4): 144
    expect(found.metric).toBeCloseTo(Math.sqrt(204) + 12, 12);
  });

  it("follows a metric that changes on the way", async () => {
    // ds = |x| dx from 0 to 2
    const square = (x: Float64Array) => Promise.resolve(x.map((value) => value * value));
    const way = Float64Array.from({ length: 21 }, (_, k) => k / 10);
    expect((await wayLength(way, 1, square)).metric).toBeCloseTo(2, 12);
  });

  it("refuses a single point", async () => {
    await expect(wayLength(Float64Array.of(1, 2), 2, (x) => Promise.resolve(x))).rejects.toThrow(
      /points of the way/,
    );
  });
});
