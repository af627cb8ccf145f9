import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cache, decodeTree, encodeTree, readTree, writeTree, type Stored } from "../../src/store/index.js";
import { temporaryFolder } from "./folder.js";

const folder = temporaryFolder();

describe("a stored tree", () => {
  const everything: Stored = {
    samples: Float64Array.of(1, NaN, -0, Infinity, 5e-324),
    list: [
      Float32Array.of(0.1),
      Int32Array.of(-1),
      Uint32Array.of(2 ** 32 - 1),
      Uint8Array.of(255),
      null,
      "text",
      true,
    ],
    more: {
      small: Int8Array.of(-128),
      wide: BigInt64Array.of(-(2n ** 63n)),
      empty: new Float64Array(0),
      none: {},
    },
    shorts: [Int16Array.of(-5), Uint16Array.of(65535), BigUint64Array.of(2n ** 64n - 1n)],
    numbers: [NaN, -Infinity, Infinity, -0, 0.1, 1e300],
    $schema: "v5",
    $$twice: 1,
    $array: "0",
    "": [[], [[]]],
  };

  it("comes back with every bit and type", async () => {
    const path = join(folder, "tree");
    await writeTree(path, everything);
    expect(await readTree(path)).toEqual(everything);
    expect(decodeTree(encodeTree(everything))).toEqual(everything);
  });

  it.each([5, "text", null, Float64Array.of(1), []])("may be just %s", (value) => {
    expect(decodeTree(encodeTree(value))).toEqual(value);
  });

  it("leaves members out that are undefined, keeps an array that occurs twice once, and copies", () => {
    expect(decodeTree(encodeTree({ a: undefined, b: [undefined] }))).toEqual({ b: [null] });
    const array = new Float64Array(1000);
    expect(encodeTree([array, array]).length).toBeLessThan(encodeTree([array]).length + 100);
    const shared = new Float64Array(new SharedArrayBuffer(16)).fill(3);
    expect(decodeTree(encodeTree({ shared }))).toEqual({ shared: Float64Array.of(3, 3) });
  });

  it("names what cannot be stored", () => {
    expect(() => encodeTree({ a: [1, new Map() as never] })).toThrow(
      /^tree\.a\[1\]: expected an array of numbers/,
    );
    expect(() => encodeTree({ f: (() => 1) as never })).toThrow(/^tree\.f: .*got a function/);
  });
});

describe("cache", () => {
  const key = { method: "fit", seed: 3, version: 1, data: Float64Array.of(1, 2) };
  let computed = 0;
  const compute = (): { value: Float64Array } => ({ value: Float64Array.of(++computed) });

  it("computes once, says where a value came from, and knows it again in another process's place", async () => {
    computed = 0;
    const store = cache(join(folder, "once"));
    const first = await store.cached(key, compute);
    expect(first).toEqual({
      value: { value: Float64Array.of(1) },
      origin: "computed",
      path: store.path(key),
    });
    const { data, version, seed, method } = key;
    const reordered = { data, version, seed, method };
    const again = await cache(join(folder, "once")).cached(reordered, compute);
    expect(again).toEqual({ ...first, origin: "cache" });
    expect(computed).toBe(1);
  });

  it.each([
    { ...key, seed: 4 },
    { ...key, version: 2 },
    { ...key, data: Float64Array.of(1, 2.0000000001) },
    { ...key, more: null },
  ])("computes anew when a part of the key changes", async (other) => {
    const store = cache(join(folder, "once"));
    expect(await store.get(other)).toEqual({ found: false });
    expect(store.path(other)).not.toBe(store.path(key));
  });

  it("detects a change of every byte of an entry, says so and computes anew", async () => {
    const store = cache(join(folder, "damage"));
    await store.cached(key, compute);
    const path = store.path(key);
    const whole = readFileSync(path);
    for (let i = 0; i < whole.length; i++) {
      const copy = Buffer.from(whole);
      copy[i] ^= 0x20;
      writeFileSync(path, copy);
      expect(await store.get(key)).toMatchObject({
        found: false,
        damage: expect.stringContaining(path) as string,
      });
    }
    const recomputed = await store.cached(key, compute);
    expect(recomputed.origin).toBe("recomputed");
    expect(recomputed.note).toContain(path);
    expect((await store.cached(key, compute)).origin).toBe("cache");
  });

  it("does not take another key's entry for its own", async () => {
    const store = cache(join(folder, "renamed"));
    await store.set(key, "mine");
    renameSync(store.path(key), store.path({ other: 1 }));
    expect(await store.get({ other: 1 })).toMatchObject({
      found: false,
      damage: expect.stringContaining("another key") as string,
    });
  });

  it("shares one computation among calls that run at the same time", async () => {
    const store = cache(join(folder, "shared"));
    let calls = 0;
    const slow = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return ++calls;
    };
    const results = await Promise.all([1, 2, 3].map(() => store.cached(key, slow)));
    expect(results.map(({ value }) => value)).toEqual([1, 1, 1]);
    expect(calls).toBe(1);
  });

  it("keeps nothing of a computation that fails, and lets the next one try", async () => {
    const store = cache(join(folder, "failing"));
    await expect(store.cached(key, () => Promise.reject(new Error("diverged")))).rejects.toThrow("diverged");
    expect(readdirSync(join(folder, "failing"))).toEqual([]);
    expect((await store.cached(key, () => 7)).value).toBe(7);
  });

  it("fails before it computes where the folder cannot be made", async () => {
    writeFileSync(join(folder, "occupied"), "");
    const store = cache(join(folder, "occupied", "cache"));
    let asked = false;
    await expect(store.cached(key, () => (asked = true))).rejects.toThrow(/cannot be (written|read)/);
    expect(asked).toBe(false);
  });

  it("refuses keys that JSON cannot hold", async () => {
    expect(() => cache("")).toThrow(/^folder: /);
    expect(() => cache(folder).path({ step: NaN })).toThrow(/^key\.step: /);
    await expect(cache(folder).get({ step: NaN })).rejects.toThrow(/^key\.step: /);
  });
});
