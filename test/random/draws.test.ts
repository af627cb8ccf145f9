import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  bits,
  categorical,
  fillNormal,
  key,
  normal,
  permutation,
  randint,
  uniform,
} from "../../src/random/index.js";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("golden draws of key(42)", () => {
  // all from an independent implementation: Threefry in Python integers, the transforms in mpmath with 40 digits
  it("bits", () => {
    expect([...bits(key(42), 4)]).toEqual([1832780943, 270669613, 64467757, 2916123636]);
    expect([...bits(key(42), 2, 2 ** 33)]).toEqual([430176367, 3485206521]);
    expect([...bits(key(42), 2, 2 ** 41)]).toEqual([353036846, 3147953392]);
  });

  it("uniforms, to the last bit", () => {
    expect([...uniform(key(42), 3)]).toEqual([0.4267275666499092, 0.015010069515314695, 0.5741444178995353]);
  });

  it("normals, to 1e-14", () => {
    const expected = [
      1.204092680298252, 0.503368443536336, -1.2509432832276899, -2.614040724981332, 0.9807766677837014,
      0.3844811541990387,
    ];
    const ours = normal(key(42), 6);
    expected.forEach((z, j) => expect(Math.abs(ours[j] - z)).toBeLessThan(1e-14));
  });

  it("20,000 normals to the last bit, as the same additions, products and roots give in Python", () => {
    const { buffer } = normal(key(42), 20_000);
    expect(sha256(new Uint8Array(buffer))).toBe(
      "abc496231181108b5dd3b48be6393ba3c2de7f7181dfb4679407bdaa71ce94ad",
    );
  });

  it("whole numbers and orders", () => {
    expect([...randint(key(42), 8, -3, 4)]).toEqual([-1, -3, 1, 2, 1, 1, 1, 1]);
    expect([...permutation(key(42), 8)]).toEqual([6, 0, 1, 2, 5, 3, 7, 4]);
  });
});

describe("Box–Muller", () => {
  it("agrees with the library functions to 1e-14 on two million draws", () => {
    const n = 2_000_000;
    const words = bits(key(3), n);
    const z = normal(key(3), n);
    let worst = 0;
    for (let j = 0; j < n; j += 2) {
      const radius = Math.sqrt(-2 * Math.log((words[j] + 0.5) / 2 ** 32));
      const angle = (2 * Math.PI * words[j + 1]) / 2 ** 32;
      worst = Math.max(
        worst,
        Math.abs(z[j] - radius * Math.cos(angle)),
        Math.abs(z[j + 1] - radius * Math.sin(angle)),
      );
    }
    expect(worst).toBeLessThan(1e-14);
  });
});

describe("addressability", () => {
  // chunks that start on odd and even places, within a block of bits, across the internal chunk of 2048 blocks
  it.each([
    [0, 5000],
    [1, 5000],
    [1, 1],
    [2, 1],
    [4095, 2],
    [4096, 4097],
    [17, 0],
    [2049, 4096],
  ])("from %i, %i draws are the slice of the stream", (start, length) => {
    const stop = start + length;
    expect(normal(key(9), length, start)).toEqual(normal(key(9), stop).slice(start));
    expect(uniform(key(9), length, start)).toEqual(uniform(key(9), stop).slice(start));
    expect(bits(key(9), length, start)).toEqual(bits(key(9), stop).slice(start));
    const filled = new Float64Array(length);
    fillNormal(key(9), filled, start);
    expect(filled).toEqual(normal(key(9), stop).slice(start));
  });

  it("does not depend on what was drawn before", () => {
    const first = normal(key(5), 100);
    normal(key(6), 33);
    expect(normal(key(5), 100)).toEqual(first);
  });

  it("fills a part of an array and nothing else", () => {
    const whole = new Float64Array(10);
    fillNormal(key(1), whole.subarray(3, 8));
    expect([...whole.subarray(0, 3), ...whole.subarray(8)]).toEqual([0, 0, 0, 0, 0]);
    expect(whole.subarray(3, 8)).toEqual(normal(key(1), 5));
  });
});

describe("refusals", () => {
  it("name the argument", () => {
    expect(() => normal(key(0), -1)).toThrow(/^length: expected a whole number of at least 0, got -1/);
    expect(() => uniform(key(0), 1.5)).toThrow(/^length: /);
    expect(() => bits(key(0), 1, -1)).toThrow(/^start: /);
    expect(() => bits(key(0), 2, Number.MAX_SAFE_INTEGER)).toThrow(/^start: expected start \+ length below/);
    expect(() => normal({ hi: 0, lo: 2 ** 32 }, 1)).toThrow(/^key: expected a key/);
    expect(() => fillNormal(key(0), [0] as unknown as Float64Array)).toThrow(/^out: expected a Float64Array/);
    expect(() => randint(key(0), 1, 3, 3)).toThrow(/^high: expected more than low = 3, got 3/);
    expect(() => randint(key(0), 1, 0, 2 ** 40)).toThrow(/^high: /);
    expect(() => permutation(key(0), NaN)).toThrow(/^n: /);
    expect(() => categorical(key(0), [1, -1], 1)).toThrow(/^weights\[1\]: expected .* got -1/);
    expect(() => categorical(key(0), [1, NaN], 1)).toThrow(/^weights\[1\]: /);
    expect(() => categorical(key(0), [0, 0], 1)).toThrow(/^weights: expected a positive and finite sum/);
    expect(() => categorical(key(0), [], 1)).toThrow(/^weights: /);
  });

  it("allow empty draws", () => {
    expect(normal(key(0), 0)).toHaveLength(0);
    expect(permutation(key(0), 0)).toHaveLength(0);
  });
});
