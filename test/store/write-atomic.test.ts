import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FileError, writeAtomic, writeAtomicSync } from "../../src/store/index.js";
import { temporaryFolder } from "./folder.js";

const folder = temporaryFolder();
const WRITERS = [
  ["writeAtomic", writeAtomic],
  [
    "writeAtomicSync",
    (path: string, data: string | Uint8Array) => Promise.resolve().then(() => writeAtomicSync(path, data)),
  ],
] as const;

describe.each(WRITERS)("%s", (name, write) => {
  const own = join(folder, name);

  it("makes missing folders, writes texts and bytes, replaces, and leaves nothing else", async () => {
    const path = join(own, "a", "b", "file");
    await write(path, "first ü");
    expect(readFileSync(path, "utf8")).toBe("first ü");
    await write(path, Uint8Array.of(1, 2, 3).subarray(1));
    expect([...readFileSync(path)]).toEqual([2, 3]);
    await write(path, "");
    expect(statSync(path).size).toBe(0);
    expect(readdirSync(join(own, "a", "b"))).toEqual(["file"]);
  });

  it("names the path and what to do where a folder is a file, and leaves the file alone", async () => {
    const file = join(own, "plain");
    await write(file, "keep");
    const error: unknown = await write(join(file, "x"), "data").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toContain(`${join(file, "x")}: cannot be written: a part of`);
    expect((error as Error).message).toContain("or choose another folder (SCOREBOOK_OUT)");
    expect(readFileSync(file, "utf8")).toBe("keep");
  });

  it("refuses to replace a folder and cleans up after itself", async () => {
    const path = join(own, "folder");
    mkdirSync(join(path, "inside"), { recursive: true });
    await expect(write(path, "data")).rejects.toThrow(/folder: cannot be written: /);
    expect(readdirSync(own).filter((entry) => entry.endsWith(".tmp"))).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("a folder that may not be written", () => {
  it("is named, with what to do, and what is in it stays whole", async () => {
    const closed = join(folder, "closed");
    await writeAtomic(join(closed, "file"), "whole");
    chmodSync(folder, 0o755);
    chmodSync(closed, 0o555);
    const script = fileURLToPath(new URL("./fixtures/forbidden.js", import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, [script, closed], { encoding: "utf8" });
    chmodSync(closed, 0o755);
    expect(stderr).toBe("");
    const advice = `the folder ${closed} is not writable; change its permissions; or choose another folder (SCOREBOOK_OUT)`;
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines.slice(0, 2)) {
      expect(line).toBe(`FileError: ${join(closed, "file")}: cannot be written: ${advice}`);
    }
    expect(lines[2]).toMatch(/^FileError: .*\.entry: cannot be written: the folder .*closed is not writable/);
    expect(readdirSync(closed)).toEqual(["file"]);
    expect(readFileSync(join(closed, "file"), "utf8")).toBe("whole");
  });
});

describe.runIf(process.platform === "linux")("a place that allows no folders", () => {
  it("is refused at once", async () => {
    const message =
      "/proc/none/a/file: cannot be written: the folder /proc/none/a cannot be made; or choose another";
    await expect(writeAtomic("/proc/none/a/file", "x")).rejects.toThrow(message);
    expect(() => writeAtomicSync("/proc/none/a/file", "x")).toThrow(message);
  });
});

describe("writeAtomic", () => {
  it("lets many writers of one file finish, with one of their contents", async () => {
    const path = join(folder, "race");
    const contents = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(10_000));
    await Promise.all(contents.map((text) => writeAtomic(path, text)));
    expect(contents).toContain(readFileSync(path, "utf8"));
    expect(readdirSync(folder).filter((name) => name.includes("race"))).toEqual(["race"]);
  });

  it("follows no temporary name of its own making out of the folder", async () => {
    const target = join(folder, "target");
    writeFileSync(target, "untouched");
    symlinkSync(target, join(folder, "link"));
    await writeAtomic(join(folder, "link"), "replaced");
    expect(readFileSync(target, "utf8")).toBe("untouched");
    expect(readFileSync(join(folder, "link"), "utf8")).toBe("replaced");
  });
});

describe("a writer that is killed", () => {
  const script = fileURLToPath(new URL("./fixtures/writer.js", import.meta.url));
  const LENGTH = 4_000_000;

  async function killAfter(path: string, milliseconds: number): Promise<void> {
    const child = spawn(process.execPath, [script, path, String(LENGTH)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exit;
  }

  it("leaves a whole file, and the next writer removes what it left beside it", async () => {
    const place = join(folder, "killed");
    const path = join(place, "file");
    for (const milliseconds of [1, 4, 9, 13, 18, 23]) {
      await killAfter(path, milliseconds);
      const bytes = readFileSync(path);
      expect(bytes.length).toBe(LENGTH);
      expect(bytes.equals(Buffer.alloc(LENGTH, bytes[0]))).toBe(true);
    }
    writeFileSync(join(place, `.file.${process.pid}.7.7.tmp`), "a living process's");
    await writeAtomic(path, "last");
    expect(readdirSync(place).sort()).toEqual([`.file.${process.pid}.7.7.tmp`, "file"]);
  });
});
