import { checkInteger, checkKeys, checkOneOf } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { normals, rows } from "../../train/index.js";
import { learn, LEARN_OPTIONS, prepare, type LearnedScore, type LearnOptions } from "../neural/learn.js";
import { implicitLoss, type LevelWeight } from "./loss.js";

/** Options of `fit`. The form is "plain" unless it is given. */
export interface ImplicitOptions extends LearnOptions {
  /** "exact": d derivatives a step; "hutchinson": an unbiased estimate along random signs. Default "exact". */
  readonly divergence?: "exact" | "hutchinson";
  /** Random directions of Hutchinson's estimate; default 1. */
  readonly probes?: number;
  /** w(t): "variance", v, or "none", 1. Default "variance". */
  readonly weight?: LevelWeight;
}

/**
 * Learn the score of noised data without ever naming it: with X_t = m X_0 + √v ξ of a linear diffusion,
 *
 *   J(θ) = E_{t, X_t} w(t) [ ½ |s_θ|² + div s_θ ],   least at s = ∇ log p_t, where it is -½ E w(t) |∇ log p_t|²
 *
 * The excess over the least value is ½ E w(t) |s_θ - ∇ log p_t|².
 * Sources: A. Hyvärinen 2005, equation 4; Y. Song et al. 2019, section 3 (random directions).
 *
 * @param data n·dim numbers
 * @throws ArgumentError for NaN, ragged data or a net of other widths; DivergenceError where a run diverges
 */
export async function fit(data: Float64Array, options: ImplicitOptions): Promise<LearnedScore> {
  const own = ["divergence", "probes", "weight"];
  checkKeys("options", options, [...LEARN_OPTIONS, ...own]);
  const { divergence = "exact", probes, weight = "variance", ...rest } = options;
  const exact = checkOneOf("divergence", divergence, ["exact", "hutchinson"]) === "exact";
  checkOneOf("weight", weight, ["variance", "none"]);
  if (exact && probes !== undefined)
    throw new ArgumentError("probes", probes, "none for an exact divergence");
  const count = checkInteger("probes", probes ?? 1, { min: 1 });
  const learning: LearnOptions = { form: "plain", ...rest };
  const net = prepare(data, learning);
  const { dim } = net;
  const inputs = {
    x: rows(data, dim),
    noise: normals(dim),
    ...(exact ? {} : { probes: normals(count, dim) }),
  };
  const name = ["implicit", divergence, count, weight];
  return learn(net, data, { name, loss: implicitLoss(net, weight), inputs }, learning);
}
