import { afterAll, describe, expect, it } from "vitest";
import type { Tensor } from "@tensorflow/tfjs";
import * as engine from "../../../src/engine/index.js";
import { linalg, random, score, targets } from "../../../src/index.js";
import { pool } from "../../../src/onnx/index.js";
import { component as c1, mixture, noise as c2 } from "../../samplers/two-fields.js";

const { functionSpace } = score;
const { fields } = targets;

afterAll(() => pool().close());

describe("second moments of modes", () => {
  it("are those of the data on their grid, and a power law beyond", () => {
    const size = 32;
    const modes = fields.drawModes(c1, random.key(1), 4000, size);
    const grid = { basis: "fourier", size, dim: 1 } as const;
    const spectrum = functionSpace.modeSpectrum(modes, grid);
    const own = spectrum.at(size).variances;
    const exact = c1.eigenvalues(128);
    for (const k of [1, 6, 20])
      expect(Math.abs(own[k] / exact[k] - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 4000));
    const fine = spectrum.at(128).variances;
    expect([...fine.subarray(0, 31)]).toEqual([...own.subarray(0, 31)]);
    // the law's local slope between k = 8 and 15 is a little flatter than -4 further out
    expect(fine[60] / exact[60]).toBeGreaterThan(0.9);
    expect(fine[60] / exact[60]).toBeLessThan(1.5);
    expect(fine[127]).toBe(0);
    // kept moments give the same law on every grid
    const again = functionSpace.continuedSpectrum(spectrum.at(size), grid);
    expect(again.at(128)).toEqual(spectrum.at(128));
    expect(() => functionSpace.continuedSpectrum(spectrum.at(16), grid)).toThrow(/mean: .*32 numbers/);
  });
});

