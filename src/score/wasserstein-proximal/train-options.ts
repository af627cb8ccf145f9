import { checkInteger, checkKeys, checkNumber, checkPoints, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import type { Progress } from "../../core/progress.js";
import { permutation, split, type Key } from "../../random/index.js";
import { schedule, warmupCosine, type LearningRate, type Schedule } from "../../train/schedule.js";
import { network, type Network } from "./network.js";
import { triangleSize } from "./precision.js";
import type { TrainingState } from "./training-state.js";

/** Options of `train`. */
export interface TrainOptions {
  readonly dim: number;
  readonly key: Key;
  /** Steps to take in all, those of a resumed state included (default 2000). */
  readonly numSteps?: number;
  /** Kernels set aside from the data as centres (default 1000); unused where `centres` are given. */
  readonly numKernels?: number;
  /** Centres of one's own, N·d numbers, none of them a training point unless `leaveOneOut` is set. */
  readonly centres?: Float64Array;
  /** ε, the least precision: it caps every local standard deviation at ε^{-1/2} (default 0.01). */
  readonly epsilon?: number;
  /** Widths of the hidden layers (default five of 64). */
  readonly hidden?: readonly number[];
  /** Default 64. */
  readonly batchSize?: number;
  /**
   * Adam's step size, fixed or by the number of the step. The default falls as half a cosine from 2e-3 to 0 over `numSteps`: at a
   * fixed step size the loss on fresh points goes on wandering. To stop in between and go on, give the schedule of the whole run.
   */
  readonly stepSize?: LearningRate;
  /** Train on the centres themselves, each of which does not see its own kernel (default false). */
  readonly leaveOneOut?: boolean;
  /** Training stops with an error above this norm of the weights' gradient (default 1e9). */
  readonly maxGradientNorm?: number;
  /** Go on from here: the options must be those that made it. */
  readonly state?: TrainingState;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/** Options with their defaults, checked. */
export interface Settings {
  readonly dim: number;
  readonly key: Key;
  readonly numSteps: number;
  readonly points: Float64Array;
  readonly centres: Float64Array;
  readonly epsilon: number;
  readonly net: Network;
  readonly batchSize: number;
  readonly stepSize: Schedule;
  readonly leaveOneOut: boolean;
  readonly maxGradientNorm: number;
}

/** Step size at which a run begins unless told. */
const PEAK = 2e-3;

const OPTIONS = [
  ["dim", "key", "numSteps", "numKernels", "centres", "epsilon", "hidden", "batchSize", "stepSize"],
  ["leaveOneOut", "maxGradientNorm", "state", "onProgress", "signal"],
].flat();

/** Check the options of `train`, and part the data into centres and training points. @throws ArgumentError */
export function checkOptions(data: Float64Array, options: TrainOptions): Settings {
  checkKeys("options", options, OPTIONS);
  const { dim, key, numSteps = 2000, numKernels = 1000, epsilon = 0.01, batchSize = 64 } = options;
  const { hidden = [64, 64, 64, 64, 64], leaveOneOut = false } = options;
  checkInteger("dim", dim, { min: 1 });
  const count = checkPoints("data", data, dim);
  checkInteger("numSteps", numSteps, { min: 0 });
  checkPositive("epsilon", epsilon);
  checkInteger("batchSize", batchSize, { min: 1, max: 2 ** 16 });
  const falling = (): Schedule => warmupCosine({ peak: PEAK, numSteps: Math.max(1, numSteps) });
  const stepSize = options.stepSize === undefined ? falling() : schedule("stepSize", options.stepSize);
  const maxGradientNorm = checkNumber("maxGradientNorm", options.maxGradientNorm ?? 1e9, { min: 0 });
  hidden.forEach((width, l) => checkInteger(`hidden[${l}]`, width, { min: 1 }));
  const [choice, batches] = split(key);
  const chosen = leaveOneOut
    ? ownCentres(data, options)
    : apart(data, dim, count, numKernels, options.centres, choice);
  const net = network([dim, ...hidden, triangleSize(dim)]);
  const common = { dim, key: batches, numSteps, epsilon, net, batchSize, stepSize, leaveOneOut };
  return { ...common, ...chosen, maxGradientNorm };
}

interface Chosen {
  readonly points: Float64Array;
  readonly centres: Float64Array;
}

function ownCentres(data: Float64Array, { dim, centres, numKernels }: TrainOptions): Chosen {
  if (centres !== undefined)
    throw new ArgumentError("centres", centres, "none: leaveOneOut centres kernels on the data");
  const count = data.length / dim;
  if (numKernels !== undefined && numKernels !== count) {
    throw new ArgumentError(
      "numKernels",
      numKernels,
      `the number of points, ${count}, where leaveOneOut is set`,
    );
  }
  if (count < 2) throw new ArgumentError("data", data, "at least two points where leaveOneOut is set");
  return { points: data, centres: data };
}

/** Centres and training points that do not overlap. */
function apart(
  data: Float64Array,
  dim: number,
  count: number,
  numKernels: number,
  centres: Float64Array | undefined,
  key: Key,
): Chosen {
  if (centres !== undefined) {
    checkPoints("centres", centres, dim);
    refuseShared(data, centres, dim);
    return { points: data, centres };
  }
  checkInteger("numKernels", numKernels, { min: 1 });
  if (count <= numKernels) {
    throw new ArgumentError(
      "data",
      data,
      `more points than numKernels = ${numKernels}, the first of which become centres and the others train; got ${count} points`,
    );
  }
  const order = permutation(key, count);
  const pick = (from: number, to: number): Float64Array => {
    const out = new Float64Array((to - from) * dim);
    order.subarray(from, to).forEach((i, k) => out.set(data.subarray(i * dim, (i + 1) * dim), k * dim));
    return out;
  };
  const chosen = { centres: pick(0, numKernels), points: pick(numKernels, count) };
  refuseShared(chosen.points, chosen.centres, dim);
  return chosen;
}

/** A centre that is also a training point makes the loss fall without bound: its kernel shrinks on the point. */
function refuseShared(points: Float64Array, centres: Float64Array, dim: number): void {
  const byFirst = new Map<number, number[]>();
  for (let i = 0; i < centres.length / dim; i++) {
    const first = centres[i * dim];
    const others = byFirst.get(first);
    if (others === undefined) byFirst.set(first, [i]);
    else others.push(i);
  }
  const equal = (centre: number, i: number): boolean => {
    for (let c = 1; c < dim; c++) if (centres[centre * dim + c] !== points[i * dim + c]) return false;
    return true;
  };
  for (let i = 0; i < points.length / dim; i++) {
    const centre = byFirst.get(points[i * dim])?.find((each) => equal(each, i));
    if (centre === undefined) continue;
    throw new ArgumentError(
      "centres",
      centres,
      `no centre among the training points: centre ${centre} is point ${i}, where the loss has no lower bound and the model ` +
        `memorises; give other points, or set leaveOneOut`,
    );
  }
}
