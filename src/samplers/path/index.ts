/** Sampling by controlled paths: schemes, controls, losses, training. */
export { dds, ddsEuler, type DdsOptions } from "./schemes/dds.js";
export { dis, type DisOptions } from "./schemes/dis.js";
export { disX } from "./schemes/dis-x.js";
export { pis, type PisOptions } from "./schemes/pis.js";
export type { Scheme, Start, StepTable, TimeTable } from "./schemes/scheme.js";
export { simulate, type Paths, type ScoreControl, type SimulateOptions } from "./simulate.js";
export { fit, type PathFitInfo, type PathFitOptions, type PathLoss } from "./fit.js";
export type { LostPath } from "./lost.js";
export { trainAndJudge, type Judged, type JudgeOptions } from "./train-and-judge.js";
export {
  phasesOf,
  publishedRecipe,
  quickRecipe,
  type GridPhase,
  type PublishedRecipeOptions,
  type QuickOptions,
  type Recipe,
} from "./recipes.js";
export {
  modelOf,
  pathSampler,
  schemeOf,
  type DrawOptions,
  type Evaluation,
  type ModelOptions,
  type PathMethod,
  type PathSampler,
} from "./sampler.js";
export { simulatePaths, type SimulationOptions } from "./simulation.js";
export type { CompilableTarget, PathModel } from "./model.js";
export { bridge, type BridgeOptions } from "./bridge.js";
export { controlled } from "./controlled.js";
export { publishedControl, type PublishedOptions } from "./control/published.js";
export { tamedControl, type TamedOptions, type TamedPart } from "./control/tamed.js";
export type { Control } from "./control/control.js";
export { logVarianceStep, type PathLossOptions } from "./losses/log-variance.js";
export { kullbackLeiblerStep, type KullbackLeiblerOptions } from "./losses/kullback-leibler.js";
export { oracle, type OracleMethod, type OracleOptions, type OracleResult } from "./oracle/oracle.js";
export { optimalControl } from "./oracle/control.js";
export { summarise, type PathSummary } from "./summary.js";
export { drawTrajectories, type Trajectories, type TrajectoryOptions } from "./trajectories.js";
export { version } from "./version.js";
