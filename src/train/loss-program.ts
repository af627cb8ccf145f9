import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkOneOf } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { compile } from "../engine/compile.js";
import { valueAndGrad } from "../engine/derivatives/reverse.js";
import { describeDevice } from "../engine/device.js";
import type { CompiledFunction } from "../engine/types.js";
import { pool, type WorkerPool } from "../onnx/pool.js";
import {
  buffersOf,
  commonData,
  drawsOf,
  filledInputs,
  inputName,
  inputShape,
  stretches,
  type Stretch,
} from "./batch-layout.js";
import { checkBatch, sizeOf, type BatchOptions } from "./batch.js";
import { draw } from "./shard/draws.js";
import type { ShardSpec } from "./shard/spec.js";
import { team, type Team } from "./shard/team.js";
import type { StepContext, StepProgram, StepResult } from "./step.js";

/** A loss in tfjs ops: the mean over the rows of the batch of whatever is minimised, a tensor with one entry. */
export type Loss = (params: Tensor, batch: Readonly<Record<string, Tensor>>) => Tensor;

/** What a training step computes, and on how many threads. */
export interface LossOptions {
  readonly loss: Loss;
  readonly batch: BatchOptions;
  /**
   * Parts that the rows are cut into, each computed by one thread; default as many as there are threads, fewer where a step
   * is small. The same number gives the same bits; others differ by the rounding of sums.
   */
  readonly shards?: number;
  /** "eager": a loss that cannot be compiled runs operation by operation, slowly; default "none", an error. */
  readonly fallback?: "none" | "eager";
  /** Default the process-wide pool. */
  readonly pool?: WorkerPool;
}

/** Rows times parameters below which another thread costs more than it saves: about 0.4 ms of work. */
const WORTH_A_THREAD = 2e6;

interface Inputs {
  readonly params: Tensor;
  readonly batch: Readonly<Record<string, Tensor>>;
}

type Compiled = CompiledFunction<Inputs, readonly [loss: Tensor, gradient: Tensor]>;

/**
 * A training step from a loss: value and gradient compiled together, the rows of the batch shared out among threads, which
 * draw their own noise.
 *
 * Loss and gradient are the means of the shards' weighted by their rows, added in the order of the shards.
 * @throws ArgumentError; at the first step CompileError for a loss that cannot be compiled
 */
export function lossProgram(options: LossOptions): StepProgram {
  checkKeys("options", options, ["loss", "batch", "shards", "fallback", "pool"]);
  const { loss, batch, shards, fallback = "none" } = options;
  if (typeof loss !== "function") throw new ArgumentError("loss", loss, "a function of parameters and batch");
  checkBatch(batch);
  if (shards !== undefined) checkInteger("shards", shards, { min: 1 });
  checkOneOf("fallback", fallback, ["none", "eager"]);
  let step: Promise<StepProgram> | undefined;
  return {
    async run(params, context) {
      step ??= open(options, params.length);
      return (await step).run(params, context);
    },
    async close() {
      const opened = await step?.catch(() => undefined);
      step = undefined;
      await opened?.close?.();
    },
  };
}

async function open(options: LossOptions, count: number): Promise<StepProgram> {
  const { device } = await describeDevice();
  const parts = stretches(options.batch.size, numShards(options, count, device === "cpu"));
  const compiled = new Map<number, Compiled>();
  for (const { rows } of parts) {
    if (!compiled.has(rows)) compiled.set(rows, compileStep(options, count, rows));
  }
  const eager = device === "tfjs-gpu" || compiled.get(parts[0].rows)?.mode === "eager";
  if (eager) return new DirectStep(options, compileStep(options, count, options.batch.size));
  const shards = parts.map((part) => shardOf(options.batch, part, compiled.get(part.rows) as Compiled));
  return new ShardedStep(options, count, parts, shards, device === "cpu" ? ["cpu"] : [device, "cpu"]);
}

function numShards({ shards, batch, pool: own }: LossOptions, count: number, onCpu: boolean): number {
  const worth = Math.floor((batch.size * count) / WORTH_A_THREAD);
  const most = onCpu ? (own ?? pool()).size : 1;
  return Math.min(batch.size, shards ?? Math.max(1, Math.min(most, worth)));
}

function compileStep({ loss, batch, fallback }: LossOptions, count: number, rows: number): Compiled {
  const step = ({ params, batch }: Inputs): readonly [Tensor, Tensor] => {
    const { value, gradient } = valueAndGrad((p: Tensor) => loss(p, batch))(params);
    return [value, gradient];
  };
  const inputs = Object.entries(batch.inputs).map(([name, source]) => {
    return [name, { shape: inputShape(source, rows) }] as const;
  });
  return compile(step, { params: { shape: [count] }, batch: Object.fromEntries(inputs) }, { fallback });
}

