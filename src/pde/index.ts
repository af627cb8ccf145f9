/** Solvers of partial differential equations. */
export {
  navierStokes,
  UnstableStepError,
  type AdvanceOptions,
  type NavierStokes,
  type NavierStokesOptions,
  type NavierStokesState,
} from "./spectral/navier-stokes.js";
export type { UnstableField } from "./spectral/navier-stokes-task.js";
export { derivativeFlatness, type Flatness } from "./spectral/derivative-flatness.js";
export {
  coherentSpectrum,
  flowBudget,
  flowSpectra,
  type FlowBudget,
  type FlowBudgetOptions,
  type FlowGrid,
  type FlowSpectra,
} from "./spectral/flow-statistics.js";
