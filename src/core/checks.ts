import { ArgumentError, unknownName } from "./errors.js";

/** Bounds of a number, both included unless said otherwise by the caller's own text. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** A finite number within bounds. @throws ArgumentError */
export function checkNumber(argument: string, value: number, bounds: Bounds = {}): number {
  const { min = -Infinity, max = Infinity } = bounds;
  if (typeof value !== "number" || !Number.isFinite(value) || value < min || value > max) {
    throw new ArgumentError(argument, value, `a finite number${range(bounds)}`);
  }
  return value;
}

/** A finite number greater than zero. @throws ArgumentError */
export function checkPositive(argument: string, value: number): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
    throw new ArgumentError(argument, value, "a positive finite number");
  }
  return value;
}

/** A whole number within bounds. @throws ArgumentError */
export function checkInteger(argument: string, value: number, bounds: Bounds = {}): number {
  const { min = -Infinity, max = Infinity } = bounds;
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new ArgumentError(argument, value, `a whole number${range(bounds)}`);
  }
  return value;
}

/** One of a list of words. @throws ArgumentError with the nearest valid word */
export function checkOneOf<T extends string>(argument: string, value: string, known: readonly T[]): T {
  if (!known.includes(value as T)) throw unknownName(argument, value, known);
  return value as T;
}

/** No keys but the known ones. @throws ArgumentError with the nearest valid key */
export function checkKeys(argument: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw unknownName(`${argument}.${key}`, key, known);
}

/** Every entry finite. @throws ArgumentError that names the first entry that is not */
export function checkFinite<T extends Float64Array | Float32Array>(argument: string, values: T): T {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new ArgumentError(`${argument}[${i}]`, values[i], "a finite number");
  }
  return values;
}

/**
 * Numbers that fall, at least one of them, as an array of their own.
 * @param argument says what they are, such as "times"
 * @param checkEach refuses a number that may not stand alone; it is given the number's name
 * @throws ArgumentError that names the first number that is refused or does not fall
 */
export function checkDecreasing(
  argument: string,
  values: ArrayLike<number>,
  checkEach: (argument: string, value: number) => void,
): Float64Array {
  if (!(values?.length >= 1)) throw new ArgumentError(argument, values, "at least one number");
  return Float64Array.from(values, (value, k) => {
    checkEach(`${argument}[${k}]`, value);
    if (k > 0 && value >= values[k - 1])
      throw new ArgumentError(`${argument}[${k}]`, value, `decreasing ${argument}`);
    return value;
  });
}

/**
 * Points as one row-major Float64Array of length n·dim with n ≥ 1 and finite entries.
 * @returns n, the number of points
 * @throws ArgumentError for another type, an empty or ragged array, NaN or infinite entries
 */
export function checkPoints(argument: string, points: Float64Array, dim: number): number {
  if (!(points instanceof Float64Array))
    throw new ArgumentError(argument, points, "a Float64Array of points, row by row");
  if (points.length === 0 || points.length % dim !== 0) {
    throw new ArgumentError(argument, points, `a length that is a positive multiple of dim = ${dim}`);
  }
  checkFinite(argument, points);
  return points.length / dim;
}

/**
 * A linear observation y = A u + s η: A has as many rows of dim numbers as y has numbers, at least one; all are finite.
 * @throws ArgumentError
 */
export function checkLinearObservation(
  argument: string,
  { matrix, value, noise }: LinearObservationLike,
  { dim, minNoise }: { readonly dim: number; readonly minNoise: number },
): void {
  checkNumber(`${argument}.noise`, noise, { min: minNoise });
  if (value.length === 0) throw new ArgumentError(`${argument}.value`, value, "at least one number");
  if (matrix.length !== value.length * dim) {
    throw new ArgumentError(`${argument}.matrix`, matrix, `${value.length} rows of ${dim} numbers`);
  }
  checkFinite(`${argument}.matrix`, matrix);
  checkFinite(`${argument}.value`, value);
}

interface LinearObservationLike {
  readonly matrix: Float64Array;
  readonly value: Float64Array;
  readonly noise: number;
}

function range({ min, max }: Bounds): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? "" : ` of at most ${max}`;
}
