import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  CorruptFileError,
  FileError,
  canonicalJson,
  readChecked,
  sha256,
  writeChecked,
} from "../../src/store/index.js";
import { temporaryFolder } from "./folder.js";

const folder = temporaryFolder();

describe("sha256", () => {
  it("gives the vectors of FIPS 180-4", () => {
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256(new Uint8Array(0))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });
});

describe("readChecked", () => {
  const path = join(folder, "file");

  it("returns what writeChecked wrote, nothing too", async () => {
    for (const data of [Uint8Array.of(0, 255, 10), new Uint8Array(0)]) {
      await writeChecked(path, data);
      expect(await readChecked(path)).toEqual(data);
    }
  });

  it("detects a change of every byte, every length cut off, and a byte too much", async () => {
    await writeChecked(path, "results 1, 2, 3");
    const whole = readFileSync(path);
    const spoiled: Buffer[] = [Buffer.concat([whole, Buffer.of(0)])];
    for (let i = 0; i < whole.length; i++) {
      for (const flip of [1, 0x80, 0xff]) {
        const copy = Buffer.from(whole);
        copy[i] ^= flip;
        spoiled.push(copy);
      }
      spoiled.push(whole.subarray(0, i));
    }
    for (const bytes of spoiled) {
      writeFileSync(path, bytes);
      await expect(readChecked(path)).rejects.toThrow(CorruptFileError);
    }
    await expect(readChecked(path)).rejects.toThrow(`${path}: its checksum differs`);
  });

  it("says that a file does not exist", async () => {
    const error: unknown = await readChecked(join(folder, "none")).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FileError);
    expect(error).not.toBeInstanceOf(CorruptFileError);
    expect((error as Error).message).toBe(`${join(folder, "none")}: does not exist`);
  });
});

describe("canonicalJson", () => {
  it("is one text for equal values", () => {
    expect(canonicalJson({ b: [1, -0, "ü\n"], a: { d: null, c: true, e: undefined } })).toBe(
      '{"a":{"c":true,"d":null},"b":[1,0,"ü\\n"]}',
    );
    expect(canonicalJson({ x: 0.1, y: 1e21 })).toBe(canonicalJson({ y: 1e21, x: 0.1 }));
  });

  it("tells arrays of numbers apart by type, length and every bit", () => {
    const texts = [
      Float64Array.of(1, 2),
      Float64Array.of(1, 2 + 1e-15),
      Float32Array.of(1, 2),
      Float64Array.of(1),
      Int32Array.of(1, 2),
    ].map((array) => canonicalJson({ array }));
    expect(new Set(texts).size).toBe(5);
    expect(canonicalJson(Float64Array.of(0, 1, 2).subarray(1))).toBe(canonicalJson(Float64Array.of(1, 2)));
    const shared = new Float64Array(new SharedArrayBuffer(16));
    shared.set([1, 2]);
    expect(canonicalJson(shared)).toBe(canonicalJson(Float64Array.of(1, 2)));
  });

  it.each([
    [{ a: { b: [0, NaN] } }, /^key\.a\.b\[1\]: expected a finite number.*got NaN/],
    [{ a: Infinity }, /^key\.a: /],
    [{ f: () => 1 }, /^key\.f: .*got a function/],
    [{ d: new Date(0) }, /^key\.d: expected a plain object/],
    [{ n: 1n }, /^key\.n: /],
  ])("refuses what JSON cannot hold: %s", (value, message) => {
    expect(() => canonicalJson(value, "key")).toThrow(message);
  });
});
