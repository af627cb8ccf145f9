/** Training: optimisers, averages, data-parallel steps, the loop, checkpoints. */
export { adam, adamw, type AdamOptions, type AdamwOptions, type MomentOptions } from "./adam.js";
export type { CheckpointOptions } from "./checkpoint.js";
export { clipByGlobalNorm, globalNorm } from "./clip.js";
export type { Best, EarlyStopOptions } from "./early-stop.js";
export { ema, powerDecay, type DecaySchedule, type Ema, type EmaOptions } from "./ema.js";
export { fit, type FitInfo, type FitResult, type FitStatus } from "./fit.js";
export type { EvaluateOptions, FitOptions, LossOrProgram, Snapshot } from "./fit-options.js";
export type { Evaluation, History } from "./history.js";
export type { GroupOptions, Optimiser, OptimiserState, RateGroup } from "./optimiser.js";
export type { FitProgress } from "./pace.js";
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
export type { FitState } from "./state.js";
export { inPhases, type Phase, type StepContext, type StepProgram, type StepResult } from "./step.js";
export {
  normals,
  perStep,
  rows,
  uniforms,
  values,
  type BatchOptions,
  type Fill,
  type FilledSource,
  type NoiseSource,
  type RowsSource,
  type Source,
} from "./batch.js";
export { lossProgram, type Loss, type LossOptions } from "./loss-program.js";
export type { BufferSpec, BufferType, CallSpec, Draw, NoiseDraw, RowsDraw, ShardSpec } from "./shard/spec.js";
export { team, type Team, type TeamOptions } from "./shard/team.js";
