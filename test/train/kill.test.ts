import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { trainInProcess } from "./kill.js";

it("a run that is killed with SIGKILL and started again ends with the bits of one that was not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "scorebook-kill-"));
  const whole = await trainInProcess(join(folder, "whole"));
  const killed = await trainInProcess(join(folder, "killed"), { step: 500, milliseconds: 3 });
  expect(killed.killed).toBe(true);
  const resumed = await trainInProcess(join(folder, "killed"));
  expect(resumed.result?.resumedAt).toBeGreaterThanOrEqual(475);
  expect(resumed.result?.warnings).toEqual([]);
  expect(resumed.result?.bits).toBe(whole.result?.bits);
  rmSync(folder, { recursive: true });
});
