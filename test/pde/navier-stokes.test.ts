import { afterAll, describe, expect, it } from "vitest";
import { pde, random } from "../../src/index.js";
import { pool } from "../../src/onnx/index.js";
import { keptModes } from "../../src/pde/spectral/kept-modes.js";
import { vorticityRate } from "../../src/pde/spectral/vorticity-rate.js";
import { toHalfPlane } from "../../src/pde/spectral/half-plane.js";

afterAll(() => pool().close());

/** f(x, y) on the grid, rows are y. */
function field(size: number, f: (x: number, y: number) => number, length = 2 * Math.PI): Float64Array {
  const h = length / size;
  return Float64Array.from({ length: size * size }, (_, p) => f(h * (p % size), h * Math.floor(p / size)));
}

function relative(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  const [error, norm] = [0, 0].map(() => ({ sum: 0 }));
  b.forEach((value, i) => ((error.sum += (a[i] - value) ** 2), (norm.sum += value ** 2)));
  return Math.sqrt(error.sum / norm.sum);
}

/** A smooth random vorticity, the same function on every grid. */
function smooth(size: number, most = 4): Float64Array {
  const draws = random.normal(random.key(3), 2 * (2 * most + 1) ** 2);
  const waves: [number, number, number, number][] = [];
  for (let k = -most, i = 0; k <= most; k++) {
    for (let l = -most; l <= most; l++, i += 2) waves.push([k, l, draws[i], draws[i + 1]]);
  }
  return field(size, (x, y) =>
    waves.reduce(
      (sum, [k, l, a, b]) =>
        sum + (a * Math.cos(k * x + l * y) + b * Math.sin(k * x + l * y)) / (1 + k * k + l * l),
      0,
    ),
  );
}

async function run(
  size: number,
  w: Float64Array,
  time: number,
  dt: number,
  options: object = {},
): Promise<Float64Array> {
  const solver = pde.navierStokes({ size, viscosity: 1 / 100, dt, ...options });
  return (await solver.step(solver.init(w), Math.round(time / dt))).vorticity;
}

