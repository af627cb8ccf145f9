// Runs in a pool thread.
import type { Key } from "../random/index.js";
import type { functionSpace } from "../score/index.js";
import { mixtureResidual, type FieldCovariance, type MixtureModes } from "../targets/fields/index.js";
import { fieldLangevin } from "./field-langevin.js";

/** A stretch of samples of a mixture whose residual is known. */
export interface FieldMixtureTask {
  readonly mixture: MixtureModes;
  readonly noise: Omit<FieldCovariance, "eigenvalues">;
  readonly eigenvalues: Float64Array;
  readonly size: number;
  readonly numSamples: number;
  readonly plan: functionSpace.LangevinPlan;
  readonly key: Key;
}

export function sampleStretch(task: FieldMixtureTask): Promise<Float64Array> {
  const { mixture, noise, eigenvalues, size, numSamples, plan, key } = task;
  return fieldLangevin((sigma, w) => mixtureResidual(mixture, w, sigma, eigenvalues), key, {
    ...plan,
    noise: { ...noise, eigenvalues: () => eigenvalues },
    size,
    numSamples,
    allowWhite: true,
  });
}
