import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesBelow, hashOf, isFresh, writeStamp } from "../../scripts/setup/stamps.js";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "scorebook-stamp-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("stamps", () => {
  it("are fresh for the hash that they hold, and only for it", () => {
    const stamp = join(folder, "stamp");
    const hash = hashOf(folder, [file("a", "1")]);
    expect(isFresh(stamp, hash)).toBe(false);
    writeStamp(stamp, hash);
    expect(isFresh(stamp, hash)).toBe(true);
    expect(isFresh(stamp, hashOf(folder, [file("a", "2")]))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(["a", "stamp"]);
  });

  it("change with a file's content, its name, a word, a file that goes; not with the order", () => {
    const [a, b] = [file("a", "1"), file("b", "2")];
    const base = hashOf(folder, [a, b], ["word"]);
    expect(hashOf(folder, [b, a], ["word"])).toBe(base);
    expect(hashOf(folder, [a, b], ["other"])).not.toBe(base);
    expect(hashOf(folder, [a], ["word"])).not.toBe(base);
    expect(hashOf(folder, [a, file("c", "2")], ["word"])).not.toBe(base);
    rmSync(b);
    expect(hashOf(folder, [a, b], ["word"])).not.toBe(base);
  });

  it("do not confuse where one file ends and the next begins", () => {
    const before = hashOf(folder, [file("a", "xy"), file("b", "z")]);
    expect(hashOf(folder, [file("a", "x"), file("b", "yz")])).not.toBe(before);
  });

  it("find files in every folder below", () => {
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    const wanted = [file("a.ts", ""), file("deep/b.ts", ""), file("deep/er/c.ts", "")];
    file("deep/d.js", "");
    expect(filesBelow(folder, (name) => name.endsWith(".ts")).sort()).toEqual(wanted);
    expect(filesBelow(join(folder, "none"), () => true)).toEqual([]);
  });
});
