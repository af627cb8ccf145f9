import { allocateShared, shared } from "../../linalg/shared.js";
import { pool } from "../../onnx/index.js";
import { network } from "./network.js";
import { roomForPrecisions, triangleSize } from "./precision.js";
import { CONTROL_WORDS } from "./team.js";
import { checkOptions, type Settings, type TrainOptions } from "./train-options.js";
import { itemsOf, type Segment } from "./train-task.js";
import { fromWeights, type Trained } from "./trained.js";
import { checkState, DivergenceError, initialState, type TrainingState } from "./training-state.js";

const TASK = new URL("./train-task.js", import.meta.url).href;
/** Steps between two reports; also how far back the last good state may lie. */
const SEGMENT = 100;

/** A trained kernel model and where its training ended. */
export interface Training extends Trained {
  readonly state: TrainingState;
}

/**
 * Learn local precisions Γ_i = L_i L_iᵀ + ε I, L_i a network's value at the centre Z_i, by implicit score matching at time 0 only:
 *
 *   J(θ) = E_{x ~ data} [ |s_θ|² + 2 div s_θ ],  bounded below by minus the Fisher information of the data's law
 *
 * The gradient is analytic in float64 down to the network, whose layers run in float32. Threads share each step; the result is the
 * same for any number of them. Centres and training points must be different samples: on its own centres the loss has no bound
 * (B. Zhang, S. Liu, W. Li, M. A. Katsoulakis and S. Osher, 2024).
 *
 * @param data n·d numbers
 * @throws ArgumentError for NaN, fewer points than kernels, or centres among the training points; DivergenceError; the signal's reason
 */
export async function train(data: Float64Array, options: TrainOptions): Promise<Training> {
  const settings = checkOptions(data, options);
  const { dim, centres, net, epsilon } = settings;
  let state = options.state ?? initialState(net, settings.key);
  checkState(state, net, settings.numSteps);
  const segment = layOut(settings, state);
  options.onProgress?.({ done: state.step, total: settings.numSteps });
  while (state.step < settings.numSteps) {
    options.signal?.throwIfAborted();
    const toStep = Math.min(settings.numSteps, (Math.floor(state.step / SEGMENT) + 1) * SEGMENT);
    const fromStep = state.step;
    const stepSizes = Float64Array.from({ length: toStep - fromStep }, (_, k) =>
      settings.stepSize(fromStep + k),
    );
    state = await runSegment({ ...segment, fromStep, toStep, stepSizes }, state);
    options.onProgress?.({ done: state.step, total: settings.numSteps, note: lossNote(state) });
  }
  const { widths } = net;
  const learned = await fromWeights(state.weights, { dim, centres, epsilon, hidden: widths.slice(1, -1) });
  return { ...learned, state };
}

/** Shared memory for all that the threads read and write. */
function layOut(
  settings: Settings,
  state: TrainingState,
): Omit<Segment, "fromStep" | "toStep" | "stepSizes"> {
  const { points, centres, net, dim, key, epsilon, batchSize, leaveOneOut, maxGradientNorm } = settings;
  const count = centres.length / dim;
  const items = itemsOf(batchSize, count, net);
  const origin = new Float64Array(dim);
  centres.forEach((z, k) => (origin[k % dim] += z / count));
  const moved = (from: Float64Array): Float64Array => shared(from.map((value, k) => value - origin[k % dim]));
  const features = 1 + dim + triangleSize(dim);
  const inputs = new Float32Array(new SharedArrayBuffer(4 * centres.length));
  inputs.set(centres);
  return {
    dim,
    key,
    epsilon,
    batchSize,
    leaveOneOut,
    maxGradientNorm,
    control: new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS)),
    widths: net.widths,
    data: moved(points),
    inputs,
    precisions: roomForPrecisions(moved(centres), dim, allocateShared),
    weights: shared(state.weights),
    mean: shared(state.mean),
    square: shared(state.square),
    moments: {
      weighted: allocateShared(items.batch * count * 2 * features),
      tilted: allocateShared(items.batch * count * features),
    },
    gradients: new Float32Array(new SharedArrayBuffer(4 * items.kernels * net.size)),
    squares: allocateShared(items.weights),
    batchLoss: allocateShared(batchSize),
    losses: allocateShared(SEGMENT),
    norms: allocateShared(SEGMENT),
    failure: allocateShared(1),
  };
}

async function runSegment(segment: Segment, before: TrainingState): Promise<TrainingState> {
  segment.control.fill(0);
  segment.failure[0] = -1;
  const { kernels } = itemsOf(
    segment.batchSize,
    segment.inputs.length / segment.dim,
    network(segment.widths),
  );
  const members = Math.min(pool().size, kernels);
  const run = (): Promise<void> => pool().run({ module: TASK, name: "trainSegment", args: segment });
  await Promise.all(Array.from({ length: members }, run));
  const { fromStep, losses: found, norms } = segment;
  const fresh = found.subarray(0, segment.toStep - fromStep);
  const failed = segment.failure[0] >= 0 ? segment.failure[0] - fromStep : firstFarOff(fresh, before.losses);
  if (failed >= 0)
    throw new DivergenceError(fromStep + failed, norms[failed], segment.stepSizes[failed], before);
  const losses = new Float64Array(segment.toStep);
  losses.set(before.losses);
  losses.set(fresh, fromStep);
  const kept = (values: Float64Array): Float64Array => Float64Array.from(values);
  const { weights, mean, square, toStep } = segment;
  return { step: toStep, weights: kept(weights), mean: kept(mean), square: kept(square), losses };
}

/**
 * The first loss that is ten times as large as any typical one before, where that holds for most losses of a segment; else -1.
 * Single batches may stand out by far more than that.
 */
function firstFarOff(losses: Float64Array, before: Float64Array): number {
  let typical = 0;
  for (let from = 0; from < before.length; from += SEGMENT) {
    typical = Math.max(typical, Math.abs(median(before.subarray(from, from + SEGMENT))));
  }
  const limit = 10 * (1 + typical);
  return median(losses) > limit ? losses.findIndex((loss) => loss > limit) : -1;
}

function median(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1];
}

function lossNote({ losses }: TrainingState): string {
  const last = losses.subarray(Math.max(0, losses.length - SEGMENT));
  const mean = last.reduce((sum, loss) => sum + loss, 0) / last.length;
  return `loss ${mean.toPrecision(4)}`;
}
