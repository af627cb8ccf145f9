import { afterAll, describe, expect, it } from "vitest";
import { data, linalg, metrics, pde, random } from "../../src/index.js";
import { pool } from "../../src/onnx/index.js";

afterAll(() => pool().close());

/** 64 flows of another solver, another draw of forcings: means, and standard deviations over the flows. */
const REFERENCE = { energy: [0.1418, 0.0696], enstrophy: [0.2568, 0.0771], count: 64 } as const;

describe("the flow ensemble", () => {
  it("has the reference's energy, enstrophy and spectrum", { timeout: 600_000 }, async () => {
    const size = 64;
    const { values } = await data.navierStokes(random.key(11), { count: 64, size });
    const budget = pde.flowBudget(values, { size, viscosity: 1 / 500 });
    for (const name of ["energy", "enstrophy"] as const) {
      const { mean, standardError } = metrics.meanEstimate(budget[name]);
      const [expected, spread] = REFERENCE[name];
      // four standard errors of both ensembles
      expect(Math.abs(mean - expected)).toBeLessThan(
        4 * Math.hypot(standardError, spread / Math.sqrt(REFERENCE.count)),
      );
    }
    const { enstrophyOfField } = pde.flowSpectra(values, { size });
    const shells = size / 2;
    for (const [k, expected] of [
      [1, 0.156],
      [2, 0.0593],
      [4, 0.0126],
      [8, 5.24e-4],
      [16, 1.21e-5],
    ]) {
      const each = Float64Array.from({ length: 64 }, (_, f) => enstrophyOfField[f * shells + k - 1]);
      const { mean, standardError } = metrics.meanEstimate(each);
      expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.SQRT2 * standardError);
    }
  });

  it("is resolved on 64 squared, and no linear answer to its forcing", { timeout: 600_000 }, async () => {
    const options = { count: 4, time: 5 };
    const coarse = await data.navierStokes(random.key(12), { ...options, size: 64 });
    const fine = await data.navierStokes(random.key(12), { ...options, size: 128 });
    const cut = linalg.resample(fine.values, { basis: "fourier", size: 128, dim: 2 }, 64);
    const error = (a: Float64Array, b: Float64Array) =>
      Math.sqrt(
        a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) /
          b.reduce((sum, value) => sum + value * value, 0),
      );
    expect(error(coarse.values, cut)).toBeLessThan(0.004);
    const halved = await data.navierStokes(random.key(12), { ...options, size: 64, dt: 0.01 });
    expect(error(coarse.values, halved.values)).toBeLessThan(2e-4);
  });
});
