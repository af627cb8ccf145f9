/** Forward processes, their time reversal and probability flow, and integrators. */
export type { Potential } from "./potential.js";
export { density1d, type Density1d } from "./density-1d.js";
export { gibbsDensity, type GibbsDensity } from "./gibbs.js";
export type { Process, SimulateOptions, Transition } from "./process.js";
export type { PerCoordinate } from "./coordinates.js";
export {
  ornsteinUhlenbeck,
  type OrnsteinUhlenbeck,
  type OrnsteinUhlenbeckOptions,
} from "./ornstein-uhlenbeck.js";
export {
  periodicBrownian,
  type PeriodicBrownian,
  type PeriodicBrownianOptions,
} from "./periodic-brownian.js";
export {
  overdampedLangevin,
  type OverdampedLangevin,
  type OverdampedLangevinOptions,
} from "./overdamped-langevin.js";
export { backwards, logUniformGrid, quadraticGrid, uniformGrid } from "./grids.js";
export { clip, forwardSde, probabilityFlow, reverseSde, type System, type TimeScore } from "./system.js";
export { integrate, type IntegrateOptions, type StepEvent } from "./integrate.js";
export { keyedNoise, type NoiseSource } from "./noise.js";
export type { Method, Step } from "./method.js";
export { eulerMaruyama } from "./euler-maruyama.js";
export { stochasticHeun } from "./stochastic-heun.js";
export { adamsBashforth } from "./adams-bashforth.js";
export { dormandPrince, type DormandPrinceOptions, type DormandPrinceResult } from "./dormand-prince.js";
export { schemeMoments, type Moments } from "./scheme-moments.js";
export { diffusedLaw, type DiffusedLaw } from "./diffused-law.js";
export { gaussianScore } from "./gaussian-score.js";
export {
  diffusionFlow,
  meanReverting,
  reverseDiffusion,
  varianceExploding,
  variancePreserving,
  type LinearDiffusion,
  type MeanRevertingOptions,
  type VarianceExplodingOptions,
  type VariancePreservingOptions,
} from "./linear-diffusion.js";
