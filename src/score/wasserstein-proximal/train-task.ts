// Runs in pool threads: every member of the team runs `trainSegment` with the same arguments.
import { OnnxSession, type ArrayValue } from "../../onnx/index.js";
import { foldIn, randint, type Key } from "../../random/index.js";
import { adamStep } from "./adam.js";
import { forwardModel, gradientModel, network, type Network } from "./network.js";
import { pairModel } from "./pair-model.js";
import {
  fillPrecisions,
  triangleGradient,
  triangleSize,
  type Moments,
  type Precisions,
} from "./precision.js";
import { Team } from "./team.js";
import { double, roomFor, single, type Room } from "./thread-room.js";

/** Samples and kernels in one item of work; fixed, so that sums do not depend on the number of threads. */
const BATCH_ITEM = 32;
const KERNEL_ITEM = 500;
/** Weights are updated in items of at least so many, and in no more than so many items. */
const [WEIGHT_ITEM, WEIGHT_ITEMS] = [2048, 64];

/** Everything that the threads share; arrays are views on shared memory. */
export interface Segment {
  readonly control: Int32Array;
  readonly widths: readonly number[];
  readonly dim: number;
  readonly epsilon: number;
  readonly batchSize: number;
  /** Step sizes of the segment's steps. */
  readonly stepSizes: Float64Array;
  readonly maxGradientNorm: number;
  readonly leaveOneOut: boolean;
  readonly key: Key;
  readonly fromStep: number;
  readonly toStep: number;
  /** Training points, about the same origin as the centres of `precisions`. */
  readonly data: Float64Array;
  /** The network's inputs: the centres as they are. */
  readonly inputs: Float32Array;
  readonly precisions: Precisions;
  /** Weights, and the two moments of Adam. */
  readonly weights: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** Moments of every batch item, one after the other. */
  readonly moments: Moments;
  /** Gradients of every kernel item, one after the other. */
  readonly gradients: Float32Array;
  /** Squared norms of the summed gradient over every weight item. */
  readonly squares: Float64Array;
  readonly batchLoss: Float64Array;
  /** Mean loss of every step of the segment. */
  readonly losses: Float64Array;
  /** Norm of the weights' gradient at every step of the segment. */
  readonly norms: Float64Array;
  /** The step that failed, or -1. */
  readonly failure: Float64Array;
}

/** How many items of work a step has. */
export interface Items {
  readonly batch: number;
  readonly kernels: number;
  readonly weights: number;
}

/** The items of a step, by its sizes alone. */
export function itemsOf(batchSize: number, numKernels: number, net: Network): Items {
  return {
    batch: Math.ceil(batchSize / BATCH_ITEM),
    kernels: Math.ceil(numKernels / KERNEL_ITEM),
    weights: Math.min(WEIGHT_ITEMS, Math.ceil(net.size / WEIGHT_ITEM)),
  };
}

/** Take the steps fromStep..toStep-1 together with whoever else was given the same segment. */
export async function trainSegment(segment: Segment): Promise<void> {
  const { control, fromStep, toStep, batchSize, inputs, widths, failure } = segment;
  const items = itemsOf(batchSize, inputs.length / widths[0], network(widths));
  const team = new Team(control);
  const member = await Member.create(segment);
  for (let step = fromStep; step < toStep && failure[0] < 0; step++) {
    const phase = 4 * (step - fromStep);
    await team.phase(phase, { items: items.kernels, work: (item) => member.precisions(item, step) });
    await team.phase(phase + 1, { items: items.batch, work: (item) => member.pairs(item, step) });
    await team.phase(phase + 2, { items: items.kernels, work: (item) => member.backward(item, step) });
    await team.phase(phase + 3, {
      items: items.weights,
      work: (item) => member.update(item, step, items),
      finish: () => member.judge(step),
    });
  }
}

interface Sessions {
  readonly forward: OnnxSession;
  readonly gradient: OnnxSession;
  readonly pairs: OnnxSession;
}

/** Sessions of the last model trained in this thread. */
let kept: { readonly form: string; readonly sessions: Promise<Sessions> } | undefined;

function sessionsFor(net: Network, { dim, inputs, leaveOneOut }: Segment): Promise<Sessions> {
  const numKernels = inputs.length / dim;
  const form = `${net.widths.join()} ${numKernels} ${leaveOneOut}`;
  if (kept?.form !== form) {
    const create = async (): Promise<Sessions> => ({
      forward: await OnnxSession.create(forwardModel(net)),
      gradient: await OnnxSession.create(gradientModel(net)),
      pairs: await OnnxSession.create(pairModel(dim, numKernels, leaveOneOut)),
    });
    kept = { form, sessions: create() };
  }
  return kept.sessions;
}

class Member {
  private readonly segment: Segment;
  private readonly net: Network;
  private readonly sessions: Sessions;
  private readonly numKernels: number;
  private readonly room: Room;
  /** The step whose weights are in the room. */
  private weightsStep = -1;

