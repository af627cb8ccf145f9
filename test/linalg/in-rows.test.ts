import { describe, expect, it } from "vitest";
import { inRows } from "../../src/linalg/in-rows.js";

describe("inRows", () => {
  it("fills up the last call with zeros, and keeps the results of the points alone, in order", async () => {
    const seen: [number[], number][] = [];
    const sums = await inRows(
      Float64Array.of(1, 2, 3, 4, 5, 6),
      { width: 2, rows: 2 },
      (part, first) => {
        seen.push([[...part], first]);
        return Promise.resolve(Float32Array.of(part[0] + part[1], part[2] + part[3]));
      },
      new Float64Array(3),
    );
    expect([...sums]).toEqual([3, 7, 11]);
    expect(seen).toEqual([
      [[1, 2, 3, 4], 0],
      [[5, 6, 0, 0], 2],
    ]);
  });
});