describe("the vorticity solver", () => {
  it("computes -u·∇w as the flux form does on a grid without aliasing", () => {
    const size = 32;
    const modes = keptModes(size);
    const spectrum = toHalfPlane(smooth(size), modes);
    const rate = new Float64Array(spectrum.length);
    vorticityRate(modes, 1)(spectrum, undefined, rate, { u: 0, v: 0 });
    // ŵ by direct sums, then the convolution Σ_q -(û_{k-q}·iq) ŵ_q by its definition
    const at = (array: Float64Array, kx: number, ky: number): [number, number] => {
      if (Math.abs(kx) > modes.most || Math.abs(ky) > modes.most) return [0, 0];
      const [x, y, sign] = kx < 0 || (kx === 0 && ky < 0) ? [-kx, -ky, -1] : [kx, ky, 1];
      const place = 2 * ((y >= 0 ? y : modes.rows + y) * modes.columns + x);
      return [array[place], sign * array[place + 1]];
    };
    for (const [kx, ky] of [
      [1, 0],
      [0, 3],
      [2, -3],
      [5, 1],
      [8, 8],
      [0, -2],
    ]) {
      let [re, im] = [0, 0];
      for (let qx = -4; qx <= 4; qx++) {
        for (let qy = -4; qy <= 4; qy++) {
          const [px, py] = [kx - qx, ky - qy];
          const square = px * px + py * py;
          if (square === 0) continue;
          const [wr, wi] = at(spectrum, qx, qy);
          const [pr, pi] = at(spectrum, px, py);
          // u·∇: u = iψ p_y, v = -iψ p_x; times i q: -(p_y q_x - p_x q_y) ψ
          const factor = (py * qx - px * qy) / square;
          re += factor * (pr * wr - pi * wi);
          im += factor * (pr * wi + pi * wr);
        }
      }
      const [gotRe, gotIm] = at(rate, kx, ky);
      expect(gotRe).toBeCloseTo(re, 12);
      expect(gotIm).toBeCloseTo(im, 12);
    }
  });

  it("lets a Taylor–Green vortex decay, with the error of the second order", async () => {
    const size = 32;
    const w = field(size, (x, y) => 2 * Math.cos(x) * Math.cos(y));
    const exact = w.map((value) => value * Math.exp(-2 / 100));
    const gap = (got: Float64Array) =>
      got.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i])), 0);
    const errors = await Promise.all([0.04, 0.02].map(async (dt) => gap(await run(size, w, 1, dt))));
    expect(errors[1]).toBeGreaterThan(5.15e-10);
    expect(errors[1]).toBeLessThan(5.25e-10);
    expect(errors[0] / errors[1]).toBeCloseTo(4, 1);
  });

  it("knows the side of the square", async () => {
    const [size, length] = [32, 1];
    const k = (2 * Math.PI) / length;
    const w = field(size, (x, y) => 2 * Math.cos(k * x) * Math.cos(k * y), length);
    const exact = w.map((value) => value * Math.exp(-2 * k * k * 0.01 * 0.2));
    expect(relative(await run(size, w, 0.2, 0.01, { length }), exact)).toBeLessThan(1e-5);
  });

  it("stays linear under a forcing of one shell, at an angle to the grid", async () => {
    const size = 32;
    const [viscosity, time, q] = [1 / 500, 5, 5];
    const forcing = field(
      size,
      (x, y) => Math.cos(2 * x + y) + 0.5 * Math.sin(x - 2 * y) + 0.3 * Math.cos(x + 2 * y),
    );
    const got = await run(size, new Float64Array(size * size), time, 0.005, { viscosity, forcing });
    const exact = forcing.map((f) => (f * (1 - Math.exp(-q * viscosity * time))) / (q * viscosity));
    expect(relative(got, exact)).toBeLessThan(2.1e-10);
  });

  it("is of second order in time where advection matters", async () => {
    const w = smooth(64);
    const at = (dt: number) => run(64, w, 0.64, dt);
    const [coarse, middle, fine] = [await at(0.04), await at(0.02), await at(0.01)];
    const ratio = relative(coarse, middle) / relative(middle, fine);
    expect(ratio).toBeGreaterThan(3.7);
    expect(ratio).toBeLessThan(4.6);
  });

  it("loses no energy or enstrophy of its own without viscosity, to the third order", async () => {
    const w = smooth(64);
    const before = pde.flowBudget(w, { size: 64, viscosity: 0 });
    const drift = async (dt: number) => {
      const after = pde.flowBudget(await run(64, w, 0.64, dt, { viscosity: 0 }), { size: 64, viscosity: 0 });
      return [after.enstrophy[0] / before.enstrophy[0] - 1, after.energy[0] / before.energy[0] - 1].map(
        Math.abs,
      );
    };
    const [coarse, fine] = [await drift(0.02), await drift(0.01)];
    expect(fine[0]).toBeLessThan(2e-5);
    expect(fine[1]).toBeLessThan(2e-5);
    expect(Math.log2(coarse[0] / fine[0])).toBeGreaterThan(2.6);
  });

  it("keeps its budgets: dZ/dt and dE/dt are what dissipation and forcing make of them", async () => {
    const size = 64;
    const options = {
      size,
      viscosity: 0.01,
      forcing: field(size, (x, y) => Math.sin(3 * y) + Math.cos(x + y)),
    };
    const dt = 1e-3;
    const solver = pde.navierStokes({ ...options, dt });
    const first = solver.init(smooth(size));
    const middle = await solver.step(first, 1);
    const last = await solver.step(middle, 1);
    const [before, at, after] = [first, middle, last].map((state) =>
      pde.flowBudget(state.vorticity, options),
    );
    expect((after.enstrophy[0] - before.enstrophy[0]) / (2 * dt)).toBeCloseTo(at.enstrophyRate[0], 4);
    expect((after.energy[0] - before.energy[0]) / (2 * dt)).toBeCloseTo(at.energyRate[0], 4);
    expect(Math.abs(at.enstrophyRate[0])).toBeGreaterThan(0.01);
  });

  it("gives each flow of a batch the bits that it has alone, with its own forcing", async () => {
    const size = 16;
    const fields = [0, 1, 2].map((i) => random.normal(random.key(i), size * size).map((z) => 0.3 * z));
    const forces = [3, 4, 5].map((i) => random.normal(random.key(i), size * size));
    const join = (parts: Float64Array[]) => Float64Array.from(parts.flatMap((part) => [...part]));
    const options = { size, viscosity: 0.02, dt: 0.01 };
    const together = pde.navierStokes({ ...options, forcing: join(forces) });
    const all = (await together.step(together.init(join(fields)), 30)).vorticity;
    for (const [i, w] of fields.entries()) {
      const alone = pde.navierStokes({ ...options, forcing: forces[i] });
      const one = await alone.step(alone.init(w), 30);
      expect([...all.subarray(i * size * size, (i + 1) * size * size)]).toEqual([...one.vorticity]);
      expect(one.steps[0]).toBe(30);
    }
  });

  it("chooses steps by the speed and ends at the time asked for", async () => {
    const solver = pde.navierStokes({ size: 64, viscosity: 0.01, dt: { cfl: 0.25, most: 0.05 } });
    const state = await solver.advance(solver.init(smooth(64)), 0.5);
    expect(state.times[0]).toBeCloseTo(0.5, 12);
    expect(state.cfl[0]).toBeLessThanOrEqual(0.2501);
    expect(relative(state.vorticity, await run(64, smooth(64), 0.5, 0.0025))).toBeLessThan(1e-3);
  });

  it("stops at an unstable step with the CFL number and the last good state", async () => {
    const solver = pde.navierStokes({ size: 32, viscosity: 1e-4, dt: 0.5, maxCfl: 1e3 });
    const start = solver.init(smooth(32).map((w) => 20 * w));
    const error = await solver.step(start, 200).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(pde.UnstableStepError);
    const { message, state, where } = error as pde.UnstableStepError;
    expect(message).toMatch(/step \d+ of flow 0 is unstable: .*CFL number/);
    expect(where.step).toBe(state.steps[0]);
    expect(where.cfl).toBeGreaterThan(1);
    expect(state.vorticity.every(Number.isFinite)).toBe(true);
    const again = await solver.step(start, where.step);
    expect([...again.vorticity]).toEqual([...state.vorticity]);
    const early = pde.navierStokes({ size: 32, viscosity: 1e-4, dt: 0.5 });
    await expect(early.step(start, 1)).rejects.toThrow(/step 1 of flow 0 is unstable/);
  });

  it("refuses what it cannot use", () => {
    const options = { size: 32, viscosity: 0.01, dt: 0.01 };
    expect(() => pde.navierStokes({ ...options, size: 48 })).toThrow(/size: .*nearest are 32 and 64/);
    expect(() => pde.navierStokes({ ...options, viscosity: -1 })).toThrow(/viscosity: /);
    expect(() => pde.navierStokes({ ...options, dt: 0 })).toThrow(/dt: /);
    expect(() => pde.navierStokes(options).init(new Float64Array(100))).toThrow(/vorticity: .*batch·32·32/);
    const forced = pde.navierStokes({ ...options, forcing: new Float64Array(2 * 1024) });
    expect(() => forced.init(new Float64Array(3 * 1024))).toThrow(/as many fields as the forcing has, 2/);
  });
});