  private constructor(segment: Segment, net: Network, sessions: Sessions) {
    this.segment = segment;
    this.net = net;
    this.sessions = sessions;
    this.numKernels = segment.inputs.length / segment.dim;
    this.room = roomFor(net, this.numKernels, segment.dim, KERNEL_ITEM);
  }

  static async create(segment: Segment): Promise<Member> {
    const net = network(segment.widths);
    return new Member(segment, net, await sessionsFor(net, segment));
  }

  /** Local precisions of a stretch of kernels. */
  async precisions(item: number, step: number): Promise<void> {
    const { dim, epsilon, precisions } = this.segment;
    const [from, to] = this.range(item);
    const y = single([to - from, triangleSize(dim)]);
    await this.sessions.forward.run(this.feeds(from, to, step), { y });
    fillPrecisions(precisions, y.data as Float32Array, from, to, dim, epsilon);
  }

  /** Loss and moments of a part of the batch. */
  async pairs(item: number, step: number): Promise<void> {
    const { dim, data, key, batchSize, precisions, moments, batchLoss, leaveOneOut } = this.segment;
    const start = item * BATCH_ITEM;
    const count = Math.min(BATCH_ITEM, batchSize - start);
    const chosen = randint(foldIn(key, step), count, 0, data.length / dim, start);
    const x = double([count, dim]);
    chosen.forEach((i, k) => (x.data as Float64Array).set(data.subarray(i * dim, (i + 1) * dim), k * dim));
    const loss = double([count]);
    const { lambda, table, weighted, tilted } = this.room;
    (lambda.data as Float64Array).set(precisions.lambda);
    (table.data as Float64Array).set(precisions.table);
    const own = { type: "int64", shape: [count, 1], data: BigInt64Array.from(chosen, BigInt) } as const;
    await this.sessions.pairs.run(
      { x, lambda, table, ...(leaveOneOut && { own }) },
      { loss, weighted, tilted },
    );
    batchLoss.set(loss.data as Float64Array, start);
    moments.weighted.set(weighted.data as Float64Array, item * weighted.data.length);
    moments.tilted.set(tilted.data as Float64Array, item * tilted.data.length);
  }

  /** Gradient of the weights from a stretch of kernels. */
  async backward(item: number, step: number): Promise<void> {
    const { dim, precisions, moments, gradients, batchSize } = this.segment;
    const [from, to] = this.range(item);
    const dy = single([to - from, triangleSize(dim)]);
    triangleGradient(dy.data as Float32Array, precisions, moments, from, to, dim, 1 / batchSize);
    const { gradient, ones } = this.room;
    const data = (ones.data as Float32Array).subarray(0, to - from);
    const feeds = { ...this.feeds(from, to, step), dy, ones: { ...ones, shape: [1, to - from], data } };
    await this.sessions.gradient.run(feeds, { gradient });
    gradients.set(gradient.data as Float32Array, item * this.net.size);
  }

  /** Adam's step for a part of the weights with the gradients of all kernels. */
  update(item: number, step: number, items: Items): void {
    const { segment, net } = this;
    const bound = (k: number): number => Math.floor((k * net.size) / items.weights);
    const [from, to] = [bound(item), bound(item + 1)];
    const gradient = new Float64Array(to - from);
    for (let each = 0; each < items.kernels; each++) {
      const start = each * net.size + from;
      for (let k = 0; k < gradient.length; k++) gradient[k] += segment.gradients[start + k];
    }
    let square = 0;
    for (let k = 0; k < gradient.length; k++) square += gradient[k] * gradient[k];
    segment.squares[item] = square;
    const state = {
      weights: segment.weights.subarray(from, to),
      mean: segment.mean.subarray(from, to),
      square: segment.square.subarray(from, to),
    };
    adamStep(state, gradient, step + 1, segment.stepSizes[step - segment.fromStep]);
  }

  /** Note the step's loss and norm; where they are not finite or too large training ends, and its state is not used. */
  judge(step: number): void {
    const { squares, batchLoss, batchSize, losses, norms, fromStep, maxGradientNorm, failure } = this.segment;
    const norm = Math.sqrt(squares.reduce((sum, value) => sum + value, 0));
    const loss = batchLoss.reduce((sum, value) => sum + value, 0) / batchSize;
    losses[step - fromStep] = loss;
    norms[step - fromStep] = norm;
    if (!Number.isFinite(loss) || !(norm <= maxGradientNorm)) failure[0] = step;
  }

  private feeds(from: number, to: number, step: number): Record<"x" | "weights", ArrayValue> {
    const { inputs, dim, weights } = this.segment;
    const { weights: own } = this.room;
    if (this.weightsStep !== step) (own.data as Float32Array).set(weights);
    this.weightsStep = step;
    const data = inputs.slice(from * dim, to * dim);
    return { x: { type: "float32", shape: [to - from, dim], data }, weights: own };
  }

  private range(item: number): [from: number, to: number] {
    return [item * KERNEL_ITEM, Math.min(this.numKernels, (item + 1) * KERNEL_ITEM)];
  }
}
