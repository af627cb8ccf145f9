import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cached, row, rowOrNow, weights } from "../../src/notebook/index.js";
import type { Keep, Part } from "../../src/notebook/index.js";

let folder: string;
const saved = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rows-"));
  process.env.SCOREBOOK_OUT = join(folder, "out");
  process.env.SCOREBOOK_FIGURES = join(folder, "figures");
  process.env.SCOREBOOK_REPRODUCE = "1";
});

afterEach(() => {
  process.env = { ...saved };
  rmSync(folder, { recursive: true, force: true });
});

const options = { params: { dim: 10 }, seed: 3, version: "1" };
const two = (log: string[]) => async (part: Part) => {
  const a = await part("draw", () => (log.push("draw"), Float64Array.of(0.1, 0.2)));
  const b = await part("sum", () => (log.push("sum"), a[0] + a[1]));
  return { sum: b, all: Array.from(a) };
};

describe("row", () => {
  it("is computed while reproducing, written whole, and found again by its parameters, seed and version", async () => {
    const log: string[] = [];
    const made = await row("gl-weak/hermite/seed-3", options, two(log));
    expect(made?.result).toEqual({ sum: 0.1 + 0.2, all: [0.1, 0.2] });
    const file = join(folder, "figures", "results", "gl-weak--hermite--seed-3.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(made);
    delete process.env.SCOREBOOK_REPRODUCE;
    expect(await row("gl-weak/hermite/seed-3", options, two(log))).toEqual(made);
    expect(log).toEqual(["draw", "sum"]);
    expect(await row("gl-weak/hermite/seed-3", { ...options, version: "2" }, two(log))).toBeUndefined();
    expect(
      await row("gl-weak/hermite/seed-3", { ...options, params: { dim: 20 } }, two(log)),
    ).toBeUndefined();
  });

  it("goes on after its last finished part, with the same numbers", async () => {
    const log: string[] = [];
    const failing = async (part: Part) => {
      await two(log)(part);
      throw new Error("killed");
    };
    await expect(row("a/b", options, failing)).rejects.toThrow("killed");
    const made = await row("a/b", options, two(log));
    expect(log).toEqual(["draw", "sum"]);
    expect(made?.result).toEqual({ sum: 0.1 + 0.2, all: [0.1, 0.2] });
  });

  it("gives a part a folder of its own that outlives an interruption, and removes it with the part's end", async () => {
    const folders: string[] = [];
    const attempt = (fails: boolean) => async (part: Part) => {
      const found = await part("train", (own) => {
        folders.push(own!);
        const before = existsSync(own!) ? readFileSync(join(own!, "step"), "utf8") : "";
        mkdirSync(own!, { recursive: true });
        writeFileSync(join(own!, "step"), `${before}1`);
        if (fails) throw new Error("killed");
        return `${before}1`;
      });
      return { found };
    };
    await expect(row("a/f", options, attempt(true))).rejects.toThrow("killed");
    await expect(row("a/g", options, attempt(true))).rejects.toThrow("killed");
    expect((await row("a/f", options, attempt(false)))?.result).toEqual({ found: "11" });
    expect(folders[2]).toBe(folders[0]);
    expect(folders[1]).not.toBe(folders[0]);
    expect([existsSync(folders[0]), existsSync(folders[1])]).toEqual([false, true]);
  });

  it("gives a part's value as its file holds it, computed or not, and takes each part's name once", async () => {
    const shared = new Float64Array(new SharedArrayBuffer(8));
    const values: unknown[] = [];
    const twice = async (part: Part) => {
      values.push(await part("shared", () => ({ shared, gone: undefined })));
      return { one: 1 };
    };
    await row("a/d", options, twice);
    rmSync(join(folder, "figures"), { recursive: true });
    await row("a/d", options, twice);
    expect(values[0]).toStrictEqual({ shared: Float64Array.of(0) });
    expect(values[1]).toStrictEqual(values[0]);
    const same = async (part: Part) => ({ sum: (await part("x", () => 1)) + (await part("x", () => 2)) });
    await expect(row("a/e", options, same)).rejects.toThrow(
      'name: expected a name that no other part of the row has, got "x"',
    );
  });

  it("keeps what it has learned beside it, unharmed", async () => {
    const coefficients = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] };
    const learn = (_: Part, keep: Keep) => (keep({ coefficients }), Promise.resolve({ one: 1 }));
    const made = await row("a/f", options, learn);
    expect(made && weights(made)).toEqual({ coefficients });
    const file = join(folder, "figures", "results", "a--f.safetensors");
    writeFileSync(file, readFileSync(file).fill(0, 100));
    expect(() => made && weights(made)).toThrow("its checksum is not the one in the row");
    const bare = await row("a/g", options, two([]));
    expect(() => bare && weights(bare)).toThrow("row: expected a row that kept weights");
    const large = (_: Part, keep: Keep) => (
      keep({ x: { data: new Float64Array(30_000), shape: [30_000] } }),
      Promise.resolve({})
    );
    await expect(row("a/h", options, large)).rejects.toThrow("a/h: weights: expected at most 200 kB");
  });

  it("is made again when its data change", async () => {
    const log: string[] = [];
    await row("a/i", { ...options, data: "sha" }, two(log));
    await row("a/i", { ...options, data: "other" }, two(log));
    expect(log).toEqual(["draw", "sum", "draw", "sum"]);
  });

  it("is left alone where the pattern does not name it", async () => {
    process.env.SCOREBOOK_ROWS = "gl-*/hermite*";
    expect(await row("gl-weak/fourier", options, two([]))).toBeUndefined();
    expect(await row("gl-weak/hermite", options, two([]))).toBeDefined();
    process.env.SCOREBOOK_ROWS = "gl-weak/mean-field, gl-strong/*";
    expect(await row("gl-weak/fourier", options, two([]))).toBeUndefined();
    expect(await row("gl-weak/mean-field", options, two([]))).toBeDefined();
    expect(await row("gl-strong/hermite", options, two([]))).toBeDefined();
  });

  it("gives the same result and weights when it is computed at once, and is then kept nowhere", async () => {
    const learn = async (part: Part, keep: Keep) => {
      const params = await part("train", () => Float32Array.of(1, 2, 3));
      keep({ params: { data: params, shape: [3] } });
      return { count: params.length };
    };
    const now = await rowOrNow("a/now", { ...options, now: true }, learn);
    expect(now?.result).toEqual({ count: 3 });
    expect(existsSync(join(folder, "figures"))).toBe(false);
    expect(await rowOrNow("a/now", { ...options, now: false }, learn)).toEqual(now);
    expect(await rowOrNow("a/bare", { ...options, now: false }, two([]))).toMatchObject({ weights: {} });
    delete process.env.SCOREBOOK_REPRODUCE;
    expect(await rowOrNow("a/now", { ...options, now: false }, learn)).toEqual(now);
    expect(await rowOrNow("a/missing", { ...options, now: false }, learn)).toBeUndefined();
    const typo = { ...options, now: true, versoin: "1" };
    await expect(rowOrNow("a/now", typo, learn)).rejects.toThrow(/versoin.*did you mean "version"/);
  });

  it("refuses a bad id, a result that is not finite, and a committed file that is no row", async () => {
    await expect(row("Weak", options, two([]))).rejects.toThrow("id: expected lower-case words");
    const nan = () => Promise.resolve({ error: [1, NaN] });
    await expect(row("a/b", options, nan)).rejects.toThrow("a/b: error: expected finite numbers, got NaN");
    await row("a/c", options, two([]));
    writeFileSync(join(folder, "figures", "results", "a--c.json"), "{");
    await expect(row("a/c", options, two([]))).rejects.toThrow("is not a row: delete it");
  });

  it("gives the last bit the same after kill -9 in the middle, and redoes no finished part", () => {
    const script = fileURLToPath(new URL("fixtures/killed-row.mjs", import.meta.url));
    const run = (kill: string) =>
      spawnSync(process.execPath, [script], { env: { ...process.env, KILL_AT: kill }, encoding: "utf8" });
    const file = join(folder, "figures", "results", "killed--row.json");
    const log = join(folder, "log");
    process.env.ROW_LOG = log;
    for (const step of ["2", "4"]) {
      expect(run(step).signal).toBe("SIGKILL");
      expect(() => readFileSync(file)).toThrow();
    }
    expect(run("never").status).toBe(0);
    const interrupted = JSON.parse(readFileSync(file, "utf8")) as { result: unknown };
    // part k begins once, but for those that were killed in the middle
    expect(readFileSync(log, "utf8")).toBe("0\n1\n2\n2\n3\n4\n4\n5\n");
    process.env.SCOREBOOK_OUT = join(folder, "other");
    process.env.SCOREBOOK_FIGURES = join(folder, "others");
    expect(run("never").status).toBe(0);
    const whole = JSON.parse(
      readFileSync(join(folder, "others", "results", "killed--row.json"), "utf8"),
    ) as typeof interrupted;
    expect(interrupted.result).toEqual(whole.result);
    expect(readdirSync(join(folder, "figures", "results"))).toEqual(["killed--row.json"]);
  });
});

describe("cached", () => {
  it("computes once for a key and again for another", async () => {
    let count = 0;
    const compute = () => Float64Array.of(++count);
    expect((await cached("numbers", { seed: 1 }, compute))[0]).toBe(1);
    expect((await cached("numbers", { seed: 1 }, compute))[0]).toBe(1);
    expect((await cached("numbers", { seed: 2 }, compute))[0]).toBe(2);
  });
});
