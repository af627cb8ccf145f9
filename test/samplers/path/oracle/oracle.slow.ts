import { describe, expect, it } from "vitest";
import { foldIn, key } from "../../../../src/random/index.js";
import { oracle, type OracleMethod, type OracleResult } from "../../../../src/samplers/path/index.js";
import { funnel, manyWell, nineModes, type ExactTarget } from "../../../../src/targets/index.js";
import { reach, type Row } from "./floors.js";

const PATHS = 20_000;

function row(
  method: OracleMethod,
  gap: number,
  ess: number,
  digits: readonly [number, number],
  numSteps = method === "dds" ? 256 : 200,
): Row {
  return { method, numSteps, gap, ess, digits };
}

/** Published floors at N = 200 (DDS: 256), 20,000 paths. */
const FLOORS: readonly (readonly [string, ExactTarget, readonly Row[]])[] = [
  [
    "nine modes",
    nineModes(),
    [
      row("pis", 0.043, 0.9091, [5e-4, 5e-5]),
      row("dis", 0.054, 0.8661, [5e-4, 5e-5]),
      row("dds", 0.055, 0.8926, [5e-4, 5e-5]),
      row("dis-x", 0.04, 0.927, [5e-4, 5e-4]),
      row("pis", 0.09, 0.82, [5e-4, 5e-3], 100),
      row("dis", 0.104, 0.76, [5e-4, 5e-3], 100),
    ],
  ],
  [
    "many-well (5, 5, 4)",
    manyWell({ dim: 5 }),
    [
      row("pis", 0.21, 0.675, [5e-3, 5e-3]),
      row("dis", 0.364, 0.4496, [5e-4, 5e-5]),
      row("dds", 0.193, 0.71, [5e-4, 5e-3]),
      row("dis-x", 0.19, 0.685, [5e-4, 5e-4]),
    ],
  ],
  [
    "many-well (50, 5, 2)",
    manyWell({ dim: 50, wells: 5, delta: 2 }),
    [
      row("pis", 0.088, 0.845, [5e-4, 5e-4]),
      row("dis", 1.83, 0.0234, [5e-3, 5e-5]),
      row("dds", 0.088, 0.83, [5e-4, 5e-3]),
      row("dis-x", 0.097, 0.833, [5e-4, 5e-4]),
    ],
  ],
];

describe.each(FLOORS)("oracle floors of %s", (name, target, rows) => {
  it.each(rows)("$method at $numSteps steps within three standard errors", async (row) => {
    const { gap, gapError, ess, essError } = await reach(target, row.method, row.numSteps, PATHS);
    console.log(`${name} ${row.method} ${row.numSteps}: gap ${gap} ± ${gapError}, ESS ${ess} ± ${essError}`);
    // Both sides have the error of 20,000 paths.
    expect(Math.abs(ess - row.ess)).toBeLessThan(3 * Math.SQRT2 * essError + row.digits[1]);
    expect(Math.abs(gap - row.gap)).toBeLessThan(3 * Math.SQRT2 * gapError + row.digits[0]);
  });
});

describe("oracle floors of the funnel", () => {
  // The weights have no variance: five runs are reported, and no error bar is drawn. What is held is what has one.
  it.each(["pis", "dis", "dds", "dis-x"] as const)("%s over five runs", async (method) => {
    const runs: OracleResult[] = [];
    for (let i = 0; i < 5; i++) {
      runs.push(await oracle(funnel(), { method, numPaths: PATHS, key: foldIn(key(5), i) }));
    }
    const show = (of: (run: OracleResult) => number): string =>
      runs.map((run) => of(run).toPrecision(3)).join(", ");
    console.log(
      `funnel ${method}: gap ${show((r) => -r.elbo)}; log Z ${show((r) => r.logNormConst)}; ESS ${show((r) => r.ess)}`,
    );
    for (const { ess, elbo } of runs) {
      expect(ess).toBeGreaterThan(0);
      expect(elbo).toBeLessThan(0.1);
    }
  });
});
