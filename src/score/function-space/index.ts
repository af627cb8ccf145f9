/** Scores of fields: denoising in function space, and what is known of it exactly. */
export { noiseLevels, type NoiseLevelsOptions } from "./noise-levels.js";
export { langevinVariance, type LangevinPlan } from "./langevin-law.js";
export { regularityGap, regularitySum, type RegularityGap } from "./regularity.js";
export { noisedDistance } from "./noised-distance.js";
export { separation } from "./separation.js";
export { heatSmoothing } from "./smoothing.js";
export { gaussianClosure, gaussianResidual, type GaussianClosure } from "./gaussian-closure.js";
export type { Residual } from "./residual.js";
export {
  gaussianPosterior,
  guidedResidual,
  type FieldObservation,
  type FieldPosterior,
} from "./guided-residual.js";
export {
  blurredProcess,
  type BlurredMarginal,
  type BlurredProcess,
  type BlurredProcessOptions,
} from "./blurred-process.js";
export {
  calibrate,
  calibrated,
  type CalibratedGrid,
  type CalibrateOptions,
  type Calibration,
} from "./calibrate.js";
export { continuedSpectrum, modeSpectrum, type ModeSpectrum } from "./mode-spectrum.js";
export { fit, modelOf, modelWith, type FieldFitOptions, type LearnedFields } from "./fit.js";
export { fieldLoss, learnedResidual, type FieldModel, type FieldNorm, type LossParts } from "./field-net.js";
export { blurredPrediction, type BlurredModel, type BlurredPrediction } from "./blurred-net.js";
export {
  blurredModel,
  fitBlurred,
  type BlurredFitOptions,
  type BlurredModelOptions,
  type LearnedBlurred,
} from "./fit-blurred.js";
