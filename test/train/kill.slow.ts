import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { key, uniform } from "../../src/random/index.js";
import { trainInProcess } from "./kill.js";

const MOMENTS = 20;

it("a run that is killed at 20 random moments, start and end included, keeps its bits", async () => {
  const folder = mkdtempSync(join(tmpdir(), "scorebook-kill-"));
  const whole = await trainInProcess(join(folder, "whole"));
  const moments = uniform(key(20), MOMENTS).map((u) => u * whole.milliseconds);
  let killed = 0;
  for (const [i, milliseconds] of moments.entries()) {
    const own = join(folder, String(i));
    const first = await trainInProcess(own, { step: 0, milliseconds });
    if (first.killed) killed++;
    const last = first.killed ? await trainInProcess(own) : first;
    expect(last.result?.warnings).toEqual([]);
    expect({ i, bits: last.result?.bits }).toEqual({ i, bits: whole.result?.bits });
  }
  // A process may be faster than the first one and end before its moment, but not often.
  expect(killed).toBeGreaterThan(MOMENTS / 2);
  // One run, killed again and again, arrives at the same place.
  for (let i = 0; i < 5; i++) {
    await trainInProcess(join(folder, "often"), { step: 0, milliseconds: whole.milliseconds / 2 });
  }
  expect((await trainInProcess(join(folder, "often"))).result?.bits).toBe(whole.result?.bits);
  rmSync(folder, { recursive: true });
});
