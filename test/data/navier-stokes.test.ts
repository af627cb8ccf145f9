import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { data, linalg, pde, random, targets } from "../../src/index.js";
import { pool } from "../../src/onnx/index.js";

const folder = mkdtempSync(join(tmpdir(), "flows-"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await pool().close();
});

describe("flow data", () => {
  const options = { count: 3, size: 64, time: 0.2, dt: 0.02 };

  it("is the solver's answer to a drawn forcing, on any grid", async () => {
    const made = await data.navierStokes(random.key(1), { ...options, folder });
    const forcing = targets.fields.periodicCovariance({ dim: 2, alpha: 4, tau: 3, scale: 27 });
    const modes = targets.fields.drawModes(forcing, random.foldIn(random.key(1), 0), 3, 64);
    const solver = pde.navierStokes({
      size: 64,
      viscosity: 1 / 500,
      dt: 0.02,
      forcing: targets.fields.fieldsOf(modes, forcing, 64),
    });
    const { vorticity } = await solver.step(solver.init(new Float64Array(3 * 64 * 64)), 10);
    const gap = vorticity.reduce((most, w, i) => Math.max(most, Math.abs(w - made.values[i])), 0);
    expect(gap).toBeLessThan(1e-13);
    const coarse = await data.navierStokes(random.key(1), { ...options, size: 16 });
    const cut = linalg.resample(made.values, { basis: "fourier", size: 64, dim: 2 }, 16);
    expect(Math.max(...coarse.values.map((w, i) => Math.abs(w - cut[i])))).toBeLessThan(1e-13);
  });

  it("takes steps as much shorter on a finer grid as stability asks", async () => {
    const fine = { count: 1, size: 128, time: 0.04 };
    const [own, told] = [fine, { ...fine, dt: 0.01 }].map((how) => data.navierStokes(random.key(1), how));
    expect((await own).checksum).toBe((await told).checksum);
    expect((await own).checksum).not.toBe(
      (await data.navierStokes(random.key(1), { ...fine, dt: 0.02 })).checksum,
    );
  });

  it("comes from its folder the second time, with the same checksum, and is made again where that is damaged", async () => {
    const entries = readdirSync(folder);
    expect(entries).toHaveLength(1);
    const started = performance.now();
    const kept = await data.navierStokes(random.key(1), { ...options, folder });
    expect(performance.now() - started).toBeLessThan(2000);
    writeFileSync(join(folder, entries[0]), "damaged");
    const again = await data.navierStokes(random.key(1), { ...options, folder });
    expect(again.checksum).toBe(kept.checksum);
    expect(again.checksum).toMatch(/^[0-9a-f]{64}$/);
  });
});
