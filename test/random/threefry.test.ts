import { describe, expect, it } from "vitest";
import { DOMAIN, fillBlocks, threefry2x32 } from "../../src/random/threefry.js";

const ONES = 0xffffffff;

describe("threefry2x32", () => {
  // the known-answer vectors that Random123 1.14 publishes for "threefry2x32 20"
  it.each([
    { key: [0, 0], counter: [0, 0], out: [0x6b200159, 0x99ba4efe] },
    { key: [ONES, ONES], counter: [ONES, ONES], out: [0x1cb996fc, 0xbb002be7] },
    { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], out: [0xc4923a9c, 0x483df7a0] },
  ])("gives the published vector $out", ({ key, counter, out }) => {
    expect(threefry2x32(key[0], key[1], counter[0], counter[1])).toEqual(out);
  });

  it("never sends two counters to one block (it is a bijection)", () => {
    const words = new Uint32Array(2 * 65536);
    fillBlocks(words, 65536, 1, 2, DOMAIN.draws, 0);
    const seen = new Set<number>();
    for (let b = 0; b < 65536; b++) seen.add(words[2 * b] * 2 ** 21 + (words[2 * b + 1] >>> 11));
    // 53 of 64 bits are kept: two of 65536 agree by chance with probability 2.4e-7
    expect(seen.size).toBe(65536);
  });
});

describe("fillBlocks", () => {
  it("counts on past 2^32 into the high word", () => {
    const words = new Uint32Array(8);
    fillBlocks(words, 4, 3, 4, DOMAIN.split, 3 * 2 ** 32 - 2);
    const expected = [
      ...threefry2x32(3, 4, DOMAIN.split | 2, ONES - 1),
      ...threefry2x32(3, 4, DOMAIN.split | 2, ONES),
      ...threefry2x32(3, 4, DOMAIN.split | 3, 0),
      ...threefry2x32(3, 4, DOMAIN.split | 3, 1),
    ];
    expect([...words]).toEqual(expected);
  });
});
