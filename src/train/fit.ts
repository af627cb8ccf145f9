import { ArgumentError } from "../core/errors.js";
import { foldIn } from "../random/index.js";
import { openShelf, type Shelf } from "./checkpoint.js";
import { clipByGlobalNorm, globalNorm } from "./clip.js";
import { watch, watched, type Best } from "./early-stop.js";
import { plan, type FitOptions, type Plan } from "./fit-options.js";
import { record, type History } from "./history.js";
import { Pace } from "./pace.js";
import { continued, freshState, type FitState, type StateOptions } from "./state.js";
import type { StepResult } from "./step.js";

/** Why a run ended. "diverged": so many steps in a row had no finite loss and gradient. */
export type FitStatus = "finished" | "interrupted" | "stopped early" | "diverged";

/** How a run went. */
export interface FitInfo {
  readonly status: FitStatus;
  /** Steps done, those of earlier calls that it went on from included. */
  readonly steps: number;
  /** Steps left out because their loss or gradient was not finite. */
  readonly skipped: number;
  /** Events that the program counted, such as samples left out; those of earlier calls included. */
  readonly counts: Readonly<Record<string, number>>;
  /** Seconds that this call took, and those that earlier ones had taken at the checkpoint that it went on from. */
  readonly seconds: number;
  /** Processor time that all threads of this process took during this call: what a busy machine does not change. */
  readonly processorSeconds: number;
  readonly history: History;
  /** The step of the checkpoint that this call went on from, if any. */
  readonly resumedAt: number | undefined;
  /** Damaged checkpoints that were passed over, by name and reason. */
  readonly warnings: readonly string[];
}

/** What training gives. */
export interface FitResult {
  /** Parameters after the last step; of a run that diverged, the last ones with a finite loss and gradient. */
  readonly params: Float32Array;
  /** The running average, where `average` asks for one. */
  readonly average: Float32Array | undefined;
  /** The best parameters (of the average where there is one), where `earlyStop` watches a number. */
  readonly best: Best | undefined;
  /** To go on from: `fit({ ...options, numSteps: more, from: result.state })`. */
  readonly state: FitState;
  readonly info: FitInfo;
}

