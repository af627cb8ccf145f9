import { checkDecreasing, checkInteger, checkPositive } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";

/** Options of `noiseLevels`. */
export interface NoiseLevelsOptions {
  /** σ_1, a standard deviation; default 1. */
  readonly first?: number;
  /** σ_L; default 0.01. */
  readonly last?: number;
  /** L; default 10. */
  readonly count?: number;
}

/** The standard deviations σ_l = σ_1 (σ_L/σ_1)^{(l-1)/(L-1)} from much noise to little. @throws ArgumentError */
export function noiseLevels({ first = 1, last = 0.01, count = 10 }: NoiseLevelsOptions = {}): Float64Array {
  checkPositive("first", first);
  checkPositive("last", last);
  checkInteger("count", count, { min: 2 });
  if (last >= first) throw new ArgumentError("last", last, `less than the first level, ${first}`);
  return Float64Array.from({ length: count }, (_, l) => first * (last / first) ** (l / (count - 1)));
}

/** Levels of noise that fall, as an array of its own. @throws ArgumentError */
export function checkLevels(levels: ArrayLike<number>): Float64Array {
  return checkDecreasing("levels", levels, checkPositive);
}
