import type { Tensor } from "@tensorflow/tfjs";
import { cellSignal } from "../../core/interrupt.js";
import type { Progress } from "../../core/progress.js";
import { compile, tf } from "../../engine/index.js";
import type { WorkerPool } from "../../onnx/pool.js";
import { foldIn, type Key } from "../../random/index.js";
import { stretches, type Stretch } from "../../train/batch-layout.js";
import { team, type ShardSpec } from "../../train/index.js";
import { pathDraws } from "./losses/shards.js";
import type { PathModel } from "./model.js";
import { rollout } from "./rollout.js";
import type { Paths } from "./simulate.js";

/** How many paths are simulated. */
export interface SimulationOptions {
  readonly numPaths: number;
  readonly key: Key;
  /** Where controls and scores are clipped; default 1e4. */
  readonly clip?: number;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
  readonly pool?: WorkerPool;
}

/** Paths at once, and the shards that they are cut into: fixed, so that results do not depend on the machine. */
const BATCH = 4096;
const SHARDS = 8;

/**
 * Draw paths of a trained model with the compiled simulation: last points, RND with its stochastic integral, and that integral.
 *
 * Batch b of 4,096 paths draws with `foldIn(key, b)`: fewer paths are the first of more.
 */
export async function simulatePaths(
  model: PathModel,
  params: Float32Array,
  options: SimulationOptions,
): Promise<Paths> {
  const { numPaths, key, clip = 1e4, onProgress, signal, pool } = options;
  const parts = stretches(BATCH, SHARDS);
  const spec = shardsOf(model, parts);
  const common = { params: { length: model.count }, clip: { length: 1 } };
  const group = team({ shards: spec, common, pool });
  group.common("params").set(params);
  group.common("clip").fill(clip);
  const out = {
    x: new Float64Array(numPaths * model.dim),
    rnd: new Float64Array(numPaths),
    ito: new Float64Array(numPaths),
  };
  try {
    for (let done = 0; done < numPaths; done += BATCH) {
      signal?.throwIfAborted();
      cellSignal()?.throwIfAborted();
      await group.run("simulate", foldIn(key, done / BATCH));
      parts.forEach((part, s) => gather(out, (name) => group.view(s, name), done + part.first, model.dim));
      onProgress?.({ done: Math.min(numPaths, done + BATCH), total: numPaths, note: "paths" });
    }
  } finally {
    await group.close();
  }
  for (let i = 0; i < numPaths; i++) out.rnd[i] += out.ito[i];
  return out;
}

function gather(out: Paths, view: (name: string) => ArrayLike<number>, first: number, dim: number): void {
  const left = out.rnd.length - first;
  if (left <= 0) return;
  for (const [name, width] of [
    ["x", dim],
    ["rnd", 1],
    ["ito", 1],
  ] as const) {
    const part = view(name);
    const length = Math.min(part.length, left * width);
    for (let i = 0; i < length; i++) out[name][first * width + i] = part[i];
  }
}

function shardsOf(model: PathModel, parts: readonly Stretch[]): ShardSpec[] {
  const { program } = compile(simulation(model, parts[0].rows), examples(model, parts[0].rows) as never);
  return parts.map((part) => {
    const draws = pathDraws(model, part, BATCH, false);
    const drawn = draws.map(({ buffer, outer, rows, inner }) => {
      return [buffer, { length: outer * rows * inner, where: "worker" }] as const;
    });
    const results = {
      x: { length: part.rows * model.dim },
      rnd: { length: part.rows },
      ito: { length: part.rows },
    };
    const inputs = ["params", "clip", "noise", ...(model.start === "origin" ? [] : ["first"])];
    const simulate = { program: program!, inputs, outputs: ["x", "rnd", "ito"], draws };
    return { buffers: { ...Object.fromEntries(drawn), ...results }, calls: { simulate } };
  });
}

interface Inputs {
  readonly params: Tensor;
  readonly clip: Tensor;
  readonly noise: Tensor;
  readonly first?: Tensor;
}

function simulation(model: PathModel, rows: number): (inputs: Inputs) => Tensor[] {
  return ({ params, clip, noise, first = tf().zeros([rows, 2 * model.dim]) }) => {
    const { x, running, ito } = rollout(model, params, { first, steps: noise }, { clip });
    return [x, running, ito];
  };
}

function examples(
  { count, numSteps, dim, start }: PathModel,
  rows: number,
): Record<string, { shape: number[] }> {
  return {
    params: { shape: [count] },
    clip: { shape: [1] },
    noise: { shape: [numSteps, rows, dim] },
    ...(start === "origin" ? {} : { first: { shape: [rows, 2 * dim] } }),
  };
}
