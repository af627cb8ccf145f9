import { ArgumentError } from "../core/errors.js";
import { sha256 } from "./checked.js";
import { bytesOf, isNumberArray } from "./typed-arrays.js";

/**
 * One text for equal values: names in alphabetical order, no spaces, members that are undefined left out, -0 as 0.
 *
 * Arrays of numbers stand for themselves by type, length and SHA-256, so that data can be a part of a cache's key.
 *
 * @throws ArgumentError that names what JSON cannot hold: NaN, infinities, functions, class instances
 */
export function canonicalJson(value: unknown, argument: string = "value"): string {
  if (isNumberArray(value)) {
    const checksum = sha256(bytesOf(value));
    return `{"array":"${value.constructor.name}","length":${value.length},"sha256":"${checksum}"}`;
  }
  if (Array.isArray(value)) {
    return `[${value.map((entry, i) => canonicalJson(entry, `${argument}[${i}]`)).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) return canonicalRecord(value, argument);
  const plain = value === null || ["string", "boolean"].includes(typeof value);
  if (!plain && !(typeof value === "number" && Number.isFinite(value))) {
    throw new ArgumentError(
      argument,
      value,
      "a finite number, a text, true, false, null, a list or a record",
    );
  }
  return JSON.stringify(value);
}

function canonicalRecord(value: object, argument: string): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ArgumentError(argument, value, "a plain object, an array of numbers or a list");
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member, `${argument}.${name}`)}`);
  return `{${members.join(",")}}`;
}
