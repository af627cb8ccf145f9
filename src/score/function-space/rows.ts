import { checkInteger } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";

/** Rows of `dim` coefficients. @throws ArgumentError @returns how many */
export function checkRows(argument: string, modes: Float64Array, dim: number): number {
  checkInteger("dim", dim, { min: 1 });
  if (modes.length === 0 || modes.length % dim !== 0) {
    throw new ArgumentError(argument, modes, `a positive multiple of ${dim} numbers`);
  }
  return modes.length / dim;
}
