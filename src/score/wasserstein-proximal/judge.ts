import { checkInteger, checkKeys } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import type { CurveTarget } from "../../data/index.js";
import {
  average,
  distanceToCurve,
  energyDistance,
  fisherInformation,
  memorisation,
  negativeLogLikelihood,
  neighbourRatio,
} from "../../metrics/index.js";
import { split, type Key } from "../../random/index.js";
import type { KernelModel } from "./kernel-model.js";

/** What a model is worth and what its samples are like, under the names that rows keep. */
export interface Judged {
  /** J on fresh points, and its standard error. */
  readonly loss: number;
  readonly "loss-error": number;
  /** The truth's Fisher information on the same points: J is at least about minus it. */
  readonly fisher: number;
  /** -log p on fresh points, its standard error, and the truth's own on the same points. */
  readonly nll: number;
  readonly "nll-error": number;
  readonly entropy: number;
  /** -log p on the centres: far below `nll` for a model that memorises. */
  readonly "nll-centres": number;
  /** Share of samples three times as near to their nearest centre as to the next, and χ² per degree of the centres' hits. */
  readonly "copy-fraction": number;
  readonly hits: number;
  /** Median distance of samples to their nearest centre over that of fresh points. */
  readonly "neighbour-ratio": number;
  readonly "energy-distance": number;
  /** Root mean square distance of samples to the noise-free curve. */
  readonly rms: number;
}

/** Options of `judge`. */
export interface JudgeOptions {
  readonly key: Key;
  /** Fresh points for J and the Fisher information. */
  readonly numFresh: number;
  /** The first of them, for likelihoods (default 10,000, or all where there are fewer). */
  readonly numTest?: number;
}

const SAMPLES = 10_000;
/** The energy distance takes all pairs. */
const PAIRED = 2_000;

/**
 * Judge a kernel model by fresh points of the law that it has learned, and by 10,000 samples of its own.
 *
 * @throws ArgumentError for a model of another dimension than the toy's, or fewer than two points
 */
export async function judge(model: KernelModel, toy: CurveTarget, options: JudgeOptions): Promise<Judged> {
  checkKeys("options", options, ["key", "numFresh", "numTest"]);
  const { dim } = toy;
  if (model.dim !== dim) throw new ArgumentError("model.dim", model.dim, `the toy's dim, ${dim}`);
  const numFresh = checkInteger("numFresh", options.numFresh, { min: 2 });
  const numTest = checkInteger("numTest", options.numTest ?? Math.min(10_000, numFresh), {
    min: 2,
    max: numFresh,
  });
  const [freshKey, sampleKey] = split(options.key, 2);
  const fresh = toy.sample(freshKey, numFresh);
  const test = fresh.subarray(0, numTest * dim);
  const samples = model.sample(sampleKey, SAMPLES);
  const here = await model.evaluate(fresh);
  const loss = average(here.loss);
  const nll = negativeLogLikelihood(here.logDensity.subarray(0, numTest));
  const copies = await memorisation(samples, model.centres, dim);
  const few = (of: Float64Array): Float64Array => of.slice(0, PAIRED * dim);
  return {
    loss: loss.value,
    "loss-error": loss.standardError,
    fisher: fisherInformation(toy.score(fresh), dim).value,
    nll: nll.value,
    "nll-error": nll.standardError,
    entropy: negativeLogLikelihood(toy.logDensity(test)).value,
    "nll-centres": negativeLogLikelihood(await model.logDensity(model.centres)).value,
    "copy-fraction": copies.copyFraction,
    hits: copies.hitsPerDegree,
    "neighbour-ratio": await neighbourRatio(samples, test, model.centres, dim),
    "energy-distance": await energyDistance(few(samples), few(test), dim),
    rms: distanceToCurve(samples, toy.curve, { dim }).rms,
  };
}
