/**
 * Pure functions from samples and weights to numbers.
 *
 * NaN policy: samples that are not finite are refused by name, never averaged over or dropped; a summary of repetitions with a
 * NaN among them is NaN.
 */
export { bootstrapInterval, type BootstrapOptions } from "./bootstrap.js";
export { energyDistance } from "./energy-distance.js";
export { coordinate, histogram, type Histogram, type HistogramOptions } from "./histogram.js";
export { effectiveSampleSize, evidenceLowerBound, logMeanExp, normalisedWeights } from "./importance.js";
export { kernelDensity, type KernelDensityOptions } from "./kernel-density.js";
export { kolmogorovSmirnov } from "./kolmogorov-smirnov.js";
export { marginalL1, marginalL1Floor } from "./marginal-l1.js";
export { relativeL2 } from "./relative-l2.js";
export { secondMoment, secondMomentError, secondMomentFloor } from "./second-moment.js";
export { slicedWasserstein, type SlicedWassersteinOptions } from "./sliced-wasserstein.js";
export { summary, type Summary } from "./summary.js";
export { twoPoint, type TwoPointOptions } from "./two-point.js";
export { average, fisherInformation, negativeLogLikelihood, type Estimate } from "./likelihood.js";
export { distanceToCurve, tangentAngles, type CurveDistance } from "./manifold.js";
export { median } from "./median.js";
export { memorisation, neighbourRatio, type Memorisation, type MemorisationOptions } from "./memorisation.js";
export { maximumMeanDiscrepancy, type MmdOptions } from "./mmd.js";
export { sinkhornDivergence, type SinkhornDivergence } from "./sinkhorn-divergence.js";
export { convergedSinkhorn, tableSinkhorn, type ConvergedSinkhorn } from "./sinkhorn-value.js";
export { standardDeviations, stdError } from "./standard-deviations.js";
export { modeWeights, signPatternWeights } from "./mode-weights.js";
export {
  controlledMean,
  fieldEnergies,
  meanEstimate,
  positiveShare,
  type MeanEstimate,
} from "./field-energy.js";
export { wasserstein1 } from "./wasserstein-1.js";
export { coverage } from "./coverage.js";
export {
  confidence,
  fitClassifier,
  type Classifier,
  type ClassifierOptions,
  type Confidence,
} from "./classifier.js";
export {
  fitShapeJudge,
  judgeShapes,
  shapeRecord,
  type JudgedShapes,
  type ShapeJudgeOptions,
  type ShapeRecord,
} from "./shape-judge.js";
export { shellEnergies, type ShellEnergyOptions } from "./shell-energies.js";
export { shapeStatistics, type ShapeStatistics } from "./shapes.js";
