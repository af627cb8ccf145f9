/** Samplers: Langevin chains, and diffusions run backwards. */
export {
  runChains,
  type ChainKernel,
  type ChainState,
  type LangevinTarget,
  type Run,
  type RunOptions,
} from "./chain.js";
export { DivergenceError } from "./divergence.js";
export { ula, type LangevinOptions, type UlaInfo } from "./langevin.js";
export { mala, type MalaInfo, type MalaState } from "./mala.js";
export { annealedLangevin, type AnnealedOptions } from "./annealed-langevin.js";
export { diagonalPreconditioner, matrixPreconditioner, type Preconditioner } from "./preconditioner.js";
export {
  sampleFlow,
  sampleReverseSde,
  type DiffusionOptions,
  type FlowOptions,
  type ReverseSdeOptions,
} from "./diffusion.js";
export { samplePredictorCorrector, type PredictorCorrectorOptions } from "./predictor-corrector.js";
export {
  differences,
  flowLogLikelihood,
  hutchinson,
  type FlowLikelihoodOptions,
  type HutchinsonOptions,
  type TimeDivergence,
} from "./flow-likelihood.js";
export {
  guidedScore,
  sampleReplacement,
  type LinearObservation,
  type ReplacementOptions,
} from "./conditional.js";
export * as path from "./path/index.js";
export { fieldLangevin, type FieldLangevinOptions } from "./field-langevin.js";
export { fieldFlow, type FieldFlowOptions } from "./field-flow.js";
export { fieldMixtureLangevin } from "./field-mixture.js";
export {
  ancestral,
  ancestralStep,
  type AncestralOptions,
  type AncestralStep,
  type NoisePrediction,
} from "./ancestral.js";
export * as smc from "./smc/index.js";
