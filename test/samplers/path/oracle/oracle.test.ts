import { describe, expect, it } from "vitest";
import { foldIn, key } from "../../../../src/random/index.js";
import { oracle, summarise, type OracleMethod } from "../../../../src/samplers/path/index.js";
import {
  funnel,
  gaussianMixture,
  manyWell,
  nineModes,
  type ExactTarget,
} from "../../../../src/targets/index.js";
import { reach, type Row } from "./floors.js";

/** One row a target; the rows at N = 200, with the funnel over five runs, are in the slow tier. */
const ROWS: readonly (readonly [string, ExactTarget, numPaths: number, Row])[] = [
  [
    "nine modes",
    nineModes(),
    4000,
    { method: "dis", numSteps: 50, gap: 0.223, ess: 0.6, digits: [5e-4, 5e-3] },
  ],
  [
    "many-well (5, 5, 4)",
    manyWell({ dim: 5 }),
    3000,
    { method: "pis", numSteps: 50, gap: 0.91, ess: 0.26, digits: [5e-3, 5e-3] },
  ],
  [
    "many-well (50, 5, 2)",
    manyWell({ dim: 50, wells: 5, delta: 2 }),
    1000,
    { method: "pis", numSteps: 50, gap: 0.36, ess: 0.54, digits: [5e-3, 5e-3] },
  ],
];

describe("oracle", () => {
  it.each(ROWS)(
    "reaches the published floor of %s within three standard errors",
    async (_, target, numPaths, row) => {
      const { ess, essError } = await reach(target, row.method, row.numSteps, numPaths);
      // The published row has 20,000 paths and an error of its own.
      const error = essError * Math.sqrt(1 + numPaths / 20_000);
      expect(error).toBeLessThan(0.03);
      expect(Math.abs(ess - row.ess)).toBeLessThan(3 * error + row.digits[1]);
    },
  );

  it("reaches the published gap of DDS on the funnel, whose weights have no variance", async () => {
    const { gap, gapError } = await reach(funnel(), "dds", 256, 2000);
    expect(gapError).toBeLessThan(0.06);
    // The published 0.247 has 20,000 paths.
    expect(Math.abs(gap - 0.247)).toBeLessThan(3 * gapError * Math.sqrt(1 + 2000 / 20_000) + 5e-4);
  });

  it.each(["dds", "dis-x"] as const)("is unbiased with %s for a funnel of light tails", async (method) => {
    const target = funnel({ dim: 2, scale: 0.6 });
    const n = 4000;
    const { logNormConst, ess, elbo } = await oracle(target, {
      method,
      numSteps: 30,
      numPaths: n,
      key: key(3),
    });
    // relative variance of the weights is 1/ESS - 1; four standard errors
    expect(Math.abs(logNormConst)).toBeLessThan(4 * Math.sqrt((1 / ess - 1) / n));
    expect(ess).toBeGreaterThan(0.3);
    expect(elbo).toBeLessThan(logNormConst);
  });

  it.each(["pis", "dis", "dds", "dis-x"] as const)("ends %s in the target", async (method: OracleMethod) => {
    const target = gaussianMixture({ means: [[-1], [2]], variances: [0.2, 0.5], weights: [1, 2] });
    const n = 4000;
    const { samples } = await oracle(target, { method, numPaths: n, key: foldIn(key(9), 1) });
    const mean = samples.reduce((sum, value) => sum + value, 0) / n;
    // time steps of 1/200 move the mean by about 0.01; four standard errors
    expect(Math.abs(mean - target.mean()[0])).toBeLessThan(0.02 + (4 * target.std()[0]) / Math.sqrt(n));
  });

  it("makes path p from the key and p alone, and reports progress", async () => {
    const options = { method: "pis", numSteps: 10, key: key(4) } as const;
    const seen: number[] = [];
    const few = await oracle(manyWell({ dim: 2 }), { ...options, numPaths: 600 });
    const many = await oracle(manyWell({ dim: 2 }), {
      ...options,
      numPaths: 1100,
      onProgress: ({ done }) => seen.push(done),
    });
    expect(many.rnd.subarray(0, 600)).toEqual(few.rnd);
    expect(many.samples.subarray(0, 1200)).toEqual(few.samples);
    expect(seen).toEqual([500, 1000, 1100]);
  });

  it("leaves paths out that are not finite, and counts them", () => {
    const paths = { rnd: Float64Array.of(1, NaN, 3, Infinity), ito: Float64Array.of(0.5, 0, -0.5, 0) };
    const summary = summarise(paths, false);
    expect(summary.excluded).toBe(2);
    expect(summary.elbo).toBe(-2);
    expect(summary.logNormConst).toBeCloseTo(Math.log((Math.exp(-1) + Math.exp(-3)) / 2), 14);
    expect(() => summarise({ rnd: Float64Array.of(NaN), ito: Float64Array.of(0) }, true)).toThrow(/^rnd/);
  });

  it("stops at a signal and refuses what it does not know", async () => {
    const target = nineModes();
    const stop = AbortSignal.abort(new Error("enough"));
    await expect(oracle(target, { method: "pis", key: key(1), signal: stop })).rejects.toThrow("enough");
    await expect(oracle(target, { method: "sip" as never, key: key(1) })).rejects.toThrow(/^method: .*pis/);
    await expect(oracle(target, { method: "pis", numPaths: 1, key: key(1) })).rejects.toThrow(/^numPaths/);
    await expect(oracle(target, { method: "pis", paths: 1, key: key(1) } as never)).rejects.toThrow(
      /numPaths/,
    );
  });
});
