import { describe, expect, it } from "vitest";
import { pace } from "../../src/notebook/index.js";

describe("the pace of rows", () => {
  it("is that of the fastest part, whatever order the parts have and whatever else a row did", () => {
    const slow = { seconds: { "100 steps": 50, "200 steps": 30, judge: 0.001 } };
    const quick = { seconds: { "1500 steps": 9, "1000 steps": 20, "2000 steps": 5, sample: 0.1 } };
    expect(pace([slow])).toBe(0.3);
    expect(pace([slow, quick])).toBe(0.01);
  });

  it("refuses rows without such parts", () => {
    expect(() => pace([])).toThrow(/^rows: expected rows with parts named/);
    expect(() => pace([{ seconds: { judge: 3 } }])).toThrow(/^rows: /);
  });
});
