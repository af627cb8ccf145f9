import type { Tensor } from "@tensorflow/tfjs";
import { compile, tf, type Program } from "../../../engine/index.js";
import type { CallSpec, NoiseDraw, ShardSpec } from "../../../train/index.js";
import type { Stretch } from "../../../train/batch-layout.js";
import type { PathModel } from "../model.js";
import { retrace } from "../retrace.js";
import { redrawnStarts, rollout } from "../rollout.js";
import { regression } from "./regression.js";
import { pathDraws, replayDraw } from "./shards.js";

/** What a step of the log-variance loss runs on a shard's paths. */
export interface Programs {
  readonly simulate: Program;
  readonly regress: Program;
  /** Undefined where no paths are replayed. */
  readonly replay: Program | undefined;
  /** Lengths of the arrays kept along paths beside points and noise. */
  readonly kept: readonly number[];
  /** Whether paths have a random drift. */
  readonly drift: boolean;
}

/** Which paths there are. */
export interface PathKinds {
  /** Paths that share a first point. */
  readonly group: number;
  readonly drift: boolean;
  readonly replay: boolean;
}

interface SimulateInputs {
  readonly params: Tensor;
  readonly settings: Tensor;
  readonly noise: Tensor;
  readonly first?: Tensor;
  readonly drift?: Tensor;
}

interface ReplayInputs {
  readonly params: Tensor;
  readonly settings: Tensor;
  readonly given: Tensor;
  readonly eta: Tensor;
}

/** Compile simulation, regression and replay for so many paths. @throws CompileError */
export function compilePrograms(model: PathModel, rows: number, how: PathKinds): Programs {
  const { group, drift, replay } = how;
  const { dim, numSteps, count, start } = model;
  const steps = { shape: [numSteps, rows, dim] };
  const common = { params: { shape: [count] }, settings: { shape: [2] } };
  const simulate = compile(
    ({ params, settings, noise, first, drift }: SimulateInputs) => {
      const [clip, size] = tf().split(settings, 2);
      const shared = first === undefined ? tf().zeros([rows, 2 * dim]) : sharedRows(first, group);
      const draws = { first: shared, steps: noise, drift: drift && drift.mul(size) };
      const path = rollout(model, params, draws, { clip }, true);
      const redrawn = redrawnStarts(model, shared);
      const extra = [...(replay ? [path.x] : []), ...(redrawn ? [redrawn] : [])];
      return [path.running, ...extra, path.points, ...path.kept];
    },
    {
      ...common,
      noise: steps,
      ...(start === "origin" ? {} : { first: { shape: [rows, 2 * dim] } }),
      ...(drift ? { drift: { shape: [rows, dim] } } : {}),
    } as never,
  ).program!;
  const before = ["rnd", ...extraOutputs(model, replay), "points"].length;
  const keptShapes = simulate.outputs.slice(before).map(({ shape }) => shape);
  const regress = compile(regression(model, rows), {
    ...common,
    weights: { shape: [rows] },
    points: steps,
    noise: steps,
    kept: keptShapes.map((shape) => ({ shape: [...shape] })),
    ...(drift ? { drift: { shape: [rows, dim] } } : {}),
  } as never).program!;
  const given = { shape: [rows, dim] };
  return {
    simulate,
    regress,
    replay: replay ? compile(replayed(model), { ...common, given, eta: steps } as never).program : undefined,
    kept: keptShapes.map((shape) => shape.reduce((size, extent) => size * extent, 1)),
    drift,
  };
}

function replayed(model: PathModel): (inputs: ReplayInputs) => Tensor[] {
  return ({ params, settings, given, eta }) => {
    const [clip] = tf().split(settings, 2);
    const path = retrace(model, params, { ends: given, eta }, { clip });
    return [path.rnd, path.points, path.noise, ...path.kept];
  };
}

/** Every path of a group starts where the group's first one does. */
function sharedRows(first: Tensor, group: number): Tensor {
  if (group === 1) return first;
  const [rows, width] = first.shape;
  const heads = first.reshape([rows / group, group, width]).slice([0, 0, 0], [rows / group, 1, width]);
  return heads.tile([1, group, 1]).reshape([rows, width]);
}

/** What the simulation returns between RND and points, by name: ends to be replayed, how many first points were drawn again. */
function extraOutputs({ start }: PathModel, replay: boolean): string[] {
  return [...(replay ? ["ends"] : []), ...(start === "truncated" ? ["redrawn"] : [])];
}

/** The arrays and calls of one shard's paths in a batch of `total`. */
export function shardSpec(
  model: PathModel,
  part: Stretch,
  total: number,
  { simulate, regress, replay, kept, drift }: Programs,
): ShardSpec {
  const { dim, numSteps, count, start } = model;
  const along = numSteps * part.rows * dim;
  const names = kept.map((_, i) => `kept ${i}`);
  const worker = (length: number) => ({ length, where: "worker" }) as const;
  const draws = pathDraws(model, part, total, drift);
  const again = replay === undefined ? [] : [replayDraw(model, part, total)];
  const inputs = ["params", "settings", "noise"];
  if (start !== "origin") inputs.push("first");
  if (drift) inputs.push("drift");
  const extra = extraOutputs(model, replay !== undefined);
  const calls: Record<string, CallSpec> = {
    simulate: { program: simulate, inputs, outputs: ["rnd", ...extra, "points", ...names], draws },
    regress: {
      program: regress,
      inputs: ["params", "settings", "weights", "points", "noise", ...names, ...(drift ? ["drift"] : [])],
      outputs: ["gradient"],
    },
    ...(replay !== undefined && { replay: replayCall(replay, names, again) }),
  };
  return {
    calls,
    buffers: {
      ...Object.fromEntries(
        [...draws, ...again].map(({ buffer, outer, rows, inner }) => [buffer, worker(outer * rows * inner)]),
      ),
      ...Object.fromEntries(names.map((name, i) => [name, worker(kept[i])])),
      ...(replay !== undefined && { ends: { length: part.rows * dim }, given: { length: part.rows * dim } }),
      ...(start === "truncated" && { redrawn: { length: 1 } }),
      points: worker(along),
      rnd: { length: part.rows },
      weights: { length: part.rows },
      gradient: { length: count },
    },
  };
}

/** The noise that the control sees on a replayed path takes the place of that of the path before it. */
function replayCall(program: Program, names: readonly string[], draws: NoiseDraw[]): CallSpec {
  const inputs = ["params", "settings", "given", "eta"];
  return { program, inputs, outputs: ["rnd", "points", "noise", ...names], draws };
}
