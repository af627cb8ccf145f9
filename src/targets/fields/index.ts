/** Gaussian fields and their mixtures, diagonal in a basis of waves. */
export {
  checkTraceClass,
  gaussianKernelCovariance,
  neumannCovariance,
  NotTraceClassError,
  periodicCovariance,
  traceOf,
  whiteCovariance,
  type FieldCovariance,
  type GaussianKernelOptions,
  type NeumannCovarianceOptions,
  type PeriodicCovarianceOptions,
  type WhiteCovarianceOptions,
} from "./covariance.js";
export { drawModes, fieldsOf, gridOf, reached } from "./coupled-draws.js";
export { fieldMixture, type FieldComponent, type GridMixture } from "./field-mixture.js";
export { mixtureResidual, type MixtureModes } from "./mixture-residual.js";
