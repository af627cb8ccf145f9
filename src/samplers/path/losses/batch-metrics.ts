import { effectiveSampleSize, logMeanExp } from "../../../metrics/index.js";

/** What a training step shows of its batch: reweighted log Z and the normalised effective sample size; none without finite paths. */
export function batchMetrics(rnd: Float32Array): Record<string, number> {
  const logWeights = Float64Array.from(rnd, (value) => -value).filter(Number.isFinite);
  if (logWeights.length === 0) return {};
  return { "log Z": logMeanExp(logWeights), ESS: effectiveSampleSize(logWeights) };
}
