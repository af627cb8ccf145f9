/** Densities with everything about them that is known exactly. */
export type { ExactTarget, Target, TensorOps, TensorTarget } from "./target.js";
export type { Potential, Density1d, GibbsDensity } from "../sde/index.js";
export { density1d, gibbsDensity } from "../sde/index.js";
export { quadratic, doubleWell, quartic, polynomial } from "./potentials.js";
export { parsePotential } from "./parse-potential.js";
export { gibbs, type GibbsOptions, type GibbsTarget } from "./gibbs.js";
export {
  ginzburgLandau,
  latticeChain,
  type ChainTarget,
  type GinzburgLandauOptions,
  type LatticeChainOptions,
} from "./ginzburg-landau.js";
export type { Boundary } from "./chain/lattice.js";
export {
  gaussianMixture,
  nineModes,
  type GaussianMixture,
  type GaussianMixtureOptions,
} from "./gaussian-mixture.js";
export { funnel, type Funnel, type FunnelOptions } from "./funnel.js";
export { manyWell, type ManyWell, type ManyWellOptions } from "./many-well.js";
export { custom, type CustomOptions } from "./custom.js";
export * as fields from "./fields/index.js";
