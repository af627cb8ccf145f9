import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { progress } from "../../src/notebook/index.js";
import { freshRun } from "./fake-kernel.js";

const run = freshRun();
beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

const texts = () => run.kernel.shown.map(({ bundle }) => String(bundle["text/plain"]));

describe("progress", () => {
  it("draws one line in place, with rate and time left, and ends with what it took", () => {
    const line = progress("fit", 100);
    for (let done = 0; done <= 100; done += 10) {
      line({ done });
      vi.advanceTimersByTime(1000);
    }
    const ids = new Set(run.kernel.shown.map(({ options }) => options.id));
    expect(ids.size).toBe(1);
    expect(run.kernel.shown.map(({ options }) => options.update)).toEqual([
      false,
      ...Array<boolean>(10).fill(true),
    ]);
    expect(texts()[3]).toBe("fit: 30 of 100, 10 a second, 7 s left");
    expect(texts()[10]).toBe("✓ fit: 100 of 100, 10 s, 10 a second");
    expect(run.kernel.last("text/html")).not.toContain("<progress");
    expect(run.kernel.shown[3].bundle["text/html"]).toContain(
      '<progress max="100" value="30" aria-label="fit">',
    );
  });

  it("redraws at most four times a second, however often it is told", () => {
    const line = progress("steps", 1_000_000);
    for (let done = 0; done < 1_000_000; done += 100) {
      line({ done });
      vi.advanceTimersByTime(1);
    }
    const seconds = 10;
    expect(texts().length).toBeLessThanOrEqual(4 * seconds + 1);
    expect(texts().length).toBeGreaterThanOrEqual(3 * seconds);
  });

  it("waits for another 2 %, but for no more than two seconds", () => {
    const line = progress("slow", 1000);
    for (let done = 0; done < 10; done++) {
      line({ done });
      vi.advanceTimersByTime(1000);
    }
    expect(texts().length).toBe(5);
    expect(texts()[4]).toBe("slow: 8 of 1000, 1 a second, 16 min 32 s left");
  });

  it("begins its rate anew in a new phase", () => {
    const line = progress("two phases");
    line({ done: 50, total: 50, note: "burn-in" });
    vi.advanceTimersByTime(10_000);
    line({ done: 0, total: 100, note: "draws" });
    vi.advanceTimersByTime(1000);
    line({ done: 5, total: 100, note: "draws" });
    expect(texts().at(-1)).toBe("two phases: 5 of 100, 5 a second, 19 s left, draws");
  });

  it("counts without a total, and ends when told to", () => {
    const line = progress("draws");
    line({ done: 40 });
    vi.advanceTimersByTime(4000);
    line({ done: 80 });
    line.finish("enough");
    line.finish();
    expect(texts()).toEqual(["draws: 40", "draws: 80, 20 a second", "✓ draws: 80, 4 s, 20 a second, enough"]);
  });

  it("ends the computation that reports to it once its cell is interrupted", () => {
    const line = progress("fit", 10);
    line({ done: 1 });
    run.kernel.interrupt();
    expect(() => line({ done: 2 })).toThrow("interrupted");
  });
});