function shardOf(batch: BatchOptions, part: Stretch, compiled: Compiled): ShardSpec {
  const { program } = compiled;
  if (program === undefined) throw new Error("a loss that runs eagerly has no program");
  const buffers = buffersOf(batch, part);
  const step = {
    program,
    inputs: ["params", ...Object.keys(batch.inputs).map(inputName)],
    outputs: ["loss", "gradient"],
    draws: drawsOf(batch, part),
  };
  const outputs = { loss: { length: 1 }, gradient: { length: sizeOf(program.inputs[0].shape) } };
  return { buffers: { ...buffers, ...outputs }, calls: { step } };
}

/** The step as compiled programs in the threads of a pool. */
class ShardedStep implements StepProgram {
  private readonly batch: BatchOptions;
  private readonly parts: readonly Stretch[];
  private readonly team: Team;
  private readonly params: Float32Array;
  /** Loss and gradient of every shard, and their means. */
  private readonly losses: readonly Float32Array[];
  private readonly gradients: readonly Float32Array[];
  private readonly gradient: Float32Array;

  constructor(
    { batch, pool }: LossOptions,
    count: number,
    parts: readonly Stretch[],
    shards: readonly ShardSpec[],
    providers: readonly string[],
  ) {
    const data = Object.entries(commonData(batch));
    const lengths = data.map(([name, { length }]) => [name, { length }] as const);
    this.batch = batch;
    this.parts = parts;
    this.gradient = new Float32Array(count);
    const common = { params: { length: count }, ...Object.fromEntries(lengths) };
    this.team = team({ shards, common, pool, providers });
    for (const [name, entries] of data) this.team.common(name).set(entries);
    this.params = this.team.common("params") as Float32Array;
    this.losses = shards.map((_, s) => this.team.view(s, "loss") as Float32Array);
    this.gradients = shards.map((_, s) => this.team.view(s, "gradient") as Float32Array);
  }

  readonly run = async (params: Float32Array, { key, step }: StepContext): Promise<StepResult> => {
    this.params.set(params);
    for (const { name, source, entries } of filledInputs(this.batch, key, step)) {
      const width = source.kind === "values" ? sizeOf(source.shape) : 0;
      const all = Float32Array.from(entries);
      this.parts.forEach(({ first, rows }, s) => {
        const part = width === 0 ? all : all.subarray(first * width, (first + rows) * width);
        this.team.view(s, inputName(name)).set(part);
      });
    }
    await this.team.run("step", key);
    return this.collect();
  };

  readonly close = (): Promise<void> => this.team.close();

  private collect(): StepResult {
    const { gradient, parts, batch } = this;
    let loss = 0;
    gradient.fill(0);
    parts.forEach(({ rows }, s) => {
      const weight = rows / batch.size;
      loss += weight * this.losses[s][0];
      addScaled(gradient, this.gradients[s], weight);
    });
    return { loss, gradient };
  }
}

function addScaled(to: Float32Array, from: Float32Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i];
}

/** The step as an ordinary call, where tfjs computes by itself. */
class DirectStep implements StepProgram {
  private readonly batch: BatchOptions;
  private readonly compiled: Compiled;
  private readonly arrays: Readonly<Record<string, Float32Array>>;

  constructor({ batch }: LossOptions, compiled: Compiled) {
    this.batch = batch;
    this.compiled = compiled;
    const buffers = Object.entries(buffersOf(batch, { first: 0, rows: batch.size }));
    const own = buffers.map(([name, { length }]) => [name, new Float32Array(length)] as const);
    this.arrays = { ...Object.fromEntries(own), ...commonData(batch) };
  }

  readonly run = async (params: Float32Array, { key, step }: StepContext): Promise<StepResult> => {
    const { batch, arrays } = this;
    draw(drawsOf(batch, { first: 0, rows: batch.size }), key, (name) => arrays[name]);
    for (const { name, entries } of filledInputs(batch, key, step)) arrays[inputName(name)].set(entries);
    const inputs = Object.keys(batch.inputs).map((name) => [name, arrays[inputName(name)]] as const);
    const [loss, gradient] = await this.compiled({ params, batch: Object.fromEntries(inputs) });
    return { loss: loss[0], gradient: Float32Array.from(gradient) };
  };
}
