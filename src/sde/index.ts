/** Forward processes, their time reversal and probability flow, and integrators. */
export type { Potential } from "./potential.js";
export { density1d, type Density1d } from "./density-1d.js";
export { gibbsDensity, type GibbsDensity } from "./gibbs.js";
