import type { Tensor } from "@tensorflow/tfjs";
import { compile, tf, valueAndGrad, type Program } from "../../../engine/index.js";
import {
  team,
  type ShardSpec,
  type StepContext,
  type StepProgram,
  type StepResult,
  type Team,
} from "../../../train/index.js";
import type { Stretch } from "../../../train/batch-layout.js";
import type { PathModel } from "../model.js";
import { redrawnStarts, rollout } from "../rollout.js";
import { batchMetrics } from "./batch-metrics.js";
import type { PathLossOptions } from "./log-variance.js";
import { onFirstRun } from "./on-first-run.js";
import { pathDraws, pathShards, redrawn } from "./shards.js";

/** Options of `kullbackLeiblerStep`. */
export interface KullbackLeiblerOptions extends Pick<
  PathLossOptions,
  "numPaths" | "clipAt" | "shards" | "pool" | "onLost"
> {
  /** Keep the stochastic integral, whose mean is zero and whose gradient is noise; default false. */
  readonly ito?: boolean;
}

/**
 * A step of the loss KL(P_u | P*)/dim = mean(RND)/dim, differentiated through the simulation by the adjoint loop that recomputes
 * each step from its point: memory of the points and no more. The paths are those of the control itself.
 *
 * A path that is not finite spoils the gradient of all: such a step has no finite gradient, and training skips and counts it.
 * Source: Zhang and Chen 2022; Berner, Richter and Ullrich 2024.
 * @throws ArgumentError; CompileError for a target that cannot be compiled
 */
export function kullbackLeiblerStep(model: PathModel, options: KullbackLeiblerOptions): StepProgram {
  return onFirstRun(() => new KullbackLeiblerStep(model, options));
}

class KullbackLeiblerStep {
  private readonly model: PathModel;
  private readonly options: KullbackLeiblerOptions;
  private readonly parts: readonly Stretch[];
  private readonly team: Team;
  private readonly rnd: Float32Array;
  private readonly gradient: Float32Array;

  constructor(model: PathModel, options: KullbackLeiblerOptions) {
    const { numPaths, shards, pool, ito = false } = options;
    this.model = model;
    this.options = options;
    this.parts = pathShards(numPaths, 1, shards);
    const programs = new Map<number, Program>();
    for (const { rows } of this.parts) {
      if (!programs.has(rows)) programs.set(rows, compileStep(model, rows, numPaths, ito));
    }
    const specs = this.parts.map((part) => shardSpec(model, part, numPaths, programs.get(part.rows)!));
    const common = { params: { length: model.count }, clip: { length: 1 } };
    this.team = team({ shards: specs, common, pool });
    this.rnd = new Float32Array(numPaths);
    this.gradient = new Float32Array(model.count);
  }

  async run(params: Float32Array, context: StepContext): Promise<StepResult> {
    const { clipAt, onLost } = this.options;
    this.team.common("params").set(params);
    this.team.common("clip").fill(clipAt?.(context.step) ?? 1e4);
    await this.team.run("step", context.key);
    let loss = 0;
    this.gradient.fill(0);
    this.parts.forEach(({ first }, s) => {
      this.rnd.set(this.team.view(s, "rnd"), first);
      loss += this.team.view(s, "loss")[0];
      const part = this.team.view(s, "gradient");
      for (let i = 0; i < part.length; i++) this.gradient[i] += part[i];
    });
    const lost = [...this.rnd.keys()].filter((i) => !Number.isFinite(this.rnd[i]));
    if (lost.length > 0) onLost?.({ step: context.step, places: lost, context, drift: 0 });
    const counts = { lostPaths: lost.length, redrawnStarts: redrawn(this.model, this.team) };
    return { loss, gradient: this.gradient, metrics: batchMetrics(this.rnd), counts };
  }

  close(): Promise<void> {
    return this.team.close();
  }
}

interface Inputs {
  readonly params: Tensor;
  readonly clip: Tensor;
  readonly noise: Tensor;
  readonly first?: Tensor;
}

function compileStep(model: PathModel, rows: number, total: number, withIto: boolean): Program {
  const { count, dim, numSteps, start } = model;
  const step = ({ params, clip, noise, first = tf().zeros([rows, 2 * dim]) }: Inputs): Tensor[] => {
    const simulate = (p: Tensor) => rollout(model, p, { first, steps: noise }, { clip });
    const objective = (p: Tensor): Tensor => {
      const { running, ito } = simulate(p);
      return (withIto ? running.add(ito) : running).sum().div(total * dim);
    };
    const { value, gradient } = valueAndGrad(objective)(params);
    const { running, ito } = simulate(params);
    const redrawn = redrawnStarts(model, first);
    return [value, gradient, running.add(ito), ...(redrawn ? [redrawn] : [])];
  };
  return compile(step, {
    params: { shape: [count] },
    clip: { shape: [1] },
    noise: { shape: [numSteps, rows, dim] },
    ...(start === "origin" ? {} : { first: { shape: [rows, 2 * dim] } }),
  } as never).program!;
}

function shardSpec(model: PathModel, part: Stretch, total: number, program: Program): ShardSpec {
  const draws = pathDraws(model, part, total, false);
  const drawn = draws.map(({ buffer, outer, rows, inner }) => {
    return [buffer, { length: outer * rows * inner, where: "worker" }] as const;
  });
  const inputs = ["params", "clip", "noise", ...(model.start === "origin" ? [] : ["first"])];
  const redrawn = model.start === "truncated" ? { redrawn: { length: 1 } } : undefined;
  const results = {
    loss: { length: 1 },
    gradient: { length: model.count },
    rnd: { length: part.rows },
    ...redrawn,
  };
  return {
    buffers: { ...Object.fromEntries(drawn), ...results },
    calls: { step: { program, inputs, outputs: Object.keys(results), draws } },
  };
}
