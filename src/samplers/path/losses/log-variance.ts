import { ArgumentError } from "../../../core/errors.js";
import { checkInteger, checkNumber } from "../../../core/checks.js";
import type { WorkerPool } from "../../../onnx/pool.js";
import { foldIn } from "../../../random/index.js";
import {
  team,
  type StepContext,
  type StepProgram,
  type StepResult,
  type Team,
} from "../../../train/index.js";
import type { Stretch } from "../../../train/batch-layout.js";
import type { PathModel } from "../model.js";
import { batchMetrics } from "./batch-metrics.js";
import { compilePrograms, shardSpec, type Programs } from "./log-variance-programs.js";
import { onFirstRun } from "./on-first-run.js";
import { ReplayBuffer } from "./replay-buffer.js";
import { residuals, type ResidualOptions, type Residuals } from "./residuals.js";
import { pathShards, redrawn, SALTS } from "./shards.js";

/** Options of a training step on paths. */
export interface PathLossOptions extends ResidualOptions {
  readonly numPaths: number;
  /** Where controls and scores are clipped at a training step; default 1e4. */
  readonly clipAt?: (step: number) => number;
  /** Size c of a constant random drift e ~ N(0, c² I) a path at a training step; by default there is none. */
  readonly drift?: (step: number) => number;
  /** Share of the gradient, 0 to 1, that comes from replayed paths, as many as there are others; default 0. */
  readonly replay?: number;
  /** Training steps whose ends are kept to be replayed; default 1, the step's own. */
  readonly replayBuffer?: number;
  /** Parts of the batch; by default a function of its size. */
  readonly shards?: number;
  /** Told of the paths that a step lost; replayed ones are only counted. */
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
 * drawn with an additional drift: the same formula holds with the noise that the control sees. Source: Nüsken and Richter 2021;
 * Richter and Berner 2024.
 *
 * It also holds on paths of any other law. Replayed ones start from the ends of this step's and earlier ones' paths, drawn by weights
 * e^{-RND}, and run backwards as the uncontrolled process would: they lead to where the target has mass that the control seldom
 * reaches. After Sendera et al. 2024.
 * @throws ArgumentError; CompileError for a target that cannot be compiled
 */
export function logVarianceStep(model: PathModel, options: PathLossOptions): StepProgram {
  checkGroup(options);
  checkReplay(model, options);
  const { replay = 0, replayBuffer = 1, numPaths } = options;
  const buffer = replay === 0 ? undefined : new ReplayBuffer(replayBuffer, numPaths, model.dim);
  return onFirstRun(() => new LogVarianceStep(model, options, buffer), buffer && [buffer.memory]);
}

class LogVarianceStep {
  private readonly model: PathModel;
  private readonly options: PathLossOptions;
  private readonly parts: readonly Stretch[];
  private readonly team: Team;
  private readonly rnd: Float32Array;
  private readonly gradient: Float32Array;
  private readonly buffer: ReplayBuffer | undefined;

  constructor(model: PathModel, options: PathLossOptions, buffer: ReplayBuffer | undefined) {
    const { numPaths, group, shards, drift, pool } = options;
    this.model = model;
    this.options = options;
    this.buffer = buffer;
    this.parts = pathShards(numPaths, group, shards);
    const how = { group: group ?? 1, drift: drift !== undefined, replay: buffer !== undefined };
    const programs = new Map<number, Programs>();
    for (const { rows } of this.parts) {
      if (!programs.has(rows)) programs.set(rows, compilePrograms(model, rows, how));
    }
    const specs = this.parts.map((part) => shardSpec(model, part, numPaths, programs.get(part.rows)!));
    this.team = team({
      shards: specs,
      common: { params: { length: model.count }, settings: { length: 2 } },
      pool,
    });
    this.rnd = new Float32Array(numPaths);
    this.gradient = new Float32Array(model.count);
  }

  async run(params: Float32Array, context: StepContext): Promise<StepResult> {
    const { clipAt, drift, onLost, replay = 0 } = this.options;
    const { dim } = this.model;
    const settings = [clipAt?.(context.step) ?? 1e4, drift?.(context.step) ?? 0];
    this.team.common("params").set(params);
    this.team.common("settings").set(settings);
    this.gradient.fill(0);
    await this.team.run("simulate", context.key);
    const { variance, lost, cut } = await this.regress((1 - replay) / dim);
    if (lost.length > 0) onLost?.({ step: context.step, places: lost, context, drift: settings[1] });
    const kept = lost.length === 0 ? this.rnd : this.rnd.filter((_, i) => !lost.includes(i));
    const metrics = batchMetrics(kept);
    const counts = {
      lostPaths: lost.length,
      cutResiduals: cut,
      redrawnStarts: redrawn(this.model, this.team),
    };
    if (this.buffer !== undefined) {
      const again = await this.replay(this.buffer, lost, context, replay / dim);
      counts.lostPaths += again.lost.length;
      counts.cutResiduals += again.cut;
    }
    return { loss: variance / dim, gradient: this.gradient, metrics, counts };
  }

  close(): Promise<void> {
    return this.team.close();
  }

  /** Weighs the paths that the shards hold, and adds a multiple of the gradient of their variance. */
  private async regress(factor: number): Promise<Residuals> {
    this.parts.forEach(({ first }, s) => this.rnd.set(this.team.view(s, "rnd"), first));
    const found = residuals(this.rnd, this.options);
    this.parts.forEach(({ first, rows }, s) =>
      this.team.view(s, "weights").set(found.weights.subarray(first, first + rows)),
    );
    await this.team.run("regress");
    const { gradient } = this;
    for (let s = 0; s < this.team.size; s++) {
      const part = this.team.view(s, "gradient");
      for (let i = 0; i < gradient.length; i++) gradient[i] += factor * part[i];
    }
    return found;
  }

  private async replay(
    buffer: ReplayBuffer,
    lost: readonly number[],
    { key }: StepContext,
    factor: number,
  ): Promise<Residuals> {
    const { dim } = this.model;
    const x = new Float32Array(this.rnd.length * dim);
    this.parts.forEach(({ first }, s) => x.set(this.team.view(s, "ends"), first * dim));
    buffer.put({ x, rnd: this.rnd }, lost);
    const ends = buffer.draw(foldIn(key, SALTS.resample));
    this.parts.forEach(({ first, rows }, s) => {
      this.team.view(s, "given").set(ends.subarray(first * dim, (first + rows) * dim));
    });
    await this.team.run("replay", key);
    return this.regress(factor);
  }
}

/** @throws ArgumentError */
function checkGroup({ group, numPaths }: PathLossOptions): void {
  if (group === undefined) return;
  checkInteger("group", group, { min: 2 });
  if (numPaths % group !== 0) throw new ArgumentError("group", group, `a divisor of the ${numPaths} paths`);
}

/** @throws ArgumentError */
function checkReplay({ stepTo }: PathModel, options: PathLossOptions): void {
  const { replay = 0, replayBuffer = 1, drift, group } = options;
  checkNumber("replay", replay, { min: 0, max: 1 });
  checkInteger("replayBuffer", replayBuffer, { min: 1 });
  if (replay === 0) return;
  const against = stepTo === undefined ? "a bridge" : drift ? "drifts" : group !== undefined ? "groups" : "";
  if (against !== "") throw new ArgumentError("replay", replay, `0 with ${against}`);
}
