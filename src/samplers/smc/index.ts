/** Sequential Monte Carlo over annealed densities: a baseline in which nothing is trained. */
export { annealed, type AnnealedSmcOptions, type AnnealedSmcResult } from "./annealed-smc.js";
export { hmcMove, type HmcMove, type HmcOptions, type Landscape } from "./hmc.js";
export { systematic } from "./resample.js";
