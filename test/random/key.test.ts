import { describe, expect, it } from "vitest";
import { foldIn, key, split, type Key } from "../../src/random/key.js";
import { bits } from "../../src/random/bits.js";

const text = ({ hi, lo }: Key): string => `${hi}:${lo}`;

describe("key", () => {
  it("holds the two words of the seed", () => {
    expect(key(42)).toEqual({ hi: 0, lo: 42 });
    expect(key(2 ** 40 + 5)).toEqual({ hi: 256, lo: 5 });
    expect(key(Number.MAX_SAFE_INTEGER)).toEqual({ hi: 2 ** 21 - 1, lo: 2 ** 32 - 1 });
  });

  it.each([-1, 0.5, NaN, Infinity, 2 ** 53])("refuses the seed %s", (seed) => {
    expect(() => key(seed)).toThrow(/seed: expected a whole number of at least 0, got/);
  });
});

describe("split and foldIn", () => {
  // from an independent Threefry in Python: counters (0x40000000, i) and (0x80000000 + i >> 32, i) of key (0, 42)
  it("give the golden keys", () => {
    expect(split(key(42), 3)).toEqual([
      { hi: 3595805697, lo: 4231941304 },
      { hi: 1946893949, lo: 4215510455 },
      { hi: 3982670514, lo: 1084136863 },
    ]);
    expect(foldIn(key(42), 0)).toEqual({ hi: 2772844546, lo: 4148497310 });
    expect(foldIn(key(42), 1)).toEqual({ hi: 4275066219, lo: 1654803290 });
    expect(foldIn(key(42), 2 ** 35)).toEqual({ hi: 3987244617, lo: 3600370233 });
  });

  it("let a longer split start with the shorter one's keys", () => {
    expect(split(key(7), 5).slice(0, 2)).toEqual(split(key(7)));
  });

  it("give 30,000 different keys, none of them a block of the parent's draws", () => {
    const parent = key(1);
    const words = bits(parent, 20_000);
    const draws = Array.from({ length: 10_000 }, (_, b) => `${words[2 * b]}:${words[2 * b + 1]}`);
    const splits = split(parent, 10_000).map(text);
    const folds = Array.from({ length: 10_000 }, (_, i) => text(foldIn(parent, i)));
    expect(new Set([...draws, ...splits, ...folds]).size).toBe(30_000);
  });

  it("refuse what is not a key and name the argument", () => {
    expect(() => split({ hi: 1.5, lo: 0 })).toThrow(
      /^key: expected a key, .* got an object with keys \{hi, lo\}/,
    );
    expect(() => split(3 as unknown as Key)).toThrow(/^key: expected a key/);
    expect(() => split(undefined as unknown as Key)).toThrow(/^key: expected a key/);
    expect(() => split(key(0), -1)).toThrow(/^n: /);
    expect(() => foldIn(key(0), -1)).toThrow(/^i: /);
    expect(() => foldIn({ hi: -1, lo: 0 }, 1)).toThrow(/^key: /);
  });
});
