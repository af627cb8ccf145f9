import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("./fixtures/fit-paths-in-a-process.js", import.meta.url));

interface Ending {
  readonly bits: string;
  readonly resumedAt?: number;
  readonly counts: readonly number[];
}

function train(folder: string, killAt?: number): Ending | "SIGKILL" {
  const args = killAt === undefined ? [SCRIPT, folder] : [SCRIPT, folder, String(killAt)];
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (signal === "SIGKILL") return signal;
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Ending;
}

it("training on paths that is killed twice with SIGKILL ends with the bits and counts of one that was not", () => {
  const folder = mkdtempSync(join(tmpdir(), "scorebook-paths-"));
  const whole = train(join(folder, "whole")) as Ending;
  expect(train(join(folder, "killed"), 8)).toBe("SIGKILL");
  // six steps are kept; seven more lead into the finer grid
  expect(train(join(folder, "killed"), 8)).toBe("SIGKILL");
  const { resumedAt, ...resumed } = train(join(folder, "killed")) as Ending;
  expect(resumedAt).toBe(12);
  expect(whole.counts[2]).toBeGreaterThan(0);
  expect(resumed).toEqual({ bits: whole.bits, counts: whole.counts });
  rmSync(folder, { recursive: true });
});
