import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** A potential on the line, with the formula that it stands for. */
export interface Potential {
  /** V(x) */
  value(x: number): number;
  /** V'(x) */
  derivative(x: number): number;
  /** V as plain text, such as "(1 - x^2)^2". */
  readonly text: string;
  /** V as TeX, where it is known. */
  readonly tex?: string;
  /** V and V' entry by entry in tensor operations, where they are known. */
  readonly ops?: { readonly value: (x: Tensor) => Tensor; readonly derivative: (x: Tensor) => Tensor };
}

/** One potential for each coordinate, from such a list or from one that `dim` coordinates share. @throws ArgumentError */
export function listPotentials(
  given: Potential | readonly Potential[],
  dim: number | undefined,
): readonly Potential[] {
  const many = Array.isArray(given);
  const list = many ? (given as readonly Potential[]) : [given as Potential];
  if (dim !== undefined) checkInteger("dim", dim, { min: 1 });
  if (list.length === 0) throw new ArgumentError("potentials", given, "at least one potential");
  if (many && dim !== undefined && dim !== list.length) {
    throw new ArgumentError("dim", dim, `the number of potentials, ${list.length}`);
  }
  for (const potential of list) {
    if (typeof potential?.value !== "function" || typeof potential.derivative !== "function") {
      throw new ArgumentError("potentials", potential, "potentials with value(x) and derivative(x)");
    }
  }
  return many ? list : Array.from({ length: dim ?? 1 }, () => list[0]);
}
