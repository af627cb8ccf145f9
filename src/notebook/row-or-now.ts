import { checkKeys } from "../core/checks.js";
import { atOnce } from "../core/parts.js";
import { weights as weightsOf, type RowOptions, type RowResult, type Weights } from "./row-file.js";
import { row, type Keep, type Part } from "./row.js";

/** Options of `rowOrNow`. */
export interface RowOrNowOptions extends RowOptions {
  /** Compute here and now, as a profile does whose numbers are no row. */
  readonly now: boolean;
}

/** What a row found, and the arrays that it kept. */
export interface Found<T extends RowResult> {
  readonly result: T;
  readonly weights: Weights;
}

/**
 * What a row of the full profile holds, or the same computed at once and kept nowhere: one account of an experiment for all profiles.
 * @returns undefined for a row that has not been made
 * @throws as `row`
 */
export async function rowOrNow<T extends RowResult>(
  id: string,
  options: RowOrNowOptions,
  compute: (part: Part, keep: Keep) => Promise<T>,
): Promise<Found<T> | undefined> {
  checkKeys("options", options, ["params", "seed", "version", "data", "now"]);
  const { now, ...ofRow } = options;
  if (!now) {
    const made = await row(id, ofRow, compute);
    return made && { result: made.result, weights: made.weights === undefined ? {} : weightsOf(made) };
  }
  let weights: Weights = {};
  const result = await compute(atOnce, (learned) => (weights = learned));
  return { result, weights };
}
