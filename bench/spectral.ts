import { key, normal } from "../src/random/index.js";
import { spectral } from "../src/score/index.js";
import { bench, type BenchRow } from "./harness.js";

/** A chain of correlated normal variables. */
function data(count: number, dim: number): Float64Array {
  const z = normal(key(1), count * dim);
  return z.map((value, at) => (at % dim === 0 ? value : value + 0.5 * z[at - 1]));
}

interface Size {
  readonly dim: number;
  readonly count: number;
  readonly n: number;
  readonly levels: number;
}

const TALK: Size = { dim: 10, count: 10_000, n: 4, levels: 160 };

function window({ dim, n, levels }: Size): spectral.FitOptions {
  return { dim, n, numTimes: levels, clusters: spectral.window() };
}

/** Fit, then as many samples as there are data, by Euler and Maruyama's scheme. */
function fitAndGenerate(size: Size): BenchRow {
  const x = data(size.count, size.dim);
  const { count, dim, n, levels } = size;
  return {
    id: `spectral/window-${dim}`,
    work: `fit ${count} points of dimension ${dim} with n = ${n} on ${levels} levels, generate ${count}`,
    ours: async () => {
      const fitted = await spectral.fit(x, window(size));
      await fitted.generate(key(2), count, { integrator: "eulerMaruyama" });
    },
    peers: { numpy: { module: "numpy_spectral", name: "fit_and_generate", args: { count, dim, n, levels } } },
  };
}

/** What it saves to average over the data once instead of at every time. */
function samplewise(size: Size): BenchRow {
  const x = data(size.count, size.dim);
  const { count, dim, n, levels } = size;
  const args = { count, dim, n, levels };
  return {
    id: `spectral/assembly-${dim}`,
    work: `fit ${count} points of dimension ${dim} with n = ${n} on ${levels} levels`,
    ours: () => spectral.fit(x, window(size)),
    peers: {
      numpy: { module: "numpy_spectral", name: "fit", args },
      "numpy, samplewise": { module: "numpy_spectral", name: "fit", args: { ...args, samplewise: true } },
    },
  };
}

function alone(id: string, work: string, size: Size, options: Partial<spectral.FitOptions>): BenchRow {
  const x = data(size.count, size.dim);
  return {
    id: `spectral/${id}`,
    work: `fit ${size.count} points of dimension ${size.dim}, ${work}, on ${size.levels} levels`,
    ours: () => spectral.fit(x, { dim: size.dim, numTimes: size.levels, ...options }),
  };
}

await bench([
  fitAndGenerate(TALK),
  samplewise({ ...TALK, levels: 8 }),
  alone(
    "all-pairs-10",
    "all pairs with n = 4 (761 functions)",
    { dim: 10, count: 60_000, n: 4, levels: 100 },
    { n: 4 },
  ),
  alone("window-50", "window with n = 4", { ...TALK, dim: 50 }, { n: 4, clusters: spectral.window() }),
  alone(
    "fourier-50",
    "window with 6 harmonics (889 functions)",
    { ...TALK, dim: 50, levels: 3 },
    { basis: "fourier", clusters: spectral.window() },
  ),
]);
