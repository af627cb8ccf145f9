import { nearest } from "./nearest.js";

/** An argument that a function refuses: the message names it, what was given and what is expected. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
  readonly argument: string;

  constructor(argument: string, given: unknown, expected: string) {
    super(`${argument}: expected ${expected}, got ${describe(given)}`);
    this.argument = argument;
  }
}

/** A short text for a value in an error message; long arrays and objects are summarised. */
export function describe(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Float64Array).length})`;
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null)
    return `an object with keys {${Object.keys(value).join(", ")}}`;
  return String(value);
}

/** Refuse an option or flag that does not exist, with the nearest one that does. */
export function unknownName(argument: string, given: string, known: readonly string[]): ArgumentError {
  const hint = nearest(given, known);
  const list = known.length > 12 ? `${known.slice(0, 12).join(", ")}, ...` : known.join(", ");
  return new ArgumentError(
    argument,
    given,
    `one of ${list}${hint === undefined ? "" : ` (did you mean "${hint}"?)`}`,
  );
}
