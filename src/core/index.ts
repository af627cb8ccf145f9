/** Argument checks and errors, trees of arrays, progress. */
export {
  checkDecreasing,
  checkFinite,
  checkInteger,
  checkKeys,
  checkLinearObservation,
  checkNumber,
  checkOneOf,
  checkPoints,
  checkPositive,
  type Bounds,
} from "./checks.js";
export { ArgumentError, describe, unknownName } from "./errors.js";
export { cellSignal } from "./interrupt.js";
export { editDistance, nearest } from "./nearest.js";
export { atOnce, stepsInParts, type RunPart, type StepParts } from "./parts.js";
export { matchesPattern } from "./pattern.js";
export type { Progress, ProgressEvent } from "./progress.js";
export { flatten, sameTree, unflatten, type FlatTree, type TreeShape } from "./tree.js";