/**
 * Train: at step s, parameters move by the optimiser along the program's gradient of the loss, drawn with `foldIn(key, s)`.
 *
 * A step whose loss or gradient is not finite leaves parameters and optimiser as they are and is counted. The same options
 * give the same bits, also when the run was killed and resumed from a checkpoint, or interrupted and continued `from` its state.
 * @throws ArgumentError; CompileError for a loss that cannot be compiled; whatever the program or a hook throws
 * @example
 * const net = nets.mlp({ sizes: [1, 64, 1] });
 * const { params } = await fit({
 *   loss: (p, { x, y }) => net.apply(p, x).sub(y).square().mean(),
 *   batch: { size: 256, inputs: { x: rows(points, 1), y: rows(labels, 1) } },
 *   params: net.init(key(0)), key: key(1), numSteps: 2000,
 *   onProgress: progress("regression"),
 * });
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  const how = plan(options);
  try {
    return await new Run(how).toEnd();
  } finally {
    if (how.ownsProgram) await how.program.close?.();
  }
}

class Run {
  private readonly plan: Plan;
  private readonly lastGood: Float32Array;
  private state: FitState;
  private shelf: Shelf | undefined;
  private resumedAt: number | undefined;
  /** Seconds that earlier calls took. */
  private earlier = 0;
  private readonly began = performance.now();
  private readonly usage = process.cpuUsage();

  constructor(how: Plan) {
    this.plan = how;
    this.state =
      how.from === undefined ? freshState(stateOptions(how)) : continued(how.from, stateOptions(how));
    this.lastGood = this.state.params.slice();
    this.recall();
  }

  async toEnd(): Promise<FitResult> {
    await this.resume();
    const { numSteps, onProgress } = this.plan;
    const pace = new Pace(this.state.step, onProgress);
    let status = this.status();
    while (status === undefined) {
      const result = await this.step();
      const metrics = await this.evaluate();
      status = this.status();
      await this.save(status !== undefined);
      const { step: done, skipped } = this.state;
      const learningRate = this.plan.optimiser.rate(done - 1);
      const tick = {
        done,
        total: numSteps,
        learningRate,
        skipped,
        metrics: { ...result.metrics, ...metrics },
      };
      const loss = result.finite ? result.loss : undefined;
      await this.keeping(() => pace.tick({ ...tick, loss }, status !== undefined));
      await pace.breathe();
    }
    return this.result(status);
  }

  private async resume(): Promise<void> {
    if (this.plan.checkpoint === undefined) return;
    this.shelf = openShelf(this.plan.checkpoint, this.plan);
    const found = this.plan.from === undefined ? await this.shelf.newest() : undefined;
    if (found === undefined) return;
    this.state = continued(found.state, stateOptions(this.plan));
    this.earlier = found.seconds;
    this.resumedAt = found.state.step;
    this.lastGood.set(found.state.params);
    this.recall();
  }

  /** Puts the state's memory in the program's, which is the state's from now on. */
  private recall(): void {
    const { memory = [] } = this.plan.program;
    memory.forEach((part, i) => part.set(this.state.memory[i]));
    this.state = { ...this.state, memory };
  }

  private async step(): Promise<StepResult & { readonly finite: boolean }> {
    const { program, key, optimiser, average } = this.plan;
    const { params, step } = this.state;
    const result = await program.run(params, { step, key: foldIn(key, step) });
    const finite = this.clip(result);
    this.tally(result.counts);
    if (finite) {
      this.lastGood.set(params);
      optimiser.update(params, result.gradient, this.state.optimiser, step);
    }
    if (this.state.average !== undefined) average?.update(this.state.average, params, step);
    this.count(finite ? result.loss : undefined);
    return { ...result, finite };
  }

  /** Whether the step can be made; shortens its gradient. */
  private clip({ loss, gradient }: StepResult): boolean {
    const { clipNorm } = this.plan;
    if (!(gradient instanceof Float32Array) || gradient.length !== this.state.params.length) {
      const expected = `a Float32Array of ${this.state.params.length} numbers, one a parameter`;
      throw new ArgumentError("program's gradient", gradient, expected);
    }
    if (typeof loss !== "number") throw new ArgumentError("program's loss", loss, "a number");
    const norm = clipNorm === undefined ? globalNorm(gradient) : clipByGlobalNorm(gradient, clipNorm);
    if (norm > (clipNorm ?? Infinity)) this.tally({ shortenedGradients: 1 });
    return Number.isFinite(loss) && Number.isFinite(norm);
  }

  private tally(counts: StepResult["counts"] = {}): void {
    for (const [name, number] of Object.entries(counts)) {
      this.state.counts[name] = (this.state.counts[name] ?? 0) + number;
    }
  }

  private count(loss: number | undefined): void {
    const state = this.state;
    state.step++;
    state.skippedInARow = loss === undefined ? state.skippedInARow + 1 : 0;
    if (loss === undefined) state.skipped++;
    const mean = record(state.recorder, loss, state.step);
    if (mean !== undefined && this.plan.earlyStop?.metric === "loss") this.watch(mean);
  }

  private async evaluate(): Promise<Readonly<Record<string, number>>> {
    const { evaluate, numSteps, evaluationKey, earlyStop } = this.plan;
    const { step, params } = this.state;
    if (evaluate === undefined || (step % evaluate.every !== 0 && step !== numSteps)) return {};
    const average = this.average.slice();
    const key = foldIn(evaluationKey, step);
    const metrics = await evaluate.run({ step, params: params.slice(), average, key });
    this.state.recorder.evaluations.push({ step, metrics: { ...metrics } });
    if (earlyStop !== undefined && earlyStop.metric !== "loss")
      this.watch(watched(metrics, earlyStop.metric));
    return metrics;
  }

  private watch(value: number): void {
    const { earlyStop } = this.plan;
    if (earlyStop === undefined) return;
    const now = { step: this.state.step, value, params: this.average };
    this.state.ended = watch(this.state.watch, now, earlyStop);
  }

  private status(): FitStatus | undefined {
    const { step, skippedInARow, ended } = this.state;
    if (skippedInARow >= this.plan.maxSkips) return "diverged";
    if (ended) return "stopped early";
    if (step >= this.plan.numSteps) return "finished";
    return this.plan.signals.some(({ aborted }) => aborted) ? "interrupted" : undefined;
  }

  private async save(last: boolean): Promise<void> {
    if (this.shelf === undefined || this.plan.checkpoint === undefined) return;
    const due = last || this.state.step % this.plan.checkpoint.every === 0;
    // After a skipped step the parameters may be beyond repair: the checkpoint before stays the newest.
    if (due && this.state.skippedInARow === 0) await this.shelf.put(this.state, this.seconds);
  }

  /** Listeners may end the run by throwing; what has been reached is saved first. */
  private async keeping(report: () => void): Promise<void> {
    try {
      report();
    } catch (error) {
      await this.save(true);
      throw error;
    }
  }

  private get average(): Float32Array {
    return this.state.average ?? this.state.params;
  }

  private get seconds(): number {
    return this.earlier + (performance.now() - this.began) / 1000;
  }

  private get processorSeconds(): number {
    const { user, system } = process.cpuUsage(this.usage);
    return (user + system) / 1e6;
  }

  private result(status: FitStatus): FitResult {
    const { recorder, watch: watching, step, skipped, average } = this.state;
    const counts = { ...this.state.counts };
    const { steps, loss, evaluations } = recorder;
    const params = status === "diverged" ? this.lastGood : this.state.params.slice();
    const history = { steps: [...steps], loss: [...loss], evaluations: [...evaluations] };
    const warnings = this.shelf?.warnings ?? [];
    const { seconds, processorSeconds, resumedAt } = this;
    const effort = { steps: step, skipped, counts, seconds, processorSeconds };
    const info = { status, ...effort, history, resumedAt, warnings };
    const state = { ...this.state, memory: this.state.memory.map((part) => part.slice()) };
    return { params, average: average?.slice(), best: watching.best, state, info };
  }
}

function stateOptions({ params, optimiser, average, recordEvery, program }: Plan): StateOptions {
  return { params, optimiser, average, recordEvery, memory: program.memory };
}
