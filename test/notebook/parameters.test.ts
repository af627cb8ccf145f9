import { describe, expect, expectTypeOf, it } from "vitest";
import { parameters, start } from "../../src/notebook/index.js";
import { freshRun } from "./fake-kernel.js";

const run = freshRun();
const profiles = {
  quick: { samples: 100, basis: "hermite", orders: [2, 4], save: false },
  full: { samples: 1000, basis: "hermite", orders: [2, 4, 6], save: true },
};

describe("parameters", () => {
  it("are the quick profile's, with a seed, unless the environment asks for the full one", () => {
    expect(parameters(profiles)).toEqual({ seed: 0, ...profiles.quick });
    process.env.SCOREBOOK_PROFILE = "full";
    expect(parameters(profiles)).toEqual({ seed: 0, ...profiles.full });
    process.env.SCOREBOOK_PROFILE = "fulll";
    expect(() => parameters(profiles)).toThrow(
      'SCOREBOOK_PROFILE: expected one of quick, full (did you mean "full"?)',
    );
  });

  it("have single values replaced, and keep a seed of their own", () => {
    process.env.SCOREBOOK_PARAMS = '{"samples": 7, "orders": []}';
    expect(parameters(profiles)).toEqual({ ...profiles.quick, seed: 0, samples: 7, orders: [] });
    process.env.SCOREBOOK_PARAMS = '{"seed": 5}';
    expect(parameters({ quick: { seed: 1 }, full: { seed: 2 } })).toEqual({ seed: 5 });
  });

  it("refuse what the notebook does not know, with the nearest name", () => {
    process.env.SCOREBOOK_PARAMS = '{"sample": 7}';
    expect(() => parameters(profiles)).toThrow(
      'SCOREBOOK_PARAMS.sample: expected one of seed, samples, basis, orders, save (did you mean "samples"?)',
    );
    for (const [text, message] of [
      ['{"samples": "7"}', "SCOREBOOK_PARAMS.samples: expected the type of 100"],
      ['{"samples": null}', "SCOREBOOK_PARAMS.samples"],
      ['{"orders": ["a"]}', "SCOREBOOK_PARAMS.orders"],
      ['{"seed": -1}', "seed: expected a whole number"],
      ['{"seed": 1.5}', "seed: expected a whole number"],
      ['{"__proto__": 1}', "SCOREBOOK_PARAMS.__proto__"],
      ["{", "SCOREBOOK_PARAMS: expected a JSON object"],
      ["[1]", "SCOREBOOK_PARAMS: expected a JSON object"],
    ]) {
      process.env.SCOREBOOK_PARAMS = text;
      expect(() => parameters(profiles), text).toThrow(message);
    }
  });

  it("refuse profiles that differ in keys or types", () => {
    const other = (full: object) => () => parameters({ quick: { n: 1, label: "a" }, full } as never);
    expect(other({ n: 1 })).toThrow("quick.label: expected one of seed, n");
    expect(other({ n: 1, label: "a", m: 2 })).toThrow("full.m: expected one of seed, n, label");
    expect(other({ n: "1", label: "a" })).toThrow("full.n: expected the type of the other profile's 1");
    expect(other({ n: NaN, label: "a" })).toThrow("full.n: expected a number, text");
  });

  it("cannot be changed afterwards, and have the profiles' types", () => {
    const p = parameters(profiles);
    expectTypeOf(p.samples).toEqualTypeOf<number>();
    expectTypeOf(p.seed).toEqualTypeOf<number>();
    expectTypeOf(p.orders).toEqualTypeOf<number[]>();
    expect(() => Object.assign(p, { samples: 1 })).toThrow(TypeError);
  });

  it("are shown, with where each comes from, and kept in the run's document", async () => {
    await start("05-test");
    process.env.SCOREBOOK_PARAMS = '{"samples": 7}';
    const p = parameters(profiles);
    const text = run.kernel.last("text/plain");
    expect(text).toMatch(/samples +7 +set for this run/);
    expect(text).toMatch(/orders +2, 4 +quick/);
    expect(run.document("05-test")).toMatchObject({
      notebook: "05-test",
      profile: "quick",
      params: { ...p },
    });
  });
});
