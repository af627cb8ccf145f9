/** The regularised Wasserstein proximal operator in its closed forms, and entropic optimal transport. */
export { attention, type Attention, type AttentionOptions } from "./attention.js";
export { squaredNorms } from "./squared-norms.js";
export { axisPoints, integrateOnGrid, type Axis } from "./grid.js";
export { heat } from "./heat.js";
export { proximalOnGrid, type ProximalFlow, type ProximalOptions } from "./proximal-grid.js";
export { proximalOfGaussian, type Gaussian, type GaussianProximalOptions } from "./proximal-gaussian.js";
export {
  proximalOfParticles,
  type BatchPotential,
  type ParticleOptions,
  type ParticleProximal,
} from "./proximal-particles.js";
export { sinkhorn, type SinkhornOptions, type Transport } from "./sinkhorn.js";
export { euclideanPlan, type EuclideanPlan, type EuclideanPlanOptions } from "./euclidean-plan.js";