describe("flow spectra", () => {
  it("put every wave in its shell and add up to energy and enstrophy", () => {
    const size = 32;
    const w = field(size, (x, y) => 2 * Math.cos(3 * x + 4 * y) + Math.sin(2 * x));
    const { energy, enstrophy, wavenumbers } = pde.flowSpectra(w, { size });
    expect(wavenumbers[4]).toBe(5);
    expect(enstrophy[4]).toBeCloseTo(1, 12);
    expect(energy[4]).toBeCloseTo(1 / 25, 12);
    expect(enstrophy[1]).toBeCloseTo(0.25, 12);
    const budget = pde.flowBudget(w, { size, viscosity: 0 });
    expect(budget.enstrophy[0]).toBeCloseTo(
      w.reduce((sum, value) => sum + value * value, 0) / 2 / size ** 2,
      12,
    );
    expect(budget.energy[0]).toBeCloseTo(1 / 25 + 0.25 / 4, 12);
  });

  it("include the authors' coherent sums, in which phases cancel", () => {
    const size = 16;
    const one = field(size, (x, y) => Math.cos(2 * x + y));
    const cancelling = field(size, (x, y) => Math.cos(2 * x + y) - Math.cos(x + 2 * y));
    expect(pde.coherentSpectrum(one, { size })[3]).toBeCloseTo(size ** 2 / 2, 9);
    expect(pde.coherentSpectrum(cancelling, { size })[3]).toBeCloseTo(0, 9);
  });
});
