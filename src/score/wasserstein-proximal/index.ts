/** Kernel models with learned local precisions: the Wasserstein proximal operator's own family of scores. */
export type { Evaluated } from "./evaluate-task.js";
export { kernelModel, type EvaluateOptions, type KernelModel } from "./kernel-model.js";
export type { SampleOptions } from "./sample.js";
export { train, type Training } from "./train.js";
export { fromWeights, type Trained, type TrainedOptions } from "./trained.js";
export { judge, type Judged, type JudgeOptions } from "./judge.js";
export { localAxes, wayLength, type LocalAxes, type WayLength } from "./local-geometry.js";
export {
  learnToy,
  restoreToy,
  type ToyFound,
  type ToyOptions,
  type ToyRun,
  type ToySettings,
} from "./toy.js";
export { trainInParts, type BestOfParts, type PartsOptions } from "./train-in-parts.js";
export { version } from "./version.js";
export type { TrainOptions } from "./train-options.js";
export { DivergenceError, type TrainingState } from "./training-state.js";
