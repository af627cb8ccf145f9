/** Implicit score matching: a net learns a score from its own divergence. */
export { fit, type ImplicitOptions } from "./fit.js";
export { implicitLoss, type LevelWeight } from "./loss.js";
export { DivergenceError } from "../neural/guard.js";
export type { LearnedScore } from "../neural/learn.js";
export { version } from "../neural/version.js";
