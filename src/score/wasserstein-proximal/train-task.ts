// Runs in pool threads: every member of the team runs `trainSegment` with the same arguments.
import { OnnxSession, type ArrayValue } from "../../onnx/index.js";
import { foldIn, randint, type Key } from "../../random/index.js";
import { adamStep } from "./adam.js";
import { forwardModel, gradientModel, network, tensorsOf, type Network } from "./network.js";
import { pairModel } from "./pair-model.js";
import {
  fillPrecisions,
  triangleGradient,
  triangleSize,
  type Moments,
  type Precisions,
} from "./precision.js";
import { Team } from "./team.js";

/** Samples and kernels in one item of work; fixed, so that sums do not depend on the number of threads. */
const BATCH_ITEM = 32;
export const KERNEL_ITEM = 250;

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
  readonly batchLoss: Float64Array;
  /** Mean loss of every step of the segment. */
  readonly losses: Float64Array;
  /** Norm of the weights' gradient at every step of the segment. */
  readonly norms: Float64Array;
  /** The step that failed, or -1. */
  readonly failure: Float64Array;
}

/** How many batch items and kernel items a step has. */
export function itemsOf(batchSize: number, numKernels: number): { batch: number; kernels: number } {
  return { batch: Math.ceil(batchSize / BATCH_ITEM), kernels: Math.ceil(numKernels / KERNEL_ITEM) };
}

/** Take the steps fromStep..toStep-1 together with whoever else was given the same segment. */
export async function trainSegment(segment: Segment): Promise<void> {
  const { control, fromStep, toStep, batchSize, inputs, widths, failure } = segment;
  const items = itemsOf(batchSize, inputs.length / widths[0]);
  const team = new Team(control);
  const member = await Member.create(segment);
  for (let step = fromStep; step < toStep && failure[0] < 0; step++) {
    const phase = 4 * (step - fromStep);
    await team.phase(phase, items.kernels, (item) => member.precisions(item, step));
    await team.phase(phase + 1, items.batch, (item) => member.pairs(item, step));
    await team.phase(phase + 2, items.kernels, (item) => member.backward(item, step, items.batch));
    await team.phase(phase + 3, 1, () => member.update(step, items.kernels));
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
  /** The weights in float32 as of `weightsStep`. */
  private readonly weights: Float32Array;
  private weightsStep = -1;

  private constructor(segment: Segment, net: Network, sessions: Sessions) {
    this.segment = segment;
    this.net = net;
    this.sessions = sessions;
    this.numKernels = segment.inputs.length / segment.dim;
    this.weights = new Float32Array(net.size);
  }

  static async create(segment: Segment): Promise<Member> {
    const net = network(segment.widths);
    return new Member(segment, net, await sessionsFor(net, segment));
  }

  /** Local precisions of a stretch of kernels. */
  async precisions(item: number, step: number): Promise<void> {
    const { dim, epsilon, precisions } = this.segment;
    const [from, to] = this.stretch(item);
    const { y } = await this.sessions.forward.run(this.feeds(from, to, step));
    fillPrecisions(precisions, y.data as Float32Array, from, to, dim, epsilon);
  }

  /** Loss and moments of a part of the batch. */
  async pairs(item: number, step: number): Promise<void> {
    const { dim, data, key, batchSize, precisions, moments, batchLoss, leaveOneOut } = this.segment;
    const start = item * BATCH_ITEM;
    const count = Math.min(BATCH_ITEM, batchSize - start);
    const chosen = randint(foldIn(key, step), count, 0, data.length / dim, start);
    const x = new Float64Array(count * dim);
    chosen.forEach((i, k) => x.set(data.subarray(i * dim, (i + 1) * dim), k * dim));
    const table = [this.numKernels, 1 + dim + dim * dim];
    const found = await this.sessions.pairs.run({
      x: { type: "float64", shape: [count, dim], data: x },
      lambda: { type: "float64", shape: table, data: precisions.lambda },
      kappa: { type: "float64", shape: table, data: precisions.kappa },
      ...(leaveOneOut && {
        own: { type: "int64", shape: [count, 1], data: BigInt64Array.from(chosen, BigInt) } as const,
      }),
    });
    batchLoss.set(found.loss.data as Float64Array, start);
    for (const name of ["first", "second", "third"] as const) {
      const part = found[name].data as Float64Array;
      moments[name].set(part, item * part.length);
    }
  }

  /** Gradient of the weights from a stretch of kernels. */
  async backward(item: number, step: number, batchItems: number): Promise<void> {
    const { dim, precisions, moments, gradients, batchSize } = this.segment;
    const [from, to] = this.stretch(item);
    const total = sumMoments(moments, batchItems, from, to, this.numKernels);
    const triangles = triangleGradient(precisions, total, from, to, dim);
    const dy = new Float32Array(triangles.length);
    for (let k = 0; k < dy.length; k++) dy[k] = triangles[k] / batchSize;
    const feeds = this.feeds(from, to, step);
    const shape = [to - from, triangleSize(dim)];
    const found = await this.sessions.gradient.run({ ...feeds, dy: { type: "float32", shape, data: dy } });
    for (const { name, start } of tensorsOf(this.net)) {
      gradients.set(found[`d${name}`].data as Float32Array, item * this.net.size + start);
    }
  }

  /** Adam's step with the gradients of all items, unless they are not finite or too large. */
  update(step: number, kernelItems: number): void {
    const { segment, net } = this;
    const gradient = new Float64Array(net.size);
    for (let item = 0; item < kernelItems; item++) {
      for (let k = 0; k < net.size; k++) gradient[k] += segment.gradients[item * net.size + k];
    }
    let square = 0;
    for (let k = 0; k < net.size; k++) square += gradient[k] * gradient[k];
    const norm = Math.sqrt(square);
    const loss = segment.batchLoss.reduce((sum, value) => sum + value, 0) / segment.batchSize;
    segment.losses[step - segment.fromStep] = loss;
    segment.norms[step - segment.fromStep] = norm;
    if (!Number.isFinite(loss) || !(norm <= segment.maxGradientNorm)) {
      segment.failure[0] = step;
      return;
    }
    adamStep(segment, gradient, step + 1, segment.stepSizes[step - segment.fromStep]);
  }

  private stretch(item: number): [from: number, to: number] {
    return [item * KERNEL_ITEM, Math.min(this.numKernels, (item + 1) * KERNEL_ITEM)];
  }

  private feeds(from: number, to: number, step: number): Record<string, ArrayValue> {
    const { inputs, dim, weights } = this.segment;
    if (this.weightsStep !== step) this.weights.set(weights);
    this.weightsStep = step;
    const x = inputs.subarray(from * dim, to * dim);
    const feeds: Record<string, ArrayValue> = { x: { type: "float32", shape: [to - from, dim], data: x } };
    for (const { name, start, end, shape } of tensorsOf(this.net)) {
      feeds[name] = { type: "float32", shape, data: this.weights.subarray(start, end) };
    }
    return feeds;
  }
}

/** Moments of kernels from..to-1 over all batch items, in order; the first row is kernel `from`'s. */
function sumMoments(
  moments: Moments,
  batchItems: number,
  from: number,
  to: number,
  numKernels: number,
): Moments {
  const sum = (all: Float64Array): Float64Array => {
    const size = all.length / batchItems;
    const width = size / numKernels;
    const out = all.slice(from * width, to * width);
    for (let item = 1; item < batchItems; item++) {
      const start = item * size + from * width;
      for (let k = 0; k < out.length; k++) out[k] += all[start + k];
    }
    return out;
  };
  return { first: sum(moments.first), second: sum(moments.second), third: sum(moments.third) };
}
