import { describe, expect, it } from "vitest";
import { linalg, metrics, random, samplers, score } from "../../../src/index.js";
import { exact, mixture, noise, spectrum } from "../../samplers/two-fields.js";

const { functionSpace } = score;
/** What a net might learn: a share of what there is to learn, and some of the field itself. */
const distortedOn =
  (size: number, share: number, slope: number): score.functionSpace.Residual =>
  async (sigma, w) => {
    const f = await exact(size)(sigma, w);
    const { variances } = spectrum.at(size);
    const c = noise.eigenvalues(size);
    return f.map((value, i) => {
      const [lambda, noised] = [variances[i % size], sigma * sigma * c[i % size]];
      if (!(lambda > 0) || noised === 0) return value;
      const total = lambda + noised;
      const linear = -(noised / total) * w[i];
      const out = (Math.sqrt(lambda) * noised) / total;
      return linear + share * (value - linear) + (out * slope * w[i]) / Math.sqrt(total);
    });
  };

const size = 16;
const levels = functionSpace.noiseLevels({ first: 5, last: 0.05, count: 14 });
const modes = mixture(size).sample(random.key(1), 3000);
const on = { noise, spectrum, size };

describe("the calibration of a learned residual", () => {
  it("finds the share that was learned and the field that is in it", async () => {
    const distorted = distortedOn(size, 0.5, -0.2);
    const found = await functionSpace.calibrate(distorted, modes, { ...on, levels, key: random.key(2) });
    expect(found.numShells).toBe(8);
    // 6,000 products of y and N, whose variances are at most about one
    const within = 4.5 / Math.sqrt(6000);
    for (let l = 0; l < levels.length; l++) {
      for (let s = 1; s < 8; s++) expect(Math.abs(found.slope[8 * l + s] + 0.2)).toBeLessThan(within);
    }
    // N is of order one where the components part: there its share is known
    const apart = [...levels.keys()].filter((l) => levels[l] > 0.3 && levels[l] < 2);
    for (const l of apart) expect(found.gain[8 * l + 1] / 2).toBeCloseTo(1, 1);
  });

  it("gives back the energy that the distortion took", async () => {
    const distorted = distortedOn(size, 0.8, -0.3);
    const table = await functionSpace.calibrate(distorted, modes, { ...on, levels, key: random.key(3) });
    const energyOf = async (residual: score.functionSpace.Residual, n: number): Promise<number> => {
      const plan = { noise, spectrum, size: n, numSamples: 1000, levels };
      const w = await samplers.fieldFlow(residual, random.key(4), plan);
      return metrics.meanEstimate(metrics.fieldEnergies(w, n)).mean / mixture(n).energy;
    };
    const perfect = await energyOf(exact(size), size);
    expect(await energyOf(distorted, size)).toBeLessThan(0.8 * perfect);
    for (const n of [size, 32]) {
      const mended = functionSpace.calibrated(distortedOn(n, 0.8, -0.3), table, { ...on, size: n });
      expect(Math.abs((await energyOf(mended, n)) / perfect - 1)).toBeLessThan(0.05);
    }
  });

  it("is linear in log σ between levels, and constant beyond them", async () => {
    const table = {
      levels: Float64Array.of(4, 1),
      numShells: 2,
      gain: Float64Array.of(1, 1, 1, 3),
      slope: new Float64Array(4),
    };
    const w = mixture(size).sample(random.key(5), 1);
    const mended = functionSpace.calibrated(exact(size), table, on);
    for (const [sigma, gain] of [
      [2, 2],
      [4, 1],
      [9, 1],
      [1, 3],
      [0.5, 3],
    ] as const) {
      // prettier-ignore
      const [own, linear] = [await distortedOn(size, gain, 0)(sigma, w), await mended(sigma, w)];
      for (const k of [1, 2, 9]) expect(linear[k]).toBeCloseTo(own[k], 10);
      const plain = await exact(size)(sigma, w);
      expect(linear[0]).toBeCloseTo(plain[0], 10);
    }
  });

  it("refuses levels that rise, and tables that do not fit", async () => {
    const how = { ...on, key: random.key(0) };
    const run = functionSpace.calibrate(exact(size), modes, { ...how, levels: [1, 2] });
    await expect(run).rejects.toThrow(/levels\[1\]: .*decreasing levels/);
    const table = {
      levels: Float64Array.of(1),
      numShells: 2,
      gain: new Float64Array(2),
      slope: new Float64Array(3),
    };
    expect(() => functionSpace.calibrated(exact(size), table, on)).toThrow(/slope: .*1 levels of 2 shells/);
  });

  it("|k| of the modes of a grid", () => {
    expect([...linalg.waveNumbers({ basis: "fourier", size: 4, dim: 1 })]).toEqual([0, 1, 1, 2]);
    const square = linalg.waveNumbers({ basis: "cosine", size: 2, dim: 2 });
    expect([...square]).toEqual([0, 1, 1, Math.SQRT2]);
  });
});
