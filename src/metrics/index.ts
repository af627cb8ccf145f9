/** Pure functions from samples and weights to numbers. */
export { energyDistance } from "./energy-distance.js";
export { coordinate, histogram, type Histogram, type HistogramOptions } from "./histogram.js";
export { kolmogorovSmirnov } from "./kolmogorov-smirnov.js";
export { relativeL2 } from "./relative-l2.js";
export { secondMoment, secondMomentError, secondMomentFloor } from "./second-moment.js";
export { slicedWasserstein, type SlicedWassersteinOptions } from "./sliced-wasserstein.js";
export { summary, type Summary } from "./summary.js";
