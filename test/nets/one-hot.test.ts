import { describe, expect, it } from "vitest";
import { oneHot } from "../../src/nets/index.js";

describe("oneHot", () => {
  it("has a one at each label, in as many columns as the greatest asks for", () => {
    const { rows, classes } = oneHot([2, 0]);
    expect(classes).toBe(3);
    expect([...rows]).toEqual([0, 0, 1, 1, 0, 0]);
  });

  it("refuses what is no class", () => {
    expect(() => oneHot([0, 1.5])).toThrow(/labels\[1\].*got 1\.5/);
  });
});
