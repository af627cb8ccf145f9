import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** One number for all coordinates, or one for each. */
export type PerCoordinate = number | ArrayLike<number>;

/** The number of coordinates that options speak of: `dim`, or the common length of the lists. @throws ArgumentError */
export function countCoordinates(
  dim: number | undefined,
  lists: Readonly<Record<string, PerCoordinate>>,
): number {
  let count = dim === undefined ? undefined : checkInteger("dim", dim, { min: 1 });
  for (const [name, value] of Object.entries(lists)) {
    if (typeof value === "number") continue;
    if (value.length === 0) throw new ArgumentError(name, value, "a number, or one for each coordinate");
    count ??= value.length;
    if (value.length !== count)
      throw new ArgumentError(name, value, `one number for each of ${count} coordinates`);
  }
  return count ?? 1;
}

/** The numbers of all coordinates, each passed through a check. */
export function spread(
  name: string,
  value: PerCoordinate,
  dim: number,
  check: (argument: string, value: number) => number,
): Float64Array {
  if (typeof value === "number") return new Float64Array(dim).fill(check(name, value));
  return Float64Array.from(value, (entry, i) => check(`${name}[${i}]`, entry));
}
