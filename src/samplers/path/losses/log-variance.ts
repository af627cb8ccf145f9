import type { Tensor } from "@tensorflow/tfjs";
import { compile, tf, type Program } from "../../../engine/index.js";
import type { WorkerPool } from "../../../onnx/pool.js";
import {
  team,
  type CallSpec,
  type ShardSpec,
  type StepContext,
  type StepProgram,
  type StepResult,
  type Team,
} from "../../../train/index.js";
import type { Stretch } from "../../../train/batch-layout.js";
import type { PathModel } from "../model.js";
import { rollout } from "../rollout.js";
import { batchMetrics } from "./batch-metrics.js";
import { onFirstRun } from "./on-first-run.js";
import { regression } from "./regression.js";
import { residuals, type ResidualOptions } from "./residuals.js";
import { pathDraws, pathShards } from "./shards.js";

/** Options of a training step on paths. */
export interface PathLossOptions extends ResidualOptions {
  readonly numPaths: number;
  /** Where controls and scores are clipped at a training step; default 1e4. */
  readonly clipAt?: (step: number) => number;
  /** Size c of a constant random drift e ~ N(0, c² I) a path at a training step; by default there is none. */
  readonly drift?: (step: number) => number;
  /** Parts of the batch; by default a function of its size. */
  readonly shards?: number;
  /** Told of the paths that a step lost. */
  readonly onLost?: (lost: Lost) => void;
  readonly pool?: WorkerPool;
}

/** Paths left out of a step. */
export interface Lost {
  readonly step: number;
  readonly places: readonly number[];
  readonly context: StepContext;
  /** Size of the step's random drifts. */
  readonly drift: number;
}

/**
 * A step of the log-variance loss Var(RND)/dim, with no differentiation through the simulation. As the paths are held fixed,
 *
 *   ∇ Var = Σ_i c_i Σ_k (∂RND_i/∂s_k)·∇s(x_ik, t_k),   c_i = 2 (RND_i - mean)/(n - 1)
 *
 * so one pass simulates and keeps points and noise, and a second one regresses on them, a chunk of steps at a time. Paths may be
 * drawn with an additional drift: the same formula holds with the noise that the control sees.
 * Source: Nüsken and Richter 2021; Richter and Berner 2024.
 * @throws ArgumentError; CompileError for a target that cannot be compiled
 */
export function logVarianceStep(model: PathModel, options: PathLossOptions): StepProgram {
  return onFirstRun(() => new LogVarianceStep(model, options));
}

class LogVarianceStep {
  private readonly model: PathModel;
  private readonly options: PathLossOptions;
  private readonly parts: readonly Stretch[];
  private readonly team: Team;
  private readonly rnd: Float32Array;
  private readonly gradient: Float32Array;

  constructor(model: PathModel, options: PathLossOptions) {
    const { numPaths, group, shards, drift, pool } = options;
    this.model = model;
    this.options = options;
    this.parts = pathShards(numPaths, group, shards);
    const programs = new Map<number, Programs>();
    for (const { rows } of this.parts) {
      if (!programs.has(rows))
        programs.set(rows, compilePrograms(model, rows, group ?? 1, drift !== undefined));
    }
    const specs = this.parts.map((part) => {
      return shardSpec(model, part, numPaths, programs.get(part.rows)!, drift !== undefined);
    });
    this.team = team({
      shards: specs,
      common: { params: { length: model.count }, settings: { length: 2 } },
      pool,
    });
    this.rnd = new Float32Array(numPaths);
    this.gradient = new Float32Array(model.count);
  }

  async run(params: Float32Array, context: StepContext): Promise<StepResult> {
    const { clipAt, drift, onLost } = this.options;
    const { dim } = this.model;
    const settings = [clipAt?.(context.step) ?? 1e4, drift?.(context.step) ?? 0];
    this.team.common("params").set(params);
    this.team.common("settings").set(settings);
    await this.team.run("simulate", context.key);
    this.parts.forEach(({ first }, s) => this.rnd.set(this.team.view(s, "rnd"), first));
    const { variance, weights, lost, cut } = residuals(this.rnd, this.options);
    if (lost.length > 0) onLost?.({ step: context.step, places: lost, context, drift: settings[1] });
    this.parts.forEach(({ first, rows }, s) =>
      this.team.view(s, "weights").set(weights.subarray(first, first + rows)),
    );
    await this.team.run("regress");
    const kept = lost.length === 0 ? this.rnd : this.rnd.filter((_, i) => !lost.includes(i));
    const counts = { lostPaths: lost.length, cutResiduals: cut };
    return { loss: variance / dim, gradient: this.collect(1 / dim), metrics: batchMetrics(kept), counts };
  }

