import { checkInteger, checkKeys } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { atOnce, type RunPart } from "../../core/parts.js";
import type { Progress } from "../../core/progress.js";
import type { Key } from "../../random/index.js";
import { fit, modelPart, type PathFitInfo, type PathFitOptions } from "./fit.js";
import type { CompilableTarget } from "./model.js";
import { pathSampler, type Evaluation, type PathSampler } from "./sampler.js";

/** How a trained sampler is judged. */
export interface JudgeOptions {
  /** Time steps and paths of an evaluation. */
  readonly numSteps: number;
  readonly numPaths: number;
  /** One evaluation a key. */
  readonly keys: readonly Key[];
  /** Runs "train" and "evaluate 1", "evaluate 2", …; default at once. */
  readonly part?: RunPart;
  /** Of evaluations; training has its own. */
  readonly onProgress?: Progress;
}

/** A trained sampler and what it is worth. */
export interface Judged {
  readonly sampler: PathSampler;
  readonly info: Pick<PathFitInfo, "seconds" | "skipped" | "lostPaths">;
  readonly evaluations: readonly Evaluation[];
}

/** Training steps from checkpoint to checkpoint. */
const EVERY = 100;

/**
 * Train a sampler and judge it by independent batches of paths, part by part: what was interrupted goes on from its last part, inside
 * of training from its last checkpoint, to the same bits.
 * @throws ArgumentError
 */
export async function trainAndJudge(
  target: CompilableTarget,
  options: Omit<PathFitOptions, "checkpoint">,
  judge: JudgeOptions,
): Promise<Judged> {
  checkKeys("judge", judge, ["numSteps", "numPaths", "keys", "part", "onProgress"]);
  const { numSteps, numPaths, keys, part = atOnce, onProgress } = judge;
  checkInteger("judge.numSteps", numSteps, { min: 1 });
  checkInteger("judge.numPaths", numPaths, { min: 2 });
  if (keys.length === 0) throw new ArgumentError("judge.keys", keys, "a key for each evaluation");
  const { params, ...info } = await part("train", async (folder) => {
    const checkpoint = folder === undefined ? undefined : { folder, every: EVERY };
    const { params, info } = await fit(target, { ...options, checkpoint });
    return { params, seconds: info.seconds, skipped: info.skipped, lostPaths: info.lostPaths };
  });
  const sampler = pathSampler(target, { ...modelPart(options), numSteps }, params);
  const evaluations: Evaluation[] = [];
  for (const [i, key] of keys.entries()) {
    const how = { numPaths, key, onProgress, signal: options.signal };
    evaluations.push(await part(`evaluate ${i + 1}`, () => sampler.evaluate(how)));
  }
  return { sampler, info, evaluations };
}
