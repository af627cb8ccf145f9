// Runs in a pool thread.
import type { BasisState } from "./basis.js";
import { meanField, type MeanFieldOptions } from "./mean-field.js";

export function meanFieldState(args: { data: Float64Array; options: MeanFieldOptions }): BasisState {
  return meanField(args.data, args.options).state;
}