describe("a learned residual", () => {
  it("is the linear denoiser before any training, on every grid", async () => {
    const modes = mixture(16).sample(random.key(2), 50);
    const model = functionSpace.modelOf(modes, {
      noise: c2,
      size: 16,
      net: { width: 4, modes: 2, blocks: 1 },
    });
    const params = model.net.init(random.key(3));
    for (const size of [16, 32]) {
      const w = mixture(size).sample(random.key(4), 3);
      const got = await functionSpace.learnedResidual(model, params, size)(0.3, w);
      const expected = functionSpace.gaussianResidual(model.spectrum.at(size), c2.eigenvalues(size))(
        0.3,
        w,
      ) as Float64Array;
      // what the noise does not touch keeps its mean
      const touched = c2.eigenvalues(size);
      got.forEach((value, i) => {
        if (touched[i % size] > 0) expect(value).toBeCloseTo(expected[i], 12);
      });
    }
  });

  it("comes nearer to the exact one by training, on the training grid and on a finer one", async () => {
    const size = 16;
    const learned = await functionSpace.fit(mixture(size).sample(random.key(5), 2000), {
      noise: c2,
      size,
      key: random.key(6),
      numSteps: 800,
      batchSize: 32,
      net: { width: 16, modes: 3, blocks: 2, projection: 16 },
    });
    for (const grid of [16, 64]) {
      const exact = mixture(grid);
      const sigma = 0.5;
      const xi = fields.drawModes(c2, random.key(7), 200, grid);
      const w = exact.sample(random.key(8), 200).map((u, i) => u + sigma * xi[i]);
      const wanted = exact.residual(w, sigma, c2);
      const error = (got: Float64Array) =>
        Math.sqrt(got.reduce((sum, value, i) => sum + (value - wanted[i]) ** 2, 0));
      const linear = functionSpace.gaussianResidual(learned.model.spectrum.at(grid), c2.eigenvalues(grid))(
        sigma,
        w,
      ) as Float64Array;
      const net = await learned.residual(grid)(sigma, w);
      // a few seconds of training already take a quarter of what the linear denoiser leaves
      expect(error(net) / error(linear)).toBeLessThan(0.8);
    }
  });

  it.each(["energy", "whitened"] as const)(
    "lowers the residual objective by what its loss says, %s",
    async (norm) => {
      const [size, count, sigma] = [16, 3, 0.2];
      const u = mixture(size).sample(random.key(2), 50);
      const model = functionSpace.modelOf(u, { noise: c2, size, net: { width: 4, modes: 2, blocks: 1 } });
      const params = Float32Array.from(random.normal(random.key(3), model.net.count), (z) => 0.3 * z);
      const white = Float32Array.from(random.normal(random.key(4), count * size));
      const fields = Float32Array.from(u.subarray(0, count * size));
      const level = new Float32Array(count).fill(Math.log(sigma));
      const lossOf = engine.compile(
        ({ p, u, noise, level }: Record<"p" | "u" | "noise" | "level", Tensor>) =>
          functionSpace.fieldLoss(model, size, norm)(p, { u, noise, level }),
        {
          p: { shape: [params.length] },
          u: { shape: [count, size] },
          noise: { shape: [count, size] },
          level: { shape: [count, 1] },
        },
      );
      const loss = ((await lossOf({ p: params, u: fields, noise: white, level })) as Float32Array)[0];
      const c = c2.eigenvalues(size);
      const { variances } = model.spectrum.at(size);
      const own = functionSpace.learnedResidual(model, params, size);
      const linear = functionSpace.gaussianResidual(model.spectrum.at(size), c);
      const weight = (k: number) =>
        norm === "energy" || c[k] === 0 ? 1 : 1 / (variances[k] + sigma ** 2 * c[k]);
      let lowered = 0;
      for (const sign of [1, -1]) {
        const xi = Float64Array.from(white, (z, i) => sign * sigma * Math.sqrt(c[i % size]) * z);
        const w = xi.map((value, i) => fields[i] + value);
        const square = (f: Float64Array) =>
          f.reduce((sum, value, i) => sum + weight(i % size) * (value + xi[i]) ** 2, 0);
        lowered += square(await own(sigma, w)) - square(await linear(sigma, w));
      }
      const unit = variances.reduce((sum, lambda, k) => {
        const noised = sigma * sigma * c[k];
        return noised === 0 ? sum : sum + weight(k) * lambda * (noised / (lambda + noised)) ** 2;
      }, 0);
      expect(loss).toBeCloseTo(lowered / (2 * count * unit), 3);
      expect(Math.abs(loss)).toBeGreaterThan(0.01);
    },
  );

  it("refuses noise without a trace, unless asked", async () => {
    const white = fields.whiteCovariance({ dim: 1 });
    const modes = mixture(16).sample(random.key(2), 50);
    const options = {
      noise: white,
      size: 16,
      key: random.key(0),
      numSteps: 1,
      net: { width: 2, modes: 1, blocks: 1 },
    };
    await expect(functionSpace.fit(modes, options)).rejects.toThrow(/noise: .*trace class/);
  });
});

it("the loss's transforms are those of linalg: a training step in two dimensions is finite", async () => {
  const law = fields.periodicCovariance({ dim: 2, alpha: 2.5, tau: 2 });
  const noise = fields.periodicCovariance({ dim: 2, alpha: 1.5, tau: 2 });
  const modes = fields.drawModes(law, random.key(1), 64, 8);
  const run = await functionSpace.fit(modes, {
    noise,
    size: 8,
    key: random.key(2),
    numSteps: 3,
    batchSize: 8,
    net: { width: 4, modes: 2, blocks: 1, position: false },
  });
  expect(run.info.status).toBe("finished");
  // the net starts as the linear denoiser, at which the loss is zero, and a Gaussian law leaves it nothing to learn
  expect(run.info.history.loss[0]).toBe(0);
  expect(Math.abs(run.info.history.loss.at(-1) as number)).toBeLessThan(0.1);
  expect(linalg.frequencies("fourier", 8)[7]).toBe(4);
});
