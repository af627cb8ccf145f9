import { describe, expect, it } from "vitest";
import { atOnce, stepsInParts } from "../../src/core/index.js";

describe("steps in parts", () => {
  it("go on from one part to the next, under names that say how far", async () => {
    const names: string[] = [];
    const part: typeof atOnce = async (name, work) => {
      names.push(name);
      return work();
    };
    const told: [number[], number][] = [];
    const made = await stepsInParts<number[]>(
      { numSteps: 7, partSteps: 3, part },
      (steps, last = []) => Promise.resolve([...last, steps]),
      (value, steps) => told.push([value, steps]),
    );
    expect(made).toEqual([3, 6, 7]);
    expect(names).toEqual(["3 steps", "6 steps", "7 steps"]);
    expect(told.map(([, steps]) => steps)).toEqual([3, 6, 7]);
  });

  it("refuse parts without steps", async () => {
    const run = stepsInParts({ numSteps: 7, partSteps: 0, part: atOnce }, () => Promise.resolve(0));
    await expect(run).rejects.toThrow(/partSteps.*got 0/);
  });
});
