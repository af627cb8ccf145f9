import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger, checkKeys, checkNumber, checkPoints } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { compile } from "../engine/index.js";
import { inRows } from "../linalg/in-rows.js";
import { mlp, oneHot, type Net } from "../nets/index.js";
import { split, type Key } from "../random/index.js";
import { adamw, fit, rows, warmupCosine, type FitOptions } from "../train/index.js";

/** Rows in one call of the net. */
const CALL_ROWS = 256;

/** Options of `fitClassifier`. */
export interface ClassifierOptions {
  readonly dim: number;
  /** 0 to classes - 1, one a point. */
  readonly labels: ArrayLike<number>;
  readonly key: Key;
  readonly numSteps: number;
  /** Width of the hidden layers; default 128, two of them. */
  readonly width?: number;
  /** Default 128. */
  readonly batchSize?: number;
  /** Of AdamW, falling by a cosine; default 2e-3. */
  readonly learningRate?: number;
  readonly onProgress?: FitOptions["onProgress"];
  readonly signal?: AbortSignal;
}

/** A judge of points, learned from labelled ones. */
export interface Classifier {
  readonly classes: number;
  readonly params: Float32Array;
  /** The probability of each class for each point, n·classes numbers. @throws ArgumentError */
  probabilities(points: Float64Array): Promise<Float64Array>;
}

/**
 * Learn to tell classes apart: a perceptron with the cross-entropy -E log softmax(f(x))_label as loss.
 *
 * What it makes of samples is a statistic of theirs, as with the Inception net of image papers; it does not know what is no member of any
 * class, so a control belongs beside it.
 *
 * @param points n·dim numbers
 * @throws ArgumentError
 */
export async function fitClassifier(points: Float64Array, options: ClassifierOptions): Promise<Classifier> {
  checkKeys("options", options, [
    "dim",
    "labels",
    "key",
    "numSteps",
    "width",
    "batchSize",
    "learningRate",
    "onProgress",
    "signal",
  ]);
  const { dim, labels, key, numSteps, width = 128, batchSize = 128, learningRate = 2e-3 } = options;
  checkInteger("dim", dim, { min: 1 });
  const count = checkPoints("points", points, dim);
  if (labels.length !== count) throw new ArgumentError("labels", labels, `${count} classes, one a point`);
  const { rows: wanted, classes } = oneHot(labels);
  const net = mlp({ sizes: [dim, width, width, classes], activation: "relu" });
  const [first, rest] = split(key);
  const { params } = await fit({
    loss: (p: Tensor, { x, label }: Readonly<Record<string, Tensor>>) =>
      net.apply(p, x).logSoftmax(1).mul(label).sum(1).neg().mean(),
    batch: { size: batchSize, inputs: { x: rows(points, dim), label: rows(wanted, classes) } },
    params: net.init(first),
    key: rest,
    numSteps,
    optimiser: adamw({ learningRate: warmupCosine({ peak: learningRate, numSteps }) }),
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  });
  return { classes, params, probabilities: probabilitiesOf(net, params, dim, classes) };
}

/** The net's softmax on points, in calls of a fixed number of rows on the pool. */
function probabilitiesOf(
  net: Net,
  params: Float32Array,
  dim: number,
  classes: number,
): Classifier["probabilities"] {
  const program = compile(({ p, x }: Readonly<Record<"p" | "x", Tensor>>) => net.apply(p, x).softmax(1), {
    p: { shape: [net.count] },
    x: { shape: [CALL_ROWS, dim] },
  });
  return (points) =>
    inRows(
      points,
      { width: dim, rows: CALL_ROWS },
      (x) => program({ p: params, x }) as unknown as Promise<Float32Array>,
      new Float64Array(checkPoints("points", points, dim) * classes),
    );
}

/** What a classifier is sure of. */
export interface Confidence {
  /** Share of the points with a class of at least the threshold. */
  readonly sure: number;
  /** Share of the points that are surely of the class asked for; NaN where none was. */
  readonly asAsked: number;
  /** Share of the points whose likeliest class is the one asked for; NaN where none was. */
  readonly likeliest: number;
}

/**
 * How sure a classifier is of points, and whether of the right class.
 * @param probabilities n·classes numbers
 * @param asked the class that each point should be of
 * @throws ArgumentError
 */
export function confidence(
  probabilities: Float64Array,
  classes: number,
  options: { readonly threshold?: number; readonly asked?: ArrayLike<number> } = {},
): Confidence {
  checkKeys("options", options, ["threshold", "asked"]);
  const { asked } = options;
  const threshold = checkNumber("options.threshold", options.threshold ?? 0.9, { min: 0, max: 1 });
  const count = checkPoints("probabilities", probabilities, classes);
  if (asked !== undefined && asked.length !== count) {
    throw new ArgumentError("options.asked", asked, `${count} classes, one a point`);
  }
  let [sure, right, likeliest] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const each = probabilities.subarray(i * classes, (i + 1) * classes);
    const best = each.reduce((most, p, k) => (p > each[most] ? k : most), 0);
    if (each[best] >= threshold) sure++;
    if (best === asked?.[i]) likeliest++;
    if (best === asked?.[i] && each[best] >= threshold) right++;
  }
  const share = (number: number): number => (asked === undefined ? NaN : number / count);
  return { sure: sure / count, asAsked: share(right), likeliest: share(likeliest) };
}
