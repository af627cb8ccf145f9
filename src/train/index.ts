/** Training: optimisers, averages, data-parallel steps, the loop, checkpoints. */
export { adam, adamw, type AdamOptions, type AdamwOptions, type MomentOptions } from "./adam.js";
export { clipByGlobalNorm, globalNorm } from "./clip.js";
export { ema, powerDecay, type DecaySchedule, type Ema, type EmaOptions } from "./ema.js";
export type { GroupOptions, Optimiser, OptimiserState, RateGroup } from "./optimiser.js";
export {
  exponential,
  steps,
  warmupCosine,
  type ExponentialOptions,
  type LearningRate,
  type Schedule,
  type StepsOptions,
  type WarmupCosineOptions,
} from "./schedule.js";
export { sgd, type SgdOptions } from "./sgd.js";
