import { checkKeys, checkOneOf } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { foldIn, type Key } from "../../random/index.js";
import {
  adam,
  ema,
  fit as train,
  inPhases,
  type CheckpointOptions,
  type FitInfo,
  type FitProgress,
  type RateGroup,
  type StepProgram,
} from "../../train/index.js";
import { kullbackLeiblerStep } from "./losses/kullback-leibler.js";
import { logVarianceStep, type Lost } from "./losses/log-variance.js";
import { firstLost, type LostPath } from "./lost.js";
import type { CompilableTarget, PathModel } from "./model.js";
import {
  publishedRecipe,
  quickRecipe,
  type GridPhase,
  type PublishedRecipeOptions,
  type QuickOptions,
  type Recipe,
} from "./recipes.js";
import { modelOf, pathSampler, type ModelOptions, type PathSampler } from "./sampler.js";

/** What is minimised. */
export type PathLoss = "lv" | "lv-trajectory" | "kl" | "kl-ito";

/** A training run on paths. */
export interface PathFitOptions extends ModelOptions {
  readonly key: Key;
  /** Default "lv". */
  readonly loss?: PathLoss;
  /** Paths that share a first point under "lv-trajectory"; default 16. */
  readonly group?: number;
  /** Default the quick one for tamed controls, the published one for published controls. */
  readonly recipe?: QuickOptions | PublishedRecipeOptions;
  readonly checkpoint?: CheckpointOptions;
  readonly onProgress?: (event: FitProgress) => void;
  readonly signal?: AbortSignal;
  /** Parts of a batch that are computed by one thread each; default a function of the batch's size. */
  readonly shards?: number;
}

/** How training went. */
export interface PathFitInfo extends FitInfo {
  /** Paths left out of training because their RND was not finite or beyond 1e8; those of earlier calls included. */
  readonly lostPaths: number;
  /** Residuals of RND that were cut in the gradient; those of earlier calls included. */
  readonly cutResiduals: number;
  /** Training steps whose gradient was shortened; those of earlier calls included. */
  readonly shortenedGradients: number;
  /** Coordinates of first points outside of the prior's central mass, drawn again: about 1e-4 of them; those of earlier calls included. */
  readonly redrawnStarts: number;
  /** The first path lost since this call began, and where the target was not finite, if it was that. */
  readonly firstLost: LostPath | undefined;
}

/**
 * Train a sampler of `target` on paths that it draws itself: training calls the target's log density and score, nothing else.
 *
 * The log-variance loss regresses on fixed paths; the KL losses differentiate through the simulation. Time grids run from coarse to
 * fine. The result samples at any number of time steps. The same key gives the same bits, also after a kill and a resume.
 * @throws ArgumentError for unknown options, or a target without compilable log density and score
 * @example
 * const sampler = await samplers.path.fit(targets.nineModes(), { method: "dis", radius: 5, key: random.key(1) });
 * const { x, rnd } = await sampler.draw({ numPaths: 10_000, numSteps: 200, key: random.key(2) });
 */
export async function fit(
  target: CompilableTarget,
  options: PathFitOptions,
): Promise<PathSampler<PathFitInfo>> {
  const { key, loss = "lv", signal, onProgress, checkpoint } = checkFit(options);
  const modelOptions = modelPart(options);
  const recipe = recipeOf(options.control, options.recipe);
  const watch = new Watch();
  const phases = recipe.phases.map((phase) => {
    const model = modelOf(target, modelOptions, phase.numSteps);
    watch.models.push(model);
    return { numSteps: phase.updates, program: stepProgram(model, phase, recipe, options, watch) };
  });
  const program = inPhases(phases);
  const last = recipe.phases[recipe.phases.length - 1];
  try {
    const result = await train({
      program,
      params: watch.models[0].init(foldIn(key, 0)),
      key: foldIn(key, 1),
      numSteps: recipe.phases.reduce((sum, { updates }) => sum + updates, 0),
      optimiser: adam({
        learningRate: recipe.learningRate,
        l2: recipe.l2,
        groups: slowParts(options, watch.models[0]),
      }),
      clipNorm: recipe.clipNorm,
      average: ema(recipe.average),
      checkpoint: checkpoint && {
        ...checkpoint,
        tag: JSON.stringify([checkpoint.tag, loss, modelOptions, recipe.phases]),
      },
      onProgress,
      signal,
    });
    const { lostPaths = 0, cutResiduals = 0, shortenedGradients = 0, redrawnStarts = 0 } = result.info.counts;
    const counts = { lostPaths, cutResiduals, shortenedGradients, redrawnStarts };
    const info = { ...result.info, ...counts, firstLost: watch.first };
    const params = result.average ?? result.params;
    return { ...pathSampler(target, { ...modelOptions, numSteps: last.numSteps }, params), info };
  } finally {
    await program.close?.();
  }
}