  close(): Promise<void> {
    return this.team.close();
  }

  private collect(factor: number): Float32Array {
    const { gradient } = this;
    gradient.fill(0);
    for (let s = 0; s < this.team.size; s++) {
      const part = this.team.view(s, "gradient");
      for (let i = 0; i < gradient.length; i++) gradient[i] += factor * part[i];
    }
    return gradient;
  }
}

interface Programs {
  readonly simulate: Program;
  readonly regress: Program;
  /** Arrays kept along paths beside points and noise. */
  readonly kept: readonly number[];
}

interface SimulateInputs {
  readonly params: Tensor;
  readonly settings: Tensor;
  readonly noise: Tensor;
  readonly first?: Tensor;
  readonly drift?: Tensor;
}

function compilePrograms(model: PathModel, rows: number, group: number, drift: boolean): Programs {
  const { dim, numSteps, count, start } = model;
  const steps = { shape: [numSteps, rows, dim] };
  const common = { params: { shape: [count] }, settings: { shape: [2] } };
  const simulate = compile(
    ({ params, settings, noise, first, drift }: SimulateInputs) => {
      const [clip, size] = tf().split(settings, 2);
      const shared = first === undefined ? tf().zeros([rows, 2 * dim]) : sharedRows(first, group);
      const draws = { first: shared, steps: noise, drift: drift && drift.mul(size) };
      const path = rollout(model, params, draws, { clip }, true);
      return [path.running, path.points, ...path.kept];
    },
    {
      ...common,
      noise: steps,
      ...(start === "origin" ? {} : { first: { shape: [rows, 2 * dim] } }),
      ...(drift ? { drift: { shape: [rows, dim] } } : {}),
    } as never,
  ).program!;
  const keptShapes = simulate.outputs.slice(2).map(({ shape }) => shape);
  const regress = compile(regression(model, rows), {
    ...common,
    weights: { shape: [rows] },
    points: steps,
    noise: steps,
    kept: keptShapes.map((shape) => ({ shape: [...shape] })),
    ...(drift ? { drift: { shape: [rows, dim] } } : {}),
  } as never).program!;
  return {
    simulate,
    regress,
    kept: keptShapes.map((shape) => shape.reduce((size, extent) => size * extent, 1)),
  };
}

/** Every path of a group starts where the group's first one does. */
function sharedRows(first: Tensor, group: number): Tensor {
  if (group === 1) return first;
  const [rows, width] = first.shape;
  const heads = first.reshape([rows / group, group, width]).slice([0, 0, 0], [rows / group, 1, width]);
  return heads.tile([1, group, 1]).reshape([rows, width]);
}

function shardSpec(
  model: PathModel,
  part: Stretch,
  total: number,
  { simulate, regress, kept }: Programs,
  drift: boolean,
): ShardSpec {
  const { dim, numSteps, count, start } = model;
  const along = numSteps * part.rows * dim;
  const names = kept.map((_, i) => `kept ${i}`);
  const worker = (length: number) => ({ length, where: "worker" }) as const;
  const draws = pathDraws(model, part, total, drift);
  const inputs = ["params", "settings", "noise"];
  if (start !== "origin") inputs.push("first");
  if (drift) inputs.push("drift");
  const outputs = ["rnd", "points", ...names];
  const calls: Record<string, CallSpec> = {
    simulate: { program: simulate, inputs, outputs, draws },
    regress: {
      program: regress,
      inputs: ["params", "settings", "weights", "points", "noise", ...names, ...(drift ? ["drift"] : [])],
      outputs: ["gradient"],
    },
  };
  return {
    calls,
    buffers: {
      ...Object.fromEntries(
        draws.map(({ buffer, outer, rows, inner }) => [buffer, worker(outer * rows * inner)]),
      ),
      ...Object.fromEntries(names.map((name, i) => [name, worker(kept[i])])),
      points: worker(along),
      rnd: { length: part.rows },
      weights: { length: part.rows },
      gradient: { length: count },
    },
  };
}
