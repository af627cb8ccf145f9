/** Scores from eigenfunctions of the noising process: linear systems instead of optimisation. */
export { hermite, type HermiteOptions, type HermiteState } from "./hermite.js";
export { fourier, type FourierOptions, type FourierState } from "./fourier.js";
export { potentialBasis, type PotentialBasisOptions } from "./potential-basis.js";
export type { PotentialBasisState } from "./potential-state.js";
export type { UniformTable } from "./uniform-table.js";
export { meanField, type MeanFieldOptions } from "./mean-field.js";
export { maximumEntropy, type MaximumEntropy, type MaximumEntropyOptions } from "./max-entropy.js";
export { restoreBasis } from "./restore.js";
export type { BasisState, Dictionary, ScoreForm, SiteFunctions, SpectralBasis1d } from "./basis.js";
export { allPairs, local, oneBody, window, type Clusters } from "./clusters.js";
export type { BasisName } from "./build-bases.js";
export { fit, type FitOptions } from "./fit.js";
export {
  spectralScore,
  type FitInfo,
  type GenerateOptions,
  type SpectralScore,
  type SpectralScoreState,
  type Trajectories,
  type TrajectoryOptions,
} from "./spectral-score.js";
export { perturbation, type Perturbation, type PerturbationOptions } from "./perturbation.js";
export type { FitCost } from "./cost.js";
export type { Integrator } from "./integrators.js";
export type { FieldState } from "./generate-task.js";
export type { Levels } from "./levels.js";
export type { ProblemState } from "./problem.js";
export type { SampleBox } from "./sample-box.js";
export { perturbative, type PerturbativeOptions } from "./perturbative.js";
export { version } from "./version.js";