/** The published bridge learns its inference net, which comes last, at a fiftieth of the rate. */
function slowParts({ method, control }: PathFitOptions, { count }: PathModel): RateGroup[] {
  return method === "bridge" && control === "published"
    ? [{ start: count / 2, end: count, scale: 0.02 }]
    : [];
}

/** Names the first of the paths that training loses. */
class Watch {
  readonly models: PathModel[] = [];
  first: LostPath | undefined;

  see(lost: Lost, model: PathModel, numPaths: number, params: Float32Array): void {
    this.first ??= firstLost(model, params, lost, numPaths);
  }
}

function stepProgram(
  model: PathModel,
  { numPaths, replay, replayBuffer }: GridPhase,
  recipe: Recipe,
  { loss = "lv", group = 16, shards }: PathFitOptions,
  watch: Watch,
): StepProgram {
  let current: Float32Array | undefined;
  const onLost = (lost: Lost): void => watch.see(lost, model, numPaths, current!);
  const common = { numPaths, clipAt: recipe.clipAt, shards, onLost };
  const isKl = loss === "kl" || loss === "kl-ito";
  if (isKl) checkOwnPaths(replay, recipe);
  const inner = isKl
    ? kullbackLeiblerStep(model, { ...common, ito: loss === "kl-ito" })
    : logVarianceStep(model, {
        ...common,
        clip: recipe.residualClip,
        drift: recipe.drift,
        replay,
        replayBuffer,
        ...(loss === "lv-trajectory" ? { group } : {}),
      });
  return {
    run(params, context) {
      current = params;
      return inner.run(params, context);
    },
    memory: inner.memory,
    close: inner.close,
  };
}

/** A KL loss is an expectation over the control's own paths. @throws ArgumentError */
function checkOwnPaths(replay: number | undefined, { drift }: Recipe): void {
  const expected = "0 with a KL loss: its paths are the control's own";
  if (replay) throw new ArgumentError("replay", replay, expected);
  if (drift !== undefined) throw new ArgumentError("exploration", drift(0), expected);
}

function recipeOf(control: ModelOptions["control"], given: PathFitOptions["recipe"]): Recipe {
  return control === "published" ? publishedRecipe(given) : quickRecipe(given);
}

const MODEL = [
  ...["method", "control", "schedule", "sigma", "horizon", "detachScore", "divergence"],
  ...["radius", "scales", "damping", "width", "depth", "base", "without"],
] as (keyof ModelOptions)[];

/** Those of the options that say what the sampler is made of. */
export function modelPart(options: Omit<PathFitOptions, "key">): ModelOptions {
  const entries = MODEL.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(entries) as ModelOptions;
}

function checkFit(options: PathFitOptions): PathFitOptions {
  const own = ["key", "loss", "group", "recipe", "checkpoint", "onProgress", "signal", "shards"];
  checkKeys("options", options, [...MODEL, ...own]);
  checkOneOf("loss", options.loss ?? "lv", ["lv", "lv-trajectory", "kl", "kl-ito"]);
  return options;
}
