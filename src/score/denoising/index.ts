/** Denoising score matching: a net learns the score of noised data. */
export { fit, type DenoisingOptions } from "./fit.js";
export { fitInParts, type FitInPartsOptions } from "./fit-in-parts.js";
export { loss, type LossEstimate, type LossOptions } from "./loss.js";
export { DivergenceError } from "../neural/guard.js";
export type { LearnedScore } from "../neural/learn.js";
export type { TimeLaw, TimesOptions } from "../neural/noise-levels.js";
export { scoreNet, type ScoreForm, type ScoreNet, type ScoreNetOptions } from "../neural/score-net.js";
export { version } from "../neural/version.js";
