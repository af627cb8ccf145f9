import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { laplacian } from "../../src/engine/index.js";
import { mlp } from "../../src/nets/index.js";
import { key, normal } from "../../src/random/index.js";
import {
  adam,
  fit,
  lossProgram,
  normals,
  rows,
  uniforms,
  type FitResult,
  type Loss,
  type LossOptions,
} from "../../src/train/index.js";
import type { BenchRow } from "../harness.js";

const COUNT = 38_214;
const UPDATES = 1000;
const STEPS = 100;

/** So many steps of a run that goes on from call to call, the loop's own work included. */
function training(options: LossOptions, start: Float32Array): (steps: number) => Promise<void> {
  const program = lossProgram(options);
  const run = { program, params: start, key: key(1), optimiser: adam({ learningRate: 1e-3 }) };
  let last: FitResult | undefined;
  return async (steps) => {
    const numSteps = (last?.info.steps ?? 0) + steps;
    last = await fit({ ...run, numSteps, recordEvery: 1000, from: last?.state });
  };
}

const score = mlp({ sizes: [3, 64, 64, 64, 64, 64, 2] });
const data = normal(key(5), 100_000);
const denoising: Loss = (params, { x, u, noise }) => {
  const variance = u.mul(13.8).sub(9.2).exp();
  const noisy = x.add(variance.sqrt().mul(noise)).div(variance.add(1).sqrt());
  const guess = score.apply(params, noisy.concat(variance.log().mul(0.25), 1));
  return guess.sub(noise).square().sum(1).mean();
};

const solution = mlp({ sizes: [10, 64, 64, 64, 64, 1], activation: "tanh" });
const residual: Loss = (params, { x }) => {
  const net = (points: Tensor): Tensor => solution.apply(params, points);
  return laplacian(net)(x as Tensor2D)
    .sub(1)
    .square()
    .mean();
};

/** Denoising score matching in two dimensions. */
export function denoisingRow(size: number): BenchRow {
  const inputs = { x: rows(data, 2), u: uniforms(1), noise: normals(2) };
  const step = training({ loss: denoising, batch: { size, inputs } }, score.init(key(1)));
  return {
    id: `engine/denoising-${size}`,
    work: `${STEPS} denoising steps, 5 x 64 GELU, batch ${size}, draws and Adam included`,
    ours: () => step(STEPS),
    peers: { torch: { module: "torch_engine", name: "denoising", args: { batch: size, steps: STEPS } } },
  };
}

/** A residual of a partial differential equation. */
export function residualRow(): BenchRow {
  const batch = { size: 512, inputs: { x: uniforms(10) } };
  const step = training({ loss: residual, batch }, solution.init(key(1)));
  return {
    id: "engine/residual",
    work: "10 steps of a PINN residual, Laplacian in 10 dimensions, 4 x 64 tanh, batch 512",
    ours: () => step(10),
    peers: { torch: { module: "torch_engine", name: "residual", args: { batch: 512, steps: 10 } } },
  };
}

/** The optimiser alone. */
export function adamRow(): BenchRow {
  const optimiser = adam({ learningRate: 1e-3 });
  const [params, gradient] = [2, 3].map((seed) => Float32Array.from(normal(key(seed), COUNT)));
  const state = optimiser.init(COUNT);
  return {
    id: "engine/adam",
    work: `${UPDATES} Adam updates of ${COUNT} parameters on one thread`,
    ours: () => {
      for (let step = 0; step < UPDATES; step++) optimiser.update(params, gradient, state, step);
    },
    peers: { torch: { module: "torch_engine", name: "adam", args: { count: COUNT, steps: UPDATES } } },
    units: { count: COUNT * UPDATES, name: "parameters" },
  };
}
