import { describe, expect, it } from "vitest";
import { eventReader } from "../../src/cli/events.js";
import { schedule } from "../../src/cli/schedule.js";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("scheduling", () => {
  it.each([1, 2, 9])("runs %i at a time and keeps the order of results", async (jobs) => {
    let now = 0;
    let most = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++now);
      await pause(5 * (5 - item));
      now--;
      return item * item;
    };
    expect(await schedule([1, 2, 3, 4], jobs, work, () => false)).toEqual([1, 4, 9, 16]);
    expect(most).toBe(Math.min(jobs, 4));
  });

  it("begins nothing after a result that stops it, and finishes what runs", async () => {
    const begun: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      await pause(item === 2 ? 30 : 5);
      return item;
    };
    expect(await schedule([1, 2, 3, 4], 2, work, (result) => result === 1)).toEqual([
      1,
      2,
      undefined,
      undefined,
    ]);
    expect(begun).toEqual([1, 2]);
  });
});

describe("events", () => {
  it("are whole lines, however the stream is cut", () => {
    const lines = [
      { event: "started", of: 2 },
      { event: "cell", cell: 1, of: 2 },
      { event: "finished", ok: true },
    ];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    for (const size of [1, 7, 1000]) {
      const seen: unknown[] = [];
      const read = eventReader((event) => seen.push(event));
      for (let i = 0; i < text.length; i += size) read(text.slice(i, i + size));
      expect(seen).toEqual(lines);
    }
  });
});
