import { atOnce, type RunPart } from "../../core/parts.js";
import type { Progress } from "../../core/progress.js";
import type { CurveTarget } from "../../data/index.js";
import { foldIn, split, type Key } from "../../random/index.js";
import { warmupCosine } from "../../train/index.js";
import { judge, type Judged } from "./judge.js";
import { trainInParts, type BestOfParts } from "./train-in-parts.js";
import { fromWeights, type Trained } from "./trained.js";

/** Kernels for a toy: what fixes a run but for its key. */
export interface ToySettings {
  readonly toy: CurveTarget;
  readonly epsilon: number;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  readonly numKernels: number;
  readonly numSteps: number;
  /** Step size at the start, from which it falls as half a cosine to 0. */
  readonly peak: number;
  /** As in `train`. */
  readonly batchSize?: number;
  /** Points by which checkpoints are compared (default 10,000). */
  readonly numHeldOut?: number;
  /** As in `judge`. */
  readonly numFresh: number;
  readonly numTest?: number;
}

/** What a run found: the judgement of the best checkpoint, its steps, and the held-out loss after each part. */
export interface ToyFound extends Judged, Readonly<Record<string, number | readonly number[]>> {
  readonly "best-steps": number;
  readonly steps: readonly number[];
  readonly "loss-curve": readonly number[];
}

/** A run on a toy. */
export interface ToyRun {
  readonly found: ToyFound;
  readonly trained: Trained;
}

/** Options of `learnToy`. */
export interface ToyOptions {
  /** Key of the judgement's points and samples (default the first child of the run's). */
  readonly judgeKey?: Key;
  readonly part?: RunPart;
  /** Told the weights as soon as they are known, before the judgement. */
  readonly keep?: (arrays: { weights: { data: Float32Array; shape: number[] } }) => void;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

const TRAINING = 50_000;

/**
 * Learn a toy's kernels from 50,000 of its points, keep the checkpoint with the least loss on points held out, and judge it on fresh ones.
 *
 * @throws ArgumentError, DivergenceError as `train`; the signal's reason
 */
export async function learnToy(settings: ToySettings, key: Key, options: ToyOptions = {}): Promise<ToyRun> {
  const { judgeKey = foldIn(key, 1), part = atOnce, keep } = options;
  const { toy, numFresh, numTest } = settings;
  const { weights, steps, curve } = await trainOn(settings, key, options);
  keep?.({ weights: { data: weights, shape: [weights.length] } });
  const trained = await restoreToy(settings, weights, key);
  const fresh = { key: judgeKey, numFresh, ...(numTest !== undefined && { numTest }) };
  const judged = await part("judge", () => judge(trained.model, toy, fresh));
  return { found: { ...judged, "best-steps": steps, steps: curve.steps, "loss-curve": curve.loss }, trained };
}

/** The run's draws are children of its key: centres, training points, batches, and points held out. */
function trainOn(settings: ToySettings, key: Key, options: ToyOptions): Promise<BestOfParts> {
  const { toy, epsilon, hidden, numSteps, peak, batchSize, numHeldOut = 10_000 } = settings;
  const { part, onProgress, signal } = options;
  const [, dataKey, trainKey] = split(key, 3);
  return trainInParts(toy.sample(dataKey, TRAINING), {
    dim: toy.dim,
    key: trainKey,
    centres: centresOf(settings, key),
    epsilon,
    hidden,
    numSteps,
    stepSize: warmupCosine({ peak, numSteps }),
    heldOut: toy.sample(foldIn(key, 9), numHeldOut),
    ...(batchSize !== undefined && { batchSize }),
    ...(part && { part }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
}

/** The kernels of a run from its settings, key and weights. @throws ArgumentError for weights of another net */
export async function restoreToy(
  settings: Pick<ToySettings, "toy" | "epsilon" | "hidden" | "numKernels">,
  weights: Float32Array,
  key: Key,
): Promise<Trained> {
  const { toy, epsilon, hidden } = settings;
  return fromWeights(weights, { dim: toy.dim, centres: centresOf(settings, key), epsilon, hidden });
}

function centresOf({ toy, numKernels }: Pick<ToySettings, "toy" | "numKernels">, key: Key): Float64Array {
  return toy.sample(split(key, 3)[0], numKernels);
}
