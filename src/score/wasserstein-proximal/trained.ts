import { checkInteger, checkKeys, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { kernelModel, type KernelModel } from "./kernel-model.js";
import { network } from "./network.js";
import { precisionField } from "./precision-field.js";
import { triangleSize } from "./precision.js";

/** What training has learned: the precisions as a field, and the model with it at its centres. */
export interface Trained {
  readonly model: KernelModel;
  /** The learned precisions at any points: n·d numbers in, n·d² out. @throws ArgumentError */
  precisionAt(points: Float64Array): Promise<Float64Array>;
  /** The model with other points as its centres, such as fresh data. @throws ArgumentError */
  withCentres(centres: Float64Array): Promise<KernelModel>;
}

/** Options of `fromWeights`: those of the training that made the weights. */
export interface TrainedOptions {
  readonly dim: number;
  /** Z, N·d numbers */
  readonly centres: Float64Array;
  readonly epsilon: number;
  readonly hidden: readonly number[];
}

/**
 * A trained model from its network's weights, such as those kept in a file: Γ_i = L_i L_iᵀ + ε I with L_i the network's value at Z_i.
 *
 * @param weights the state's `weights`, in double or single precision: the network itself runs in single
 * @throws ArgumentError
 */
export async function fromWeights(
  weights: Float64Array | Float32Array,
  options: TrainedOptions,
): Promise<Trained> {
  checkKeys("options", options, ["dim", "centres", "epsilon", "hidden"]);
  const { dim, centres, epsilon, hidden } = options;
  checkInteger("dim", dim, { min: 1 });
  checkPositive("epsilon", epsilon);
  hidden.forEach((width, l) => checkInteger(`hidden[${l}]`, width, { min: 1 }));
  const net = network([dim, ...hidden, triangleSize(dim)]);
  if (weights.length !== net.size) throw new ArgumentError("weights", weights, `${net.size} numbers`);
  const precisionAt = precisionField(net, Float64Array.from(weights), dim, epsilon);
  const withCentres = async (points: Float64Array): Promise<KernelModel> =>
    kernelModel(dim, points, await precisionAt(points));
  return { model: await withCentres(centres), precisionAt, withCentres };
}
